#include "core/inotify.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <cerrno>

namespace pointing {

int inotifyError() {
  const int descriptor = inotify_init1(IN_CLOEXEC);
  if (descriptor < 0) return errno;
  close(descriptor);
  return 0;
}

}  // namespace pointing
