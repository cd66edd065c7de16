#pragma once

namespace pointing {

// Has the kernel refuse, in every thread of this process and in all to come, the calls that reach beyond
// reading files and using what is open (seccomp(2)). Refused calls fail with EPERM, or ENOSYS where the C
// library then takes an older call. Needs no_new_privs. Gives 0, or an errno: ENOSYS or EINVAL where the
// kernel has no such filters, EOPNOTSUPP on an architecture other than x86-64 and arm64.
int filterSystemCalls();

}  // namespace pointing
