#pragma once
#include <cstdint>

#include "core/result.h"

namespace pointing {

// Lets this process's data (heap and private writable memory, RLIMIT_DATA) grow by at most `bytes` from now
// on; then allocations fail. Meant for the child process that runs libhdf5. io_error: the system refused.
Status limitMemory(std::uint64_t bytes);

}  // namespace pointing
