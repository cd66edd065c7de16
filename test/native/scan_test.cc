// The tree scanner on real directory trees.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "scan/tree_scanner.h"
#include "scratch_directory.h"

namespace fs = std::filesystem;
using pointing::RootUnreadable;
using pointing::ScanBatch;
using pointing::ScanFinished;
using pointing::TreeScanner;

namespace {

constexpr const char* kPattern = "*_sb00.hdf5";

struct Scanned {
  std::vector<std::string> paths;  // sorted
  std::vector<pointing::ScanTrouble> troubles;
  std::vector<std::string> directories;
  std::size_t largestBatch = 0;
};

Scanned rest(TreeScanner& scanner, std::size_t maxFiles = 1000) {
  Scanned all;
  for (;;) {
    const auto outcome = scanner.next(maxFiles);
    const auto* batch = std::get_if<ScanBatch>(&outcome);
    if (batch == nullptr) {
      REQUIRE(std::holds_alternative<ScanFinished>(outcome));
      break;
    }
    all.paths.insert(all.paths.end(), batch->paths.begin(), batch->paths.end());
    all.troubles.insert(all.troubles.end(), batch->troubles.begin(), batch->troubles.end());
    all.directories.insert(all.directories.end(), batch->directories.begin(), batch->directories.end());
    all.largestBatch = std::max(all.largestBatch, batch->paths.size());
  }
  std::sort(all.paths.begin(), all.paths.end());
  return all;
}

Scanned scan(const std::string& root, std::size_t maxFiles = 1000) {
  TreeScanner scanner(root, kPattern);
  return rest(scanner, maxFiles);
}

ScanBatch nextBatch(TreeScanner& scanner, std::size_t maxFiles) {
  auto outcome = scanner.next(maxFiles);
  REQUIRE(std::holds_alternative<ScanBatch>(outcome));
  return std::get<ScanBatch>(outcome);
}

int rootError(const std::string& root) {
  const auto outcome = TreeScanner(root, kPattern).next(1);
  REQUIRE(std::holds_alternative<RootUnreadable>(outcome));
  return std::get<RootUnreadable>(outcome).errorNumber;
}

// Root may read everything, so for a while the process acts as nobody.
class WithoutPrivileges {
 public:
  WithoutPrivileges() { change(65534); }
  ~WithoutPrivileges() { change(0); }

 private:
  void change(uid_t uid) {
    if (getuid() == 0) REQUIRE(seteuid(uid) == 0);
  }
};

std::ptrdiff_t openDescriptors() {
  return std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator());
}

}  // namespace

TEST_CASE("A scan finds the matching files of nested directories, with size and modification time") {
  const ScratchDirectory root;
  const std::string top = root.file("2025-10-04T15:12:13_sb00.hdf5", "12345");
  const std::string nested = root.file("a/b/c/2025-10-04T15:17:22_sb00.hdf5");
  root.file("a/2025-10-04T15:12:13_sb01.hdf5");
  root.file("a/notes.txt");
  const timespec times[] = {{0, 0}, {1759590733, 123456789}};
  REQUIRE(utimensat(AT_FDCWD, top.c_str(), times, 0) == 0);

  const Scanned found = scan(root.path());
  CHECK(found.paths == std::vector<std::string>{top, nested});
  CHECK(found.troubles.empty());
  CHECK(found.directories == std::vector<std::string>{root.path(), root / "a", root / "a/b", root / "a/b/c"});

  TreeScanner scanner(root.path(), "2025-10-04T15:12:13_sb00.hdf5");
  const ScanBatch batch = nextBatch(scanner, 10);
  REQUIRE(batch.paths == std::vector<std::string>{top});
  CHECK(batch.sizeBytes == std::vector<double>{5});
  CHECK(batch.mtimeUs == std::vector<double>{1759590733123456});
  CHECK(batch.entriesSeen == 7);
}

TEST_CASE("A root is joined to its files with one slash, and may be a symbolic link") {
  const ScratchDirectory root;
  root.file("data/x_sb00.hdf5");
  fs::create_directory_symlink(root / "data", root / "link");
  CHECK(scan(root / "data/").paths == std::vector<std::string>{root / "data/x_sb00.hdf5"});
  CHECK(scan(root / "link").paths == std::vector<std::string>{root / "link/x_sb00.hdf5"});
}

TEST_CASE("Hidden files, hidden directories and files being written are left out") {
  const ScratchDirectory root;
  root.file(".x_sb00.hdf5");
  root.file(".~tmp~/x_sb00.hdf5");
  root.file("lost+found/x_sb00.hdf5");
  root.file("x_sb00_incomplete.hdf5");
  root.file("x_incomplete_sb00.hdf5");
  const Scanned found = scan(root.path());
  CHECK(found.paths.empty());
  CHECK(found.directories.size() == 1);
}

TEST_CASE("A link to a file is followed, a link to a directory is not, a dangling link is no trouble") {
  const ScratchDirectory root;
  root.file("elsewhere/target", "123");
  fs::create_symlink(root / "elsewhere/target", root / "link_sb00.hdf5");
  fs::create_symlink(root / "nothing", root / "dangling_sb00.hdf5");
  fs::create_directory_symlink(root.path(), root / "loop");
  fs::create_directory_symlink(root.path(), root / "loop_sb00.hdf5");
  fs::create_symlink(root / "self_sb00.hdf5", root / "self_sb00.hdf5");

  TreeScanner scanner(root.path(), kPattern);
  const ScanBatch batch = nextBatch(scanner, 10);
  CHECK(batch.paths == std::vector<std::string>{root / "link_sb00.hdf5"});
  CHECK(batch.sizeBytes == std::vector<double>{3});
  CHECK(batch.directories.size() == 2);
  REQUIRE(batch.troubles.size() == 1);
  CHECK(batch.troubles[0].path == root / "self_sb00.hdf5");
  CHECK(batch.troubles[0].message == "cannot be read: Too many levels of symbolic links");
}

