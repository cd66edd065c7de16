#include "libhdf5/memory_limit.h"

#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>

namespace pointing {

Status limitMemory(std::uint64_t bytes) {
  constexpr std::string_view kDataSize = "VmData:";  // in KiB, proc(5)
  std::uint64_t usedBytes = 0;
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(kDataSize))
      usedBytes = std::strtoull(line.c_str() + kDataSize.size(), nullptr, 10) * 1024;
  }
  if (usedBytes == 0)
    return Failure{ErrorCode::io_error, "cannot limit memory: /proc/self/status has no VmData"};
  rlimit limit;
  if (getrlimit(RLIMIT_DATA, &limit) != 0)
    return Failure{ErrorCode::io_error, "cannot limit memory: no RLIMIT_DATA"};
  limit.rlim_cur = std::min<rlim_t>(usedBytes + bytes, limit.rlim_max);
  if (setrlimit(RLIMIT_DATA, &limit) != 0) {
    return Failure{ErrorCode::io_error, std::string("cannot limit memory: ") + std::strerror(errno)};
  }
  return Done{};
}

}  // namespace pointing
