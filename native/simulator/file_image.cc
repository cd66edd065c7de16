#include "simulator/file_image.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace simulator {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  operator int() const { return fd_; }

 private:
  int fd_;
};

pointing::Failure systemFailure(const char* doing) {
  return {pointing::ErrorCode::io_error, std::string(doing) + ": " + std::generic_category().message(errno)};
}

bool readAll(int fd, off_t offset, std::vector<char>& bytes) {
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t n = pread(fd, bytes.data() + done, bytes.size() - done, offset + static_cast<off_t>(done));
    if (n == 0) errno = EIO;
    if (n <= 0) return false;
    done += static_cast<std::size_t>(n);
  }
  return true;
}

bool writeAll(int fd, off_t offset, const std::vector<char>& bytes) {
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t n = pwrite(fd, bytes.data() + done, bytes.size() - done, offset + static_cast<off_t>(done));
    if (n < 0) return false;
    done += static_cast<std::size_t>(n);
  }
  return true;
}

}  // namespace

pointing::Result<FileImage> FileImage::read(const std::string& path) {
  const Descriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status{};
  if (fd < 0 || fstat(fd, &status) < 0) return systemFailure("cannot read it back");
  FileImage image;
  image.sizeBytes_ = static_cast<std::uint64_t>(status.st_size);
  for (off_t end = 0; end < status.st_size;) {
    const off_t start = lseek(fd, end, SEEK_DATA);
    if (start < 0 && errno == ENXIO) break;  // a hole up to the end
    end = start < 0 ? -1 : lseek(fd, start, SEEK_HOLE);
    if (end < 0) return systemFailure("cannot find its holes");
    Extent extent{static_cast<std::uint64_t>(start),
                  std::vector<char>(static_cast<std::size_t>(end - start))};
    if (!readAll(fd, start, extent.bytes)) return systemFailure("cannot read it back");
    image.extents_.push_back(std::move(extent));
  }
  return image;
}

void FileImage::overwrite(std::uint64_t offset, const void* bytes, std::size_t count) {
  const auto after =
      std::upper_bound(extents_.begin(), extents_.end(), offset,
                       [](std::uint64_t at, const Extent& extent) { return at < extent.offset; });
  if (after == extents_.begin()) return;
  Extent& extent = *std::prev(after);
  const std::uint64_t start = offset - extent.offset;
  if (start > extent.bytes.size() || count > extent.bytes.size() - start) return;
  std::memcpy(extent.bytes.data() + start, bytes, count);
}

std::optional<pointing::Failure> FileImage::write(const std::string& path) const {
  const Descriptor fd(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (fd < 0) return systemFailure("cannot create it");
  for (const Extent& extent : extents_) {
    if (!writeAll(fd, static_cast<off_t>(extent.offset), extent.bytes))
      return systemFailure("cannot write it");
  }
  if (ftruncate(fd, static_cast<off_t>(sizeBytes_)) < 0) return systemFailure("cannot give it its length");
  return std::nullopt;
}

}  // namespace simulator
