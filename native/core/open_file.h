#pragma once
#include <cstdint>
#include <string>

#include "core/byte_source.h"
#include "core/result.h"

namespace pointing {

// What tells one state of a file from the next.
struct FileStamp {
  std::int64_t sizeBytes = -1;
  std::int64_t mtimeUs = -1;  // last written, since 1970, UTC
  std::int64_t ctimeUs = -1;  // last written, renamed or replaced: unlike mtime, no program can set it
  bool operator==(const FileStamp&) const = default;
};

// A regular file open for reading, closed with this object. One thread at a time.
class OpenFile : public ByteSource {
 public:
  // Never blocks, whatever the path names. `stamp` is filled as soon as the file is open, failure or not.
  // io_error: missing or not readable; not_hdf5: not a regular file; truncated: empty; locked: changed within
  // the last ten minutes and an HDF5 writer holds its lock (HDF5's own convention, flock).
  static Result<OpenFile> open(const std::string& path, FileStamp& stamp);

  OpenFile(OpenFile&& other) noexcept;
  OpenFile& operator=(OpenFile&&) = delete;
  ~OpenFile() override;

  int descriptor() const { return descriptor_; }
  std::uint64_t size() const override { return static_cast<std::uint64_t>(stamp_.sizeBytes); }
  Status readAt(std::uint64_t offset, std::span<std::byte> out) override;

  // locked, where size or modification time are no longer those of open(): what was read may be a mixture.
  Status checkUnchanged() const;

 private:
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  Status checkNoWriter() const;

  int descriptor_;
  FileStamp stamp_;
};

}  // namespace pointing