TEST_CASE("Only regular files are given; a directory is entered whatever its name") {
  const ScratchDirectory root;
  REQUIRE(mkfifo((root / "pipe_sb00.hdf5").c_str(), 0644) == 0);
  const std::string inside = root.file("directory_sb00.hdf5/x_sb00.hdf5");
  CHECK(scan(root.path()).paths == std::vector<std::string>{inside});
}

TEST_CASE("A directory of 5,000 files comes in batches of the size asked for, each file once") {
  const ScratchDirectory root;
  for (int i = 0; i < 5000; ++i) root.file(std::to_string(i) + "_sb00.hdf5");
  const Scanned found = scan(root.path(), 128);
  CHECK(found.largestBatch == 128);
  CHECK(found.paths.size() == 5000);
  CHECK(std::set<std::string>(found.paths.begin(), found.paths.end()).size() == 5000);
}

TEST_CASE("A call ends after a bounded number of entries even where nothing matches") {
  const ScratchDirectory root;
  for (int i = 0; i < 300; ++i) root.file(std::to_string(i) + "_sb01.hdf5");
  TreeScanner scanner(root.path(), kPattern);
  CHECK(nextBatch(scanner, 2).entriesSeen < 2 * TreeScanner::kEntriesPerFile + 1);
  CHECK(nextBatch(scanner, 1000).entriesSeen > 200);
  CHECK(std::holds_alternative<ScanFinished>(scanner.next(1000)));
  CHECK(std::holds_alternative<ScanFinished>(scanner.next(1000)));
}

TEST_CASE("A deep tree is walked with one descriptor") {
  const ScratchDirectory root;
  std::string deep;
  for (int i = 0; i < 200; ++i) deep += "d/";
  const std::string file = root.file(deep + "x_sb00.hdf5");
  const std::ptrdiff_t before = openDescriptors();
  TreeScanner scanner(root.path(), kPattern);
  CHECK(nextBatch(scanner, 1).paths.empty());
  CHECK(openDescriptors() <= before + 1);
  CHECK(rest(scanner).paths == std::vector<std::string>{file});
  CHECK(openDescriptors() == before);
}

TEST_CASE("What vanishes, or becomes a link, during the scan is passed over") {
  const ScratchDirectory root;
  for (const std::string name : {"a", "b", "c"}) root.file(name + "/x_sb00.hdf5");
  TreeScanner scanner(root.path(), kPattern);
  const ScanBatch first = nextBatch(scanner, 1);
  REQUIRE(first.paths.size() == 1);
  std::set<std::string> ahead{root / "a", root / "b", root / "c"};
  ahead.erase(fs::path(first.paths[0]).parent_path());
  fs::remove_all(*ahead.begin());
  fs::remove_all(*ahead.rbegin());
  fs::create_directory_symlink(root.path(), *ahead.rbegin());
  const Scanned others = rest(scanner);
  CHECK(others.paths.empty());
  CHECK(others.troubles.empty());
  CHECK(others.directories.empty());
}

TEST_CASE("A file that vanishes after its name was read is passed over") {
  const ScratchDirectory root;
  const std::set<std::string> both{root.file("1_sb00.hdf5"), root.file("2_sb00.hdf5")};
  TreeScanner scanner(root.path(), kPattern);
  const ScanBatch first = nextBatch(scanner, 1);
  REQUIRE(first.paths.size() == 1);
  for (const std::string& path : both) {
    if (path != first.paths[0]) fs::remove(path);
  }
  const Scanned others = rest(scanner);
  CHECK(others.paths.empty());
  CHECK(others.troubles.empty());
}

TEST_CASE("A directory without permission is a trouble, and the rest is still found") {
  const ScratchDirectory root;
  root.file("closed/x_sb00.hdf5");
  const std::string open = root.file("open/x_sb00.hdf5");
  REQUIRE(chmod((root / "closed").c_str(), 0700) == 0);
  if (getuid() != 0) REQUIRE(chmod((root / "closed").c_str(), 0) == 0);
  Scanned found;
  {
    const WithoutPrivileges nobody;
    found = scan(root.path());
    CHECK(rootError(root / "closed") == EACCES);
  }
  chmod((root / "closed").c_str(), 0700);
  CHECK(found.paths == std::vector<std::string>{open});
  REQUIRE(found.troubles.size() == 1);
  CHECK(found.troubles[0].path == root / "closed");
  CHECK(found.troubles[0].message == "cannot be read: Permission denied");
}

TEST_CASE("A name that is not UTF-8 is a trouble, shown with its bytes escaped") {
  const ScratchDirectory root;
  root.file("caf\xe9_sb00.hdf5");
  root.file("dir\xff/x_sb00.hdf5");
  root.file("not wanted \xff");
  const std::string good = root.file("caf\xc3\xa9_sb00.hdf5");
  const Scanned found = scan(root.path());
  CHECK(found.paths == std::vector<std::string>{good});
  std::set<std::string> troubled;
  for (const auto& trouble : found.troubles) troubled.insert(trouble.path);
  CHECK(troubled == std::set<std::string>{root / "caf\\xe9_sb00.hdf5", root / "dir\\xff"});
}

TEST_CASE("A root that is missing or no directory is told with its error number") {
  const ScratchDirectory root;
  CHECK(rootError(root / "missing") == ENOENT);
  CHECK(rootError(root.file("file")) == ENOTDIR);
}
