#pragma once
#include "direct/cached_file.h"
#include "uvh5/read_file.h"

namespace pointing {

// Reads the header of a file from its bytes, without libhdf5 and its lock: bounded in time and memory
// whatever the file holds, and equal to libhdf5's answer where it answers. Several threads may each have one.
// Failures: those of readPointingHeader; not_hdf5; truncated; io_error; declined, for all it does
// not know and, untested there, for every file on a big-endian host.
class DirectReader : public HeaderReader {
 public:
  Result<PointingHeader> read(OpenFile& file, const Deadline& deadline) override {
    return readFrom(file, deadline);
  }
  Result<PointingHeader> readFrom(ByteSource& file, const Deadline& deadline = Deadline::never());

 private:
  CachedFile cache_;
};

}  // namespace pointing
