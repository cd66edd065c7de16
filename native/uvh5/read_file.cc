#include "uvh5/read_file.h"

#include <cerrno>
#include <optional>
#include <system_error>

namespace pointing {

namespace {

Result<PointingHeader> readUnchanged(OpenFile& file, HeaderReader& reader, const Deadline& deadline) {
  Result<PointingHeader> header = reader.read(file, deadline);
  Status unchanged = file.checkUnchanged();
  if (!unchanged) return unchanged.failure();
  return header;
}

// For each file again: the root may be a link, which leads elsewhere by the next.
Result<OpenFile> openIn(const std::string& root, const std::string& path, FileStamp& stamp) {
  if (root.empty()) return OpenFile::open(path, stamp);
  const std::optional<WatchedRoot> watched = WatchedRoot::at(root);
  if (watched) return OpenFile::open(path, stamp, &*watched);
  return Failure{ErrorCode::io_error, "was not read: the watched directory cannot be opened: " +
                                          std::generic_category().message(errno)};
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
  Result<OpenFile> file = openIn(limits.root, path, stamp);
  Result<PointingHeader> header = file ? readUnchanged(*file, reader, deadline) : file.failure();
  if (!header) header = onOneLine(header.failure());
  return {stamp, std::move(header)};
}

}  // namespace pointing
