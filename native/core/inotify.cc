#include "core/inotify.h"

#include <fcntl.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace pointing {

int inotifyError() {
  int pipeEnds[2];
  if (pipe2(pipeEnds, O_CLOEXEC) != 0) return errno;
  const int descriptor = inotify_init1(IN_CLOEXEC);
  const int error = descriptor < 0 ? errno : 0;
  if (descriptor >= 0) close(descriptor);
  for (const int end : pipeEnds) close(end);
  return error;
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
