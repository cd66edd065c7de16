#pragma once
#include <optional>
#include <string>

namespace pointing {

// The real path of a watched directory, to tell whether what a name leads to lies in it.
class WatchedRoot {
 public:
  // Empty with errno set where it is no directory, or /proc is not mounted.
  static std::optional<WatchedRoot> at(const std::string& path);
  static std::optional<WatchedRoot> of(int descriptor);

  // Whether an open descriptor's file or directory lies in the tree, by the kernel's name for it, so that no
  // link on the way can be exchanged in between. False where /proc is not mounted.
  bool holds(int descriptor) const;

 private:
  explicit WatchedRoot(std::string prefix) : prefix_(std::move(prefix)) {}
  std::string prefix_;  // ends with a slash
};

}  // namespace pointing
