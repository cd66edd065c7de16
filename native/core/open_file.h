#pragma once
#include <sys/stat.h>

#include <cstdint>
#include <string>

#include "core/byte_source.h"
#include "core/file_stamp.h"
#include "core/result.h"
#include "core/watched_root.h"

namespace pointing {

// A regular file open for reading, closed with this object. One thread at a time.
class OpenFile : public ByteSource {
 public:
  // Never blocks, whatever the path names. `stamp` is filled as soon as the file is open, failure or not.
  // io_error: missing or not readable; not_hdf5: not a regular file; unsupported: it lies outside `root`,
  // where one is given; truncated: empty; locked: changed within the last ten minutes and an HDF5 writer
  // holds its lock (HDF5's own convention, flock).
  static Result<OpenFile> open(const std::string& path, FileStamp& stamp, const WatchedRoot* root = nullptr);

  OpenFile(OpenFile&& other) noexcept;
  OpenFile& operator=(OpenFile&&) = delete;
  ~OpenFile() override;

  int descriptor() const { return descriptor_; }
  std::uint64_t size() const override { return static_cast<std::uint64_t>(stamp_.sizeBytes); }
  Status readAt(std::uint64_t offset, std::span<std::byte> out) override;

  // locked, where the file was written, replaced or removed since open(): what was read may be a mixture, or
  // no longer what its name stands for. A write that leaves the size can escape it within one tick of the
  // file system's times: 10 ms on a local one, far less from Linux 6.13 on.
  Status checkUnchanged() const;

 private:
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  Status checkNoWriter() const;

  int descriptor_;
  FileStamp stamp_;
  nlink_t links_ = 0;
};

}  // namespace pointing
