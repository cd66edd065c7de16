#include "libhdf5/confinement.h"

#include <sys/prctl.h>

#include <cerrno>
#include <system_error>

#include "libhdf5/landlock.h"
#include "libhdf5/system_call_filter.h"

namespace pointing {

namespace {

std::string because(const char* what, int error) {
  return std::string(what) + ": " + std::generic_category().message(error);
}

}  // namespace

Confinement confine() {
  Confinement result;
  // Without it an unprivileged process may use neither; it also keeps set-user-id programs from gaining
  // rights.
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    result.missing = because("no_new_privs", errno);
    return result;
  }
  const auto add = [&](const std::string& why) {
    result.missing += (result.missing.empty() ? "" : "; ") + why;
  };
  if (const int error = restrictFilesByLandlock(result.landlockVersion)) add(because("Landlock", error));
  if (const int error = filterSystemCalls()) {
    add(because("seccomp", error));
  } else {
    result.systemCalls = true;
    if (usesIoUring()) add("seccomp: Node.js uses io_uring, whose calls no filter sees");
  }
  return result;
}

}  // namespace pointing
