#pragma once
#include <limits>
#include <string>

#include "core/deadline.h"
#include "core/open_file.h"
#include "core/result.h"
#include "uvh5/pointing_header.h"

namespace pointing {

// One of the two readers. One thread at a time.
class HeaderReader {
 public:
  virtual ~HeaderReader() = default;
  // timeout: the deadline passed meanwhile. The direct reader bounds its work, so there it is the disk's
  // fault.
  virtual Result<PointingHeader> read(OpenFile& file, const Deadline& deadline) = 0;
};

// What the caller allows for each file.
struct ReadLimits {
  double secondsPerFile = std::numeric_limits<double>::infinity();
  std::string root = {};  // files outside this directory are not read; empty: no bound
};

struct FileReading {
  FileStamp stamp;  // of the opened file; -1 each where it could not be opened
  Result<PointingHeader> header;
};

// Opens the file, lets the reader read it and makes sure that it did not change meanwhile. The message of a
// failure is one line of printable ASCII, whatever the file holds.
FileReading readHeaderOf(const std::string& path, HeaderReader& reader, const ReadLimits& limits = {});

}  // namespace pointing
