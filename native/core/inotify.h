#pragma once

namespace pointing {

// Whether the kernel gives this user one more inotify instance: 0, or the errno of inotify_init1(2), EMFILE
// where fs.inotify.max_user_instances is reached. Any thread.
int inotifyError();

}  // namespace pointing
