#include "scan/tree_scanner.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
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
constexpr const char* kNotUtf8 = "ignored because its name is not valid UTF-8: rename it";

void addUnreadable(ScanBatch& batch, const std::string& path, std::string message) {
  batch.unreadable.push_back({isUtf8(path) ? path : escapeBytes(path), std::move(message)});
}

void passOver(PassedOver& passed, const std::string& path) {
  ++passed.count;
  if (passed.paths.size() < PassedOver::kMaxPaths)
    passed.paths.push_back(isUtf8(path) ? path : escapeBytes(path));
}

bool isNeverEntered(const std::string& name) { return name.starts_with('.') || name == kRescued; }

}  // namespace

TreeScanner::TreeScanner(std::string root, std::string pattern, bool followLinks,
                         std::set<std::string> leaveOut, bool leaveLinks)
    : pattern_(std::move(pattern)),
      links_{.followLinks = followLinks, .root = {}, .leaveLinks = leaveLinks},
      leaveOut_(std::move(leaveOut)),
      current_(std::move(root)) {}

TreeScanner::Outcome TreeScanner::next(std::size_t maxFiles) {
  ScanBatch batch;
  if (!started_) {
    if (const int error = openRoot()) return RootUnreadable{error};
    started_ = true;
    batch.directories.push_back(current_);
  }
  const std::uint64_t maxEntries = std::uint64_t{maxFiles} * kEntriesPerFile;
  std::uint64_t opened = batch.directories.size();  // or tried to: each may take as long as a file's look
  while (batch.paths.size() < maxFiles && batch.entriesSeen + opened < maxEntries) {
    if (directory_) {
      readEntry(batch);
    } else if (takeNextPath()) {
      ++opened;
      openNextDirectory(batch);
    } else if (batch.entriesSeen == 0 && batch.directories.empty() && batch.unreadable.empty()) {
      return ScanFinished{};
    } else {
      break;
    }
  }
  return batch;
}

int TreeScanner::openRoot() {
  directory_.reset(openDirectory(current_, 0));
  if (!directory_) return errno;
  links_.root = WatchedRoot::of(dirfd(directory_.get()));
  isDouble(dirfd(directory_.get()));
  return 0;
}

bool TreeScanner::takeNextPath() {
  currentIsLink_ = ahead_.empty();
  if (!ahead_.empty()) {
    current_ = std::move(ahead_.back());
    ahead_.pop_back();
    return true;
  }
  if (linksAhead_.empty()) return false;
  current_ = std::move(linksAhead_.extract(linksAhead_.begin()).value());
  return true;
}

void TreeScanner::openNextDirectory(ScanBatch& batch) {
  directory_.reset(openDirectory(current_, currentIsLink_ ? 0 : O_NOFOLLOW));
  if (!directory_) {
    // ELOOP: a symbolic link took its place
    if (!hasVanished(errno) && (errno != ELOOP || currentIsLink_)) {
      addUnreadable(batch, current_, cannotBeRead(errno));
    }
    return;
  }
  if (isDouble(dirfd(directory_.get()))) {
    directory_.reset();
    return;
  }
  batch.directories.push_back(current_);
}

// Whether links have led here before; remembers that they now have.
bool TreeScanner::isDouble(int directory) {
  struct stat status;
  if (!links_.followLinks || fstat(directory, &status) != 0) return false;
  return !entered_.emplace(status.st_dev, status.st_ino).second;
}

void TreeScanner::readEntry(ScanBatch& batch) {
  errno = 0;
  const dirent* entry = readdir(directory_.get());
  if (entry != nullptr) {
    visit(*entry, batch);
    return;
  }
  if (errno != 0 && !hasVanished(errno)) addUnreadable(batch, current_, cannotBeRead(errno));
  directory_.reset();
}

void TreeScanner::visit(const dirent& entry, ScanBatch& batch) {
  const std::string name = entry.d_name;
  if (name == "." || name == "..") return;
  ++batch.entriesSeen;
  // Most entries are told by their type alone, without a look.
  if (entry.d_type == DT_DIR) return visitDirectory(name, batch);
  const bool isMatch = matches(name, pattern_);
  const bool mayBeDirectory = entry.d_type == DT_LNK || entry.d_type == DT_UNKNOWN;
  if (!mayBeDirectory && !(entry.d_type == DT_REG && isMatch)) return;
  if (!leaveOut_.empty() && leaveOut_.contains(inCurrent(name))) return;
  const PathLook look = lookAt(dirfd(directory_.get()), name, links_);
  switch (look.kind) {
    case PathKind::file:
      if (isMatch) visitFile(name, look.stamp, batch);
      return;
    case PathKind::directory:
      return visitDirectory(name, batch);
    case PathKind::linkedDirectory:
      return visitLinkedDirectory(name, batch);
    case PathKind::outside:
      if (isMatch) passOver(batch.linksOutside, inCurrent(name));
      return;
    case PathKind::unreadable:
      // A link that leads nowhere we can go matters if it may lead to what is wanted.
      if (isMatch || links_.followLinks || entry.d_type == DT_UNKNOWN) {
        addUnreadable(batch, inCurrent(name), cannotBeRead(look.errorNumber));
      }
      return;
    case PathKind::other:
    case PathKind::vanished:
      return;
  }
}

void TreeScanner::visitDirectory(const std::string& name, ScanBatch& batch) {
  if (isNeverEntered(name)) return;
  std::string path = inCurrent(name);
  if (!isUtf8(name)) return addUnreadable(batch, path, kNotUtf8);
  if (!leaveOut_.contains(path)) ahead_.push_back(std::move(path));
}

void TreeScanner::visitLinkedDirectory(const std::string& name, ScanBatch& batch) {
  if (isNeverEntered(name)) return;
  if (!links_.followLinks) return passOver(batch.linkedDirectories, inCurrent(name));
  if (!isUtf8(name)) return addUnreadable(batch, inCurrent(name), kNotUtf8);
  linksAhead_.insert(inCurrent(name));
}

void TreeScanner::visitFile(const std::string& name, const FileStamp& stamp, ScanBatch& batch) {
  if (!isUtf8(name)) return addUnreadable(batch, inCurrent(name), kNotUtf8);
  std::string path = inCurrent(name);
  if (path.size() >= PATH_MAX) {
    return addUnreadable(batch, path, "cannot be read: its path is longer than the system takes");
  }
  batch.paths.push_back(std::move(path));
  batch.sizeBytes.push_back(static_cast<double>(stamp.sizeBytes));
  batch.mtimeUs.push_back(static_cast<double>(stamp.mtimeUs));
  batch.ctimeUs.push_back(static_cast<double>(stamp.ctimeUs));
}

std::string TreeScanner::inCurrent(const std::string& name) const {
  return current_.ends_with('/') ? current_ + name : current_ + "/" + name;
}

}  // namespace pointing
