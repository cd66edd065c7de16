#pragma once
#include <cstdint>

#include "direct/cached_file.h"
#include "direct/dataset_messages.h"

namespace pointing {

// Address of chunk `chunk` (0, 1, ...) of a one-dimensional, unfiltered dataset, by its version 1 B-tree
// (HDF5 File Format Specification v3.0, III.A.1, node type 1; 32 children, superblock 0's default). The
// search is libhdf5's. declined: no such chunk, a filtered one, one of another size, or one not wholly in the
// file.
Result<std::uint64_t> findChunk(CachedFile& file, const Layout& layout, std::uint64_t chunk);

}  // namespace pointing
