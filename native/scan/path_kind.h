#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "core/file_stamp.h"
#include "core/watched_root.h"

namespace pointing {

// What a name stands for, in the one definition that scans and events share: an observation file is a regular
// file, or a link to one, whose name matches (name_pattern.h); nothing else is, whatever its name.
enum class PathKind : std::uint8_t {
  file,  // regular, or a link to a regular file that may be followed
  directory,
  linkedDirectory,  // a link to a directory, wherever it leads
  outside,          // a link to a regular file that leads out of the watched tree
  other,            // a FIFO, device or socket, or a link to one
  vanished,         // gone, or a link that leads nowhere
  unreadable,       // cannot be examined, so it may be any of these
};

struct PathLook {
  PathKind kind;
  FileStamp stamp = {};  // of a file
  int errorNumber = 0;   // errno, where unreadable
};

// Which links to files may be followed.
struct LinkRules {
  bool followLinks = false;              // all of them
  std::optional<WatchedRoot> root = {};  // else those that stay in here; none where it is empty
  bool leaveLinks = false;               // asks nothing of what a link leads to: it is unreadable, ETIMEDOUT
};

// Looks at `name`, relative to the open directory or AT_FDCWD. Never opens what it looks at for reading.
PathLook lookAt(int directory, const std::string& name, const LinkRules& rules);

}  // namespace pointing
