#pragma once
#include <sys/stat.h>

#include <cstdint>

namespace pointing {

// What tells one state of a file from the next. A double holds each number exactly.
struct FileStamp {
  std::int64_t sizeBytes = -1;
  std::int64_t mtimeUs = -1;  // last written, since 1970, UTC
  std::int64_t ctimeUs = -1;  // last written, renamed or replaced: unlike mtime, no program can set it
  bool operator==(const FileStamp&) const = default;
};

// The one conversion, for scanner and readers alike. Times are rounded down to microseconds; a number beyond
// 2^53 - 1 (the year 2255) becomes that, since neither a double nor every database can hold it.
FileStamp stampOf(const struct stat& status);

}  // namespace pointing
