#include "scan/path_kind.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace pointing {

namespace {

PathLook failed(int errorNumber) {
  if (errorNumber == ENOENT || errorNumber == ENOTDIR) return {.kind = PathKind::vanished};
  return {.kind = PathKind::unreadable, .errorNumber = errorNumber};
}

PathLook lookAtTarget(int target, const LinkRules& rules) {
  struct stat status;
  if (fstat(target, &status) != 0) return failed(errno);
  if (S_ISDIR(status.st_mode)) return {.kind = PathKind::linkedDirectory};
  if (!S_ISREG(status.st_mode)) return {.kind = PathKind::other};
  if (!rules.followLinks && !(rules.root && rules.root->holds(target))) return {.kind = PathKind::outside};
  return {.kind = PathKind::file, .stamp = stampOf(status)};
}

}  // namespace

PathLook lookAt(int directory, const std::string& name, const LinkRules& rules) {
  struct stat status;
  if (fstatat(directory, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return failed(errno);
  if (S_ISREG(status.st_mode)) return {.kind = PathKind::file, .stamp = stampOf(status)};
  if (S_ISDIR(status.st_mode)) return {.kind = PathKind::directory};
  if (!S_ISLNK(status.st_mode)) return {.kind = PathKind::other};
  if (rules.leaveLinks) return failed(ETIMEDOUT);
  const int target = openat(directory, name.c_str(), O_PATH | O_CLOEXEC);
  if (target < 0) return failed(errno);
  const PathLook look = lookAtTarget(target, rules);
  close(target);
  return look;
}

}  // namespace pointing
