#pragma once

namespace pointing {

// Has the kernel refuse, in every thread of this process and in all to come, the calls that reach beyond
// reading files and using what is open (seccomp(2)). Refused calls fail with EPERM, or ENOSYS where the C
// library then takes an older call. Needs no_new_privs. Gives 0, or an errno: ENOSYS or EINVAL where the
// kernel has no such filters, EOPNOTSUPP on an architecture other than x86-64 and arm64.
//
// Where the process has an io_uring already, as the event loop of Node.js 24 and later does, its calls go on:
// the loop would end without them. Through it code can make some of the calls that are refused; Landlock
// still holds.
int filterSystemCalls();

// Whether this process has an io_uring.
bool usesIoUring();

}  // namespace pointing
