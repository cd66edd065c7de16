#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/result.h"

namespace simulator {

// Where a run of consecutive values of Header/time_array lies in a file.
struct TimeChunk {
  std::uint64_t fileOffset;
  std::uint64_t firstRow;
  std::uint64_t nRows;
};

// Those of a whole file of uncompressed times; none where it has no time_array.
pointing::Result<std::vector<TimeChunk>> timeChunks(const std::string& path);

}  // namespace simulator
