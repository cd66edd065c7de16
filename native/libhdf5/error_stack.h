#pragma once
#include <string_view>

#include "core/result.h"

namespace pointing {

// Turns libhdf5's error stack into one failure and clears the stack. `doing` completes "HDF5 failed to ...".
//
//   innermost error (major, minor)                        code
//   the file driver could not open or read                io_error     the disk or network; worth another try
//   the file is shorter than its superblock says          truncated
//   marked as open for writing                            locked
//   no file signature                                     not_hdf5
//   a filter that is not installed, a version unknown
//   to this library, memory refused                       unsupported
//   any other: damaged inside                             not_hdf5     stands until the file changes
Failure takeHdf5Failure(std::string_view doing);

}  // namespace pointing
