#include "scan/tree_scanner.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <system_error>

#include "scan/name_pattern.h"
#include "scan/utf8.h"

namespace pointing {
namespace {

// Owned by the caller; null with errno set where it cannot be opened.
DIR* openDirectory(const std::string& path, int extraFlags) {
  const int fd = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | extraFlags);
  if (fd < 0) return nullptr;
  DIR* directory = fdopendir(fd);
  if (directory == nullptr) {
    const int errorNumber = errno;
    close(fd);
    errno = errorNumber;
  }
  return directory;
}

// Removed, or replaced by something else, since its name was read.
bool hasVanished(int errorNumber) { return errorNumber == ENOENT || errorNumber == ENOTDIR; }

std::string cannotBeRead(int errorNumber) {
  return "cannot be read: " + std::generic_category().message(errorNumber);
}

// Made by mkfs in the root of a file system, for fsck.
constexpr const char* kRescued = "lost+found";
constexpr const char* kNotUtf8 = "its name is not valid UTF-8, so it is left out: rename it";

void addTrouble(ScanBatch& batch, const std::string& path, std::string message) {
  batch.troubles.push_back({isUtf8(path) ? path : escapeBytes(path), std::move(message)});
}

double microseconds(const timespec& t) {
  return static_cast<double>(t.tv_sec) * 1e6 + std::floor(static_cast<double>(t.tv_nsec) / 1e3);
}

}  // namespace

TreeScanner::TreeScanner(std::string root, std::string pattern)
    : pattern_(std::move(pattern)), current_(std::move(root)) {}

TreeScanner::Outcome TreeScanner::next(std::size_t maxFiles) {
  ScanBatch batch;
  if (!started_) {
    directory_.reset(openDirectory(current_, 0));
    if (!directory_) return RootUnreadable{errno};
    started_ = true;
    batch.directories.push_back(current_);
  }
  const std::uint64_t maxEntries = std::uint64_t{maxFiles} * kEntriesPerFile;
  while (batch.paths.size() < maxFiles && batch.entriesSeen + batch.directories.size() < maxEntries) {
    if (directory_) {
      readEntry(batch);
    } else if (!ahead_.empty()) {
      openNextDirectory(batch);
    } else if (batch.entriesSeen == 0 && batch.directories.empty() && batch.troubles.empty()) {
      return ScanFinished{};
    } else {
      break;
    }
  }
  return batch;
}

void TreeScanner::openNextDirectory(ScanBatch& batch) {
  current_ = std::move(ahead_.back());
  ahead_.pop_back();
  directory_.reset(openDirectory(current_, O_NOFOLLOW));
  if (directory_) {
    batch.directories.push_back(current_);
  } else if (!hasVanished(errno) && errno != ELOOP) {  // ELOOP: a symbolic link took its place
    addTrouble(batch, current_, cannotBeRead(errno));
  }
}

void TreeScanner::readEntry(ScanBatch& batch) {
  errno = 0;
  const dirent* entry = readdir(directory_.get());
  if (entry != nullptr) {
    visit(*entry, batch);
    return;
  }
  if (errno != 0 && !hasVanished(errno)) addTrouble(batch, current_, cannotBeRead(errno));
  directory_.reset();
}

void TreeScanner::visit(const dirent& entry, ScanBatch& batch) {
  const std::string name = entry.d_name;
  if (name == "." || name == "..") return;
  ++batch.entriesSeen;
  unsigned char type = entry.d_type;
  if (type == DT_UNKNOWN) type = typeOf(name);
  if (type == DT_DIR) {
    visitDirectory(name, batch);
  } else if ((type == DT_REG || type == DT_LNK) && matches(name, pattern_)) {
    visitFile(name, batch);
  }
}

void TreeScanner::visitDirectory(const std::string& name, ScanBatch& batch) {
  if (name.starts_with('.') || name == kRescued) return;
  if (!isUtf8(name)) return addTrouble(batch, inCurrent(name), kNotUtf8);
  ahead_.push_back(inCurrent(name));
}

void TreeScanner::visitFile(const std::string& name, ScanBatch& batch) {
  if (!isUtf8(name)) return addTrouble(batch, inCurrent(name), kNotUtf8);
  struct stat status{};
  if (fstatat(dirfd(directory_.get()), name.c_str(), &status, 0) < 0) {
    if (!hasVanished(errno)) addTrouble(batch, inCurrent(name), cannotBeRead(errno));
    return;
  }
  if (!S_ISREG(status.st_mode)) return;
  batch.paths.push_back(inCurrent(name));
  batch.sizeBytes.push_back(static_cast<double>(status.st_size));
  batch.mtimeUs.push_back(microseconds(status.st_mtim));
  batch.ctimeUs.push_back(microseconds(status.st_ctim));
}

unsigned char TreeScanner::typeOf(const std::string& name) const {
  struct stat status{};
  if (fstatat(dirfd(directory_.get()), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) < 0) return DT_UNKNOWN;
  return static_cast<unsigned char>(IFTODT(status.st_mode));
}

std::string TreeScanner::inCurrent(const std::string& name) const {
  return current_.ends_with('/') ? current_ + name : current_ + "/" + name;
}

}  // namespace pointing
