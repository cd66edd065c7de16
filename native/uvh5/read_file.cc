#include "uvh5/read_file.h"

namespace pointing {

namespace {

Result<PointingHeader> readUnchanged(OpenFile& file, HeaderReader& reader, const Deadline& deadline) {
  Result<PointingHeader> header = reader.read(file, deadline);
  Status unchanged = file.checkUnchanged();
  if (!unchanged) return unchanged.failure();
  return header;
}

Failure onOneLine(Failure failure) {
  for (char& c : failure.message) {
    if (c < ' ' || c > '~') c = '?';
  }
  return failure;
}

}  // namespace

FileReading readHeaderOf(const std::string& path, HeaderReader& reader, const ReadLimits& limits) {
  const Deadline deadline = Deadline::after(limits.secondsPerFile);
  FileStamp stamp;
  Result<OpenFile> file = OpenFile::open(path, stamp, limits.root ? &*limits.root : nullptr);
  Result<PointingHeader> header = file ? readUnchanged(*file, reader, deadline) : file.failure();
  if (!header) header = onOneLine(header.failure());
  return {stamp, std::move(header)};
}

}  // namespace pointing
