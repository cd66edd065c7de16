#include "core/file_stamp.h"

#include <algorithm>

namespace pointing {

namespace {

constexpr std::int64_t kMaxExact = (std::int64_t{1} << 53) - 1;

std::int64_t clamped(std::int64_t value) { return std::clamp(value, -kMaxExact, kMaxExact); }

std::int64_t microseconds(const timespec& time) {
  // Clamped before it is multiplied, which would overflow.
  constexpr std::int64_t kMaxSeconds = kMaxExact / 1'000'000 + 1;
  const std::int64_t seconds = std::clamp<std::int64_t>(time.tv_sec, -kMaxSeconds, kMaxSeconds);
  return clamped(seconds * 1'000'000 + time.tv_nsec / 1000);
}

}  // namespace

FileStamp stampOf(const struct stat& status) {
  return {clamped(status.st_size), microseconds(status.st_mtim), microseconds(status.st_ctim)};
}

}  // namespace pointing
