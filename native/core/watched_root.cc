#include "core/watched_root.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <string_view>

namespace pointing {

namespace {

// The kernel's name for what is open; empty with errno set where it has none.
std::string nameOf(int descriptor) {
  const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
  std::array<char, PATH_MAX> name;
  const ssize_t length = readlink(link.c_str(), name.data(), name.size());
  return length < 0 ? std::string() : std::string(name.data(), static_cast<std::size_t>(length));
}

}  // namespace

std::optional<WatchedRoot> WatchedRoot::at(const std::string& path) {
  const int descriptor = open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return std::nullopt;
  auto root = of(descriptor);
  const int error = errno;
  close(descriptor);
  errno = error;
  return root;
}

std::optional<WatchedRoot> WatchedRoot::of(int descriptor) {
  std::string prefix = nameOf(descriptor);
  if (prefix.empty()) return std::nullopt;
  if (!prefix.ends_with('/')) prefix += '/';
  return WatchedRoot(std::move(prefix));
}

bool WatchedRoot::holds(int descriptor) const { return nameOf(descriptor).starts_with(prefix_); }

}  // namespace pointing
