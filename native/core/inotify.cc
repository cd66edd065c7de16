#include "core/inotify.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace pointing {

int inotifyError() {
  const int descriptor = inotify_init1(IN_CLOEXEC);
  if (descriptor < 0) return errno;
  close(descriptor);
  return 0;
}

int watchForLoss(std::span<const int> directories) {
  const int descriptor = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (descriptor < 0) return -errno;
  for (const int directory : directories) {
    // IN_UNMOUNT comes whatever is asked for.
    const std::string path = "/proc/self/fd/" + std::to_string(directory);
    if (inotify_add_watch(descriptor, path.c_str(), IN_DELETE_SELF) >= 0) continue;
    const int error = errno;
    close(descriptor);
    return -error;
  }
  return descriptor;
}

}  // namespace pointing
