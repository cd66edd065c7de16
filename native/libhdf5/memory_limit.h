#pragma once
#include <cstdint>

#include "core/result.h"

namespace pointing {

// Lets this process's data (heap and private writable memory, RLIMIT_DATA) grow by at most `bytes` from now
// on; then allocations fail. Meant for the child process that runs libhdf5. io_error: the system refused.
Status limitMemory(std::uint64_t bytes);

// Whether this process cannot have the memory that its own limit leaves it: what failed to allocate then
// asked for no more than is allowed.
bool isHostShortOfMemory();

}  // namespace pointing
