#pragma once
#include <cstdint>

#include "core/byte_source.h"

namespace pointing {

// Where the superblock of an HDF5 file begins: at 0, or behind a user block at 512, 1024, 2048, ... (HDF5
// File Format Specification v3.0, II.A). Both readers ask here first, so that they agree on what is no HDF5
// file. not_hdf5: the signature is at none of these places. truncated: the file ends within its superblock,
// or before the end-of-file address there.
Result<std::uint64_t> findHdf5Start(ByteSource& file);

}  // namespace pointing
