#include "core/open_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <system_error>

namespace pointing {

namespace {

// Older files are not asked for a writer's lock: 100,000 of them are read in a backfill, and none is being
// written.
constexpr std::int64_t kFreshUs = 600'000'000;

Failure cannot(const char* what, int error) {
  const bool tooMany = error == EMFILE || error == ENFILE;
  return {ErrorCode::io_error, std::string(what) + ": " + std::generic_category().message(error) +
                                   (tooMany ? "; raise the limit (LimitNOFILE=, ulimit -n)" : "")};
}

Failure changed() {
  return {ErrorCode::locked, "changed while it was being read; retried when its writer has finished"};
}

const char* otherThanFile(mode_t mode) {
  if (S_ISDIR(mode)) return "is a directory, not a file";
  if (S_ISFIFO(mode)) return "is a pipe (FIFO), not a file";
  if (S_ISSOCK(mode)) return "is a socket, not a file";
  return "is a device, not a file";
}

std::int64_t nowUs() {
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return now.tv_sec * std::int64_t{1'000'000} + now.tv_nsec / 1000;
}

}  // namespace

Result<OpenFile> OpenFile::open(const std::string& path, FileStamp& stamp, const WatchedRoot* root) {
  if (path.find('\0') != std::string::npos) {
    return Failure{ErrorCode::io_error,
                   "cannot be opened: its name contains a NUL byte, which no file can have"};
  }
  struct stat status;
  // O_NONBLOCK: opening a FIFO without a writer would wait for one.
  OpenFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (file.descriptor_ < 0) {
    const int error = errno;
    if (error == ENXIO && stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
      return Failure{ErrorCode::not_hdf5, otherThanFile(status.st_mode)};
    }
    return cannot("cannot be opened", error);
  }
  if (fstat(file.descriptor_, &status) != 0) return cannot("cannot be examined", errno);
  file.stamp_ = stamp = stampOf(status);
  file.links_ = status.st_nlink;
  if (!S_ISREG(status.st_mode)) return Failure{ErrorCode::not_hdf5, otherThanFile(status.st_mode)};
  if (root != nullptr && !root->holds(file.descriptor_)) {
    return Failure{ErrorCode::unsupported,
                   "is a link that leads out of the watched directory; --follow-links reads such files"};
  }
  if (nowUs() - stamp.mtimeUs < kFreshUs) {
    Status noWriter = file.checkNoWriter();
    if (!noWriter) return noWriter.failure();
  }
  if (status.st_size == 0) return Failure{ErrorCode::truncated, "is empty; retried when it grows"};
  // No read-ahead: what follows the few places we read is visibilities.
  posix_fadvise(file.descriptor_, 0, 0, POSIX_FADV_RANDOM);
  return file;
}

OpenFile::OpenFile(OpenFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), stamp_(other.stamp_), links_(other.links_) {}

OpenFile::~OpenFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

Status OpenFile::readAt(std::uint64_t offset, std::span<std::byte> out) {
  while (!out.empty()) {
    const ssize_t got = pread(descriptor_, out.data(), out.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return cannot("cannot be read", errno);
    if (got == 0) return changed();
    out = out.subspan(static_cast<std::size_t>(got));
    offset += static_cast<std::uint64_t>(got);
  }
  return Done{};
}

Status OpenFile::checkUnchanged() const {
  struct stat status;
  if (fstat(descriptor_, &status) != 0) return cannot("cannot be examined", errno);
  if (stampOf(status) != stamp_ || status.st_nlink != links_) return changed();
  return Done{};
}

Status OpenFile::checkNoWriter() const {
  // Other errors than EWOULDBLOCK come from file systems without locks, network and read-only ones among
  // them.
  if (flock(descriptor_, LOCK_SH | LOCK_NB) == 0) {
    flock(descriptor_, LOCK_UN);  // at once: a lock of ours must not make a writer's open fail
  } else if (errno == EWOULDBLOCK) {
    return Failure{ErrorCode::locked, "is locked by the program that writes it; retried later"};
  }
  return Done{};
}

}  // namespace pointing
