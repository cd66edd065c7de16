#pragma once
#include <dirent.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "scan/path_kind.h"

namespace pointing {

// A directory or file that could not be looked at.
struct UnreadablePlace {
  std::string path;  // valid UTF-8: bytes that are not are shown as \xNN
  std::string message;
};

// What a scan does not follow, so that somebody can be told.
struct PassedOver {
  std::uint64_t count = 0;
  std::vector<std::string> paths;  // the first of them, valid UTF-8 as an unreadable place's
  static constexpr std::size_t kMaxPaths = 20;
};

// Parallel arrays, one place for each file: they cross to JavaScript as they are.
struct ScanBatch {
  std::vector<std::string> paths;  // root-joined, valid UTF-8
  std::vector<double> sizeBytes;
  std::vector<double> mtimeUs;  // these three as FileStamp's
  std::vector<double> ctimeUs;
  std::vector<UnreadablePlace> unreadable;
  std::vector<std::string> directories;  // entered in this batch, root-joined
  std::uint64_t entriesSeen = 0;         // of any kind, matching or not
  PassedOver linkedDirectories;          // that are not entered
  PassedOver linksOutside;               // to files that would match, out of the tree
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
// A symbolic link to a file is followed as long as it stays in the tree, one to a directory is not, except
// the root itself. With `followLinks` all are, after everything that is reached without a link and in the
// order of their paths; a directory that was entered is not entered again, so that neither loops nor doubles
// arise.
//
// Hidden directories are not entered: rsync and file servers keep partial files and snapshots there. Nor is
// lost+found, which only root may read and where nothing arrives. Whatever vanishes meanwhile is passed over;
// everything else that cannot be looked at, a path too long for the system among it, is an unreadable place,
// and the scan goes on. A file that arrives during the walk may be missed.
//
// Not safe for use by two threads at once; any one thread may call at a time.
class TreeScanner {
 public:
  // `leaveOut`: root-joined directories that are not entered, such as mounts that do not answer.
  // `leaveLinks`: what links lead to is not asked, because something there does not answer.
  TreeScanner(std::string root, std::string pattern, bool followLinks = false,
              std::set<std::string> leaveOut = {}, bool leaveLinks = false);

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

  int openRoot();  // errno
  bool takeNextPath();
  void openNextDirectory(ScanBatch& batch);
  bool isDouble(int directory);
  void readEntry(ScanBatch& batch);
  void visit(const dirent& entry, ScanBatch& batch);
  void visitDirectory(const std::string& name, ScanBatch& batch);
  void visitLinkedDirectory(const std::string& name, ScanBatch& batch);
  void visitFile(const std::string& name, const FileStamp& stamp, ScanBatch& batch);
  std::string inCurrent(const std::string& name) const;

  std::string pattern_;
  LinkRules links_;
  std::set<std::string> leaveOut_;
  std::string current_;                             // the root, then the directory last opened; root-joined
  std::vector<std::string> ahead_;                  // directories to enter; the next one last
  std::set<std::string> linksAhead_;                // and links to some, to enter after those
  std::unique_ptr<DIR, CloseDirectory> directory_;  // current_, or null between directories
  std::set<std::pair<dev_t, ino_t>> entered_;       // kept where links are followed
  bool currentIsLink_ = true;                       // the root may be one
  bool started_ = false;
};

}  // namespace pointing
