#include "libhdf5/memory_limit.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>

#include "libhdf5/dataset.h"

namespace pointing {

namespace {

// What RLIMIT_DATA counts; 0 where that is not known.
std::uint64_t dataBytes() {
  constexpr std::string_view kDataSize = "VmData:";  // in KiB, proc(5)
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(kDataSize))
      return std::strtoull(line.c_str() + kDataSize.size(), nullptr, 10) * 1024;
  }
  return 0;
}

}  // namespace

Status limitMemory(std::uint64_t bytes) {
  const std::uint64_t usedBytes = dataBytes();
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

bool isHostShortOfMemory() {
  rlimit limit;
  const std::uint64_t usedBytes = dataBytes();
  if (getrlimit(RLIMIT_DATA, &limit) != 0 || usedBytes == 0) return false;
  // Without a limit, as much as the greatest chunk that is read and its decompressed form.
  const std::uint64_t room = limit.rlim_cur == RLIM_INFINITY ? 2 * kMaxFilteredChunkBytes
                             : limit.rlim_cur > usedBytes    ? limit.rlim_cur - usedBytes
                                                             : 0;
  const auto pages = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  const std::uint64_t bytes = room / pages * pages;
  if (bytes == 0) return false;
  void* const probe = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (probe == MAP_FAILED) return true;
  munmap(probe, bytes);
  return false;
}

}  // namespace pointing
