#pragma once
#include <span>

namespace pointing {

// Whether the kernel gives this user one more inotify instance: 0, or the errno of inotify_init1(2), EMFILE
// where fs.inotify.max_user_instances is reached. Any thread.
int inotifyError();

// An inotify descriptor that can be read once one of these open directories was deleted or its file system
// unmounted, when the kernel drops all watches on it; -errno if it cannot be had. Reading does not wait. The
// caller closes it. Any thread; asks no file system.
int watchForLoss(std::span<const int> directories);

}  // namespace pointing
