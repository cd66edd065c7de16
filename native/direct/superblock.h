#pragma once
#include <cstdint>

#include "direct/cached_file.h"

namespace pointing {

// Version 0 of the superblock (HDF5 File Format Specification v3.0, II.A), with 8-byte offsets and lengths.
struct Superblock {
  std::uint64_t rootHeader;  // address of the root group's object header
  std::uint16_t groupLeafK;  // a symbol table node has at most 2 K entries
  std::uint16_t groupNodeK;  // a group's B-tree node has at most 2 K children
};

// Also limits the file to the end-of-file address, as libhdf5 does. declined: all other superblocks.
// not_hdf5, truncated: see findHdf5Start.
Result<Superblock> readSuperblock(CachedFile& file);

}  // namespace pointing
