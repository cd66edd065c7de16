#include "libhdf5/landlock.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>

namespace pointing {

namespace {

// The kernel's interface, linux/landlock.h, spelt out: the header of the build system may be older than the
// kernel that this runs on, and the numbers of the calls are the same on all architectures.
constexpr long kCreateRuleset = 444, kRestrictSelf = 446;
constexpr std::uint32_t kAskVersion = 1;

struct RulesetAttributes {
  std::uint64_t handledFiles;
  std::uint64_t handledNetwork;  // from version 4 on
  std::uint64_t scoped;          // from version 6 on
};

// Bits: execute, write a file, [read a file, read a directory,] remove a directory and a file, make a
// character device, directory, regular file, socket, FIFO, block device and symbolic link.
constexpr std::uint64_t kReading = 1 << 2 | 1 << 3;
constexpr std::uint64_t kFilesVersion1 = ((1 << 13) - 1) & ~kReading;
constexpr std::uint64_t kReparent = 1 << 13, kTruncate = 1 << 14, kDeviceControl = 1 << 15;
constexpr std::uint64_t kBindAndConnectTcp = 1 << 0 | 1 << 1;
constexpr std::uint64_t kAbstractSocketsAndSignals = 1 << 0 | 1 << 1;

}  // namespace

int restrictFilesByLandlock(int& version) {
  version = 0;
  const long found = syscall(kCreateRuleset, nullptr, 0, kAskVersion);
  if (found < 0) return errno;
  RulesetAttributes attributes{.handledFiles = kFilesVersion1, .handledNetwork = 0, .scoped = 0};
  if (found >= 2) attributes.handledFiles |= kReparent;
  if (found >= 3) attributes.handledFiles |= kTruncate;
  if (found >= 5) attributes.handledFiles |= kDeviceControl;
  if (found >= 4) attributes.handledNetwork = kBindAndConnectTcp;
  if (found >= 6) attributes.scoped = kAbstractSocketsAndSignals;
  const std::size_t known = found >= 6 ? 24 : found >= 4 ? 16 : 8;
  const long ruleset = syscall(kCreateRuleset, &attributes, known, 0);
  if (ruleset < 0) return errno;
  // No rules: of what is handled, nothing is allowed.
  const long restricted = syscall(kRestrictSelf, ruleset, 0);
  const int error = errno;
  close(static_cast<int>(ruleset));
  if (restricted != 0) return error;
  version = static_cast<int>(found);
  return 0;
}

}  // namespace pointing
