#pragma once
#include <span>

namespace pointing {

// Whether the kernel gives this process a pipe and one more inotify instance, which the watcher needs at
// once: 0, or the errno, EMFILE where fs.inotify.max_user_instances is reached. Any thread.
int inotifyError();

// An inotify descriptor that can be read once one of these open directories was deleted or its file system
// unmounted, when the kernel drops all watches on it; -errno if none can be created. Reading does not wait.
// The caller closes it. Any thread; asks no file system.
int watchForLoss(std::span<const int> directories);

}  // namespace pointing
