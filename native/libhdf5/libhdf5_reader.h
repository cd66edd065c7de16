#pragma once
#include <string>

#include "uvh5/read_file.h"

namespace pointing {

// The authority on every layout. libhdf5 is not thread-safe, and damaged files can crash it or keep it busy
// forever: use it from one thread of a child process with a time limit and a memory limit, never in the
// monitor. It takes no file locks, which would fail on read-only and network file systems; OpenFile has
// checked for a writer's lock. Failures: those of readPointingHeader, not_hdf5, truncated, and those of
// takeHdf5Failure.
class Libhdf5Reader : public HeaderReader {
 public:
  Result<PointingHeader> read(OpenFile& file, const Deadline& deadline) override;
};

std::string libhdf5Version();  // of the library in use, such as 1.10.8

}  // namespace pointing
