#pragma once
#include <cstdint>
#include <string>

#include "direct/cached_file.h"

namespace pointing {

// The variable-length string whose 16-byte reference lies at `reference`: length, address of a global heap
// collection, index of an object there (HDF5 File Format Specification v3.0, III.E). Ends at its first NUL.
// declined: a null reference, a string over kMaxTextBytes, a large, damaged or cut off collection.
Result<std::string> readHeapText(CachedFile& file, std::uint64_t reference);

}  // namespace pointing
