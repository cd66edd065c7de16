#pragma once
#include <hdf5.h>

#include <cstddef>
#include <vector>

namespace simulator {

// The chunk shape that h5py picks by itself for a resizable dataset (its `chunks=True`), which is what the
// correlator uses. shape: elements along each axis at creation, 0 where the dataset grows. Never empty, each
// axis at least 1.
std::vector<hsize_t> automaticChunkShape(const std::vector<hsize_t>& shape, std::size_t elementBytes);

}  // namespace simulator
