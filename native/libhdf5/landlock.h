#pragma once

namespace pointing {

// Takes from the calling thread, and from threads and processes it starts, every change to the file system,
// TCP, and, where the kernel knows how, abstract sockets and signals to outsiders (landlock(7)). A domain of
// its own also keeps it from tracing other processes. Needs no_new_privs. Gives 0 and the version in force,
// or an errno: ENOSYS or EOPNOTSUPP where the kernel has none.
int restrictFilesByLandlock(int& version);

}  // namespace pointing
