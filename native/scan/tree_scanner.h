#pragma once
#include <dirent.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace pointing {

// A directory or file that could not be looked at.
struct ScanTrouble {
  std::string path;  // valid UTF-8: bytes that are not are shown as \xNN
  std::string message;
};

// Parallel arrays, one place for each file: they cross to JavaScript as they are.
struct ScanBatch {
  std::vector<std::string> paths;  // root-joined, valid UTF-8
  std::vector<double> sizeBytes;
  std::vector<double> mtimeUs;  // microseconds since 1970 UTC, rounded down
  std::vector<double> ctimeUs;
  std::vector<ScanTrouble> troubles;
  std::vector<std::string> directories;  // entered in this batch, root-joined
  std::uint64_t entriesSeen = 0;         // of any kind, matching or not
};

struct ScanFinished {};

// The root cannot be opened as a directory: there is nothing to scan.
struct RootUnreadable {
  int errorNumber;  // errno
};

// Walks a directory tree and gives the regular files whose base names match a pattern (name_pattern.h), one
// directory after another, depth first, with one descriptor open at a time and memory for one batch and the
// directories ahead.
//
// A symbolic link to a file is followed, one to a directory is not, except the root itself. Hidden
// directories are not entered: rsync and file servers keep partial files and snapshots there. Nor is
// lost+found, which only root may read and where nothing arrives. Whatever vanishes meanwhile is passed over;
// everything else that cannot be looked at is a trouble. A file that arrives during the walk may be missed.
//
// Not safe for use by two threads at once; any one thread may call at a time.
class TreeScanner {
 public:
  TreeScanner(std::string root, std::string pattern);

  using Outcome = std::variant<ScanBatch, ScanFinished, RootUnreadable>;

  // At most maxFiles files, found among at most kEntriesPerFile times as many entries, so that a call takes a
  // bounded time even where nothing matches: a batch may be empty. RootUnreadable comes from the first call
  // or never.
  Outcome next(std::size_t maxFiles);
  static constexpr std::size_t kEntriesPerFile = 32;

 private:
  struct CloseDirectory {
    void operator()(DIR* directory) const { closedir(directory); }
  };

  void openNextDirectory(ScanBatch& batch);
  void readEntry(ScanBatch& batch);
  void visit(const dirent& entry, ScanBatch& batch);
  void visitDirectory(const std::string& name, ScanBatch& batch);
  void visitFile(const std::string& name, ScanBatch& batch);
  unsigned char typeOf(
      const std::string& name) const;  // for file systems that do not tell it; DT_UNKNOWN if gone
  std::string inCurrent(const std::string& name) const;

  std::string pattern_;
  std::string current_;                             // the root, then the directory last opened; root-joined
  std::vector<std::string> ahead_;                  // directories to enter; the next one last
  std::unique_ptr<DIR, CloseDirectory> directory_;  // current_, or null between directories
  bool started_ = false;
};

}  // namespace pointing
