// The tree scanner on real directory trees.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <initializer_list>
#include <set>
#include <string>
#include <utility>
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
  std::vector<pointing::UnreadablePlace> unreadable;
  std::vector<std::string> directories;
  pointing::PassedOver linkedDirectories, linksOutside;
  std::size_t largestBatch = 0;
};

void add(pointing::PassedOver& all, const pointing::PassedOver& more) {
  all.count += more.count;
  all.paths.insert(all.paths.end(), more.paths.begin(), more.paths.end());
  std::sort(all.paths.begin(), all.paths.end());
}

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
    all.unreadable.insert(all.unreadable.end(), batch->unreadable.begin(), batch->unreadable.end());
    all.directories.insert(all.directories.end(), batch->directories.begin(), batch->directories.end());
    add(all.linkedDirectories, batch->linkedDirectories);
    add(all.linksOutside, batch->linksOutside);
    all.largestBatch = std::max(all.largestBatch, batch->paths.size());
  }
  std::sort(all.paths.begin(), all.paths.end());
  return all;
}

Scanned scan(const std::string& root, std::size_t maxFiles = 1000) {
  TreeScanner scanner(root, kPattern);
  return rest(scanner, maxFiles);
}

Scanned scanFollowing(const std::string& root) {
  TreeScanner scanner(root, kPattern, true);
  return rest(scanner);
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
  CHECK(found.unreadable.empty());
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

TEST_CASE("A link to a file is followed, a link to a directory is not, a dangling link is not an error") {
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
  REQUIRE(batch.unreadable.size() == 1);
  CHECK(batch.unreadable[0].path == root / "self_sb00.hdf5");
  CHECK(batch.unreadable[0].message == "cannot be read: Too many levels of symbolic links");
}

TEST_CASE("Links that lead out of the tree, and linked directories, are passed over by count and name") {
  const ScratchDirectory scratch;
  const std::string root = scratch / "incoming";
  scratch.file("elsewhere/a_sb00.hdf5");
  scratch.file("incoming-2/a_sb00.hdf5");
  scratch.file("incoming/day/a_sb00.hdf5");
  fs::create_symlink(scratch / "elsewhere/a_sb00.hdf5", root + "/out_sb00.hdf5");
  fs::create_symlink("../incoming-2/a_sb00.hdf5", root + "/sibling_sb00.hdf5");
  fs::create_symlink(scratch / "elsewhere/a_sb00.hdf5", root + "/unwanted");
  fs::create_symlink("day/a_sb00.hdf5", root + "/in_sb00.hdf5");
  fs::create_directory_symlink(scratch / "elsewhere", root + "/linked");
  fs::create_directory_symlink(".", root + "/loop_sb00.hdf5");
  fs::create_directory_symlink(scratch / "elsewhere", root + "/.hidden");
  fs::create_directory_symlink(root, scratch / "root");

  for (const std::string& start : {root, scratch / "root"}) {
    const Scanned found = scan(start);
    CHECK(found.paths == std::vector<std::string>{start + "/day/a_sb00.hdf5", start + "/in_sb00.hdf5"});
    CHECK(found.linksOutside.count == 2);
    CHECK(found.linksOutside.paths ==
          std::vector<std::string>{start + "/out_sb00.hdf5", start + "/sibling_sb00.hdf5"});
    CHECK(found.linkedDirectories.count == 2);
    CHECK(found.linkedDirectories.paths ==
          std::vector<std::string>{start + "/linked", start + "/loop_sb00.hdf5"});
    CHECK(found.unreadable.empty());
  }
}

TEST_CASE("However many are passed over, a batch names a bounded number") {
  const ScratchDirectory root;
  for (int i = 0; i < 200; ++i) fs::create_directory_symlink("..", root / std::to_string(i));
  TreeScanner scanner(root.path(), kPattern);
  const ScanBatch batch = nextBatch(scanner, 1000);
  CHECK(batch.linkedDirectories.count == 200);
  CHECK(batch.linkedDirectories.paths.size() == pointing::PassedOver::kMaxPaths);
}

TEST_CASE("On request links are followed; a directory reached twice, or again and again, is read once") {
  const ScratchDirectory scratch;
  const std::string root = scratch / "incoming";
  scratch.file("elsewhere/a_sb00.hdf5");
  scratch.file("elsewhere/deep/b_sb00.hdf5");
  scratch.file("single_sb00.hdf5");
  scratch.file("incoming/day/c_sb00.hdf5");
  fs::create_symlink(scratch / "single_sb00.hdf5", root + "/out_sb00.hdf5");
  // Named before the directory itself, and after.
  fs::create_directory_symlink("day", root + "/a-day");
  fs::create_directory_symlink("day", root + "/z-day");
  // Two to one directory outside, one below it, a loop within it and one around all.
  fs::create_directory_symlink(scratch / "elsewhere", root + "/l1");
  fs::create_directory_symlink(scratch / "elsewhere", root + "/l2");
  fs::create_directory_symlink(scratch / "elsewhere/deep", root + "/l3");
  fs::create_directory_symlink("..", scratch / "elsewhere/deep/up");
  fs::create_directory_symlink(root, scratch / "elsewhere/root");

  const Scanned found = scanFollowing(root);
  CHECK(found.paths == std::vector<std::string>{root + "/day/c_sb00.hdf5", root + "/l1/a_sb00.hdf5",
                                                root + "/l1/deep/b_sb00.hdf5", root + "/out_sb00.hdf5"});
  CHECK(found.linkedDirectories.count == 0);
  CHECK(found.linksOutside.count == 0);
  CHECK(found.unreadable.empty());
  CHECK(scanFollowing(root).paths == found.paths);
}

TEST_CASE("A tree deeper than the system's longest path is unreadable where it goes too deep, and no more") {
  const ScratchDirectory root;
  const std::string sibling = root.file("a_sb00.hdf5");
  const std::string name(250, 'd');
  int directory = open(root.path().c_str(), O_RDONLY | O_DIRECTORY);
  for (int i = 0; i < 20; ++i) {
    REQUIRE(mkdirat(directory, name.c_str(), 0755) == 0);
    const int inner = openat(directory, name.c_str(), O_RDONLY | O_DIRECTORY);
    const int file =
        openat(inner, std::string(200, 'f').append("_sb00.hdf5").c_str(), O_CREAT | O_WRONLY, 0644);
    REQUIRE(file >= 0);
    close(file);
    close(directory);
    directory = inner;
  }
  close(directory);
  const Scanned found = scan(root.path());
  CHECK(found.paths.size() > 15);
  for (const std::string& path : found.paths) CHECK(access(path.c_str(), R_OK) == 0);
  CHECK(std::ranges::find(found.paths, sibling) != found.paths.end());
  CHECK_FALSE(found.unreadable.empty());
  CHECK(found.unreadable.size() <= 2);
}

TEST_CASE("An entry that cannot be examined is unreadable, whether or not its type is known") {
  const ScratchDirectory root;
  root.file("closed/x_sb00.hdf5");
  const int closed = open((root / "closed").c_str(), O_RDONLY | O_DIRECTORY);
  // Its names can be read, and nothing about them.
  REQUIRE(chmod((root / "closed").c_str(), 0744) == 0);
  {
    const WithoutPrivileges nobody;
    if (getuid() == 0) {
      const auto look = pointing::lookAt(closed, "x_sb00.hdf5", {});
      CHECK(look.kind == pointing::PathKind::unreadable);
      CHECK(look.errorNumber == EACCES);
      const Scanned found = scan(root.path());
      REQUIRE(found.unreadable.size() == 1);
      CHECK(found.unreadable[0].path == root / "closed/x_sb00.hdf5");
    }
  }
  close(closed);
}

TEST_CASE("What a path stands for is one definition, with or without a scan") {
  using pointing::PathKind;
  const ScratchDirectory scratch;
  const std::string root = scratch / "incoming";
  scratch.file("private");
  scratch.file("incoming/file");
  fs::create_directory(root + "/directory");
  REQUIRE(mkfifo((root + "/pipe").c_str(), 0600) == 0);
  for (const auto& [name, target] :
       std::initializer_list<std::pair<const char*, const char*>>{{"to-file", "file"},
                                                                  {"to-directory", "directory"},
                                                                  {"to-pipe", "pipe"},
                                                                  {"out", "../private"},
                                                                  {"dangling", "nothing"},
                                                                  {"self", "self"}}) {
    fs::create_symlink(target, root + "/" + name);
  }
  const pointing::LinkRules within{.root = pointing::WatchedRoot::at(root)}, anywhere{.followLinks = true};
  const auto kindOf = [&](const std::string& name, const pointing::LinkRules& rules) {
    return pointing::lookAt(AT_FDCWD, root + "/" + name, rules).kind;
  };
  for (const auto& rules : {within, anywhere}) {
    CHECK(kindOf("file", rules) == PathKind::file);
    CHECK(kindOf("directory", rules) == PathKind::directory);
    CHECK(kindOf("pipe", rules) == PathKind::other);
    CHECK(kindOf("to-file", rules) == PathKind::file);
    CHECK(kindOf("to-directory", rules) == PathKind::linkedDirectory);
    CHECK(kindOf("to-pipe", rules) == PathKind::other);
    CHECK(kindOf("dangling", rules) == PathKind::vanished);
    CHECK(kindOf("absent", rules) == PathKind::vanished);
    CHECK(kindOf("self", rules) == PathKind::unreadable);
  }
  CHECK(kindOf("out", within) == PathKind::outside);
  CHECK(kindOf("out", anywhere) == PathKind::file);
}

TEST_CASE("Times out of range come as the largest that are in it") {
  const ScratchDirectory root;
  const std::string file = root.file("x_sb00.hdf5");
  const timespec times[] = {{0, 0}, {10'000'000'000'000, 0}};
  // Some file systems keep less; then there is nothing to test.
  REQUIRE(utimensat(AT_FDCWD, file.c_str(), times, 0) == 0);
  struct stat status{};
  REQUIRE(stat(file.c_str(), &status) == 0);
  TreeScanner scanner(root.path(), kPattern);
  const ScanBatch batch = nextBatch(scanner, 10);
  REQUIRE(batch.mtimeUs.size() == 1);
  CHECK(batch.mtimeUs[0] == static_cast<double>(pointing::stampOf(status).mtimeUs));
  CHECK(batch.mtimeUs[0] <= 9007199254740991.0);
}

TEST_CASE("Without descriptors each directory is unreadable, and a scan with enough of them finds all") {
  const ScratchDirectory root;
  for (const std::string name : {"a", "b"}) root.file(name + "/x_sb00.hdf5");
  TreeScanner scanner(root.path(), kPattern);
  (void)nextBatch(scanner, 1);
  rlimit before;
  REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
  const rlimit none = {3, before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);
  const Scanned others = rest(scanner);
  REQUIRE(setrlimit(RLIMIT_NOFILE, &before) == 0);
  REQUIRE_FALSE(others.unreadable.empty());
  CHECK(others.unreadable[0].message == "cannot be read: Too many open files");
  CHECK(scan(root.path()).paths.size() == 2);
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

TEST_CASE("A call ends after a bounded number of directories even where none can be opened") {
  const ScratchDirectory root;
  constexpr std::size_t kDirectories = 200;
  for (std::size_t i = 0; i < kDirectories; ++i) fs::create_directory(root / std::to_string(i));
  TreeScanner scanner(root.path(), kPattern);
  for (std::size_t seen = 0; seen < kDirectories;) seen += nextBatch(scanner, 1).entriesSeen;
  for (std::size_t i = 0; i < kDirectories; ++i) fs::remove(root / std::to_string(i));
  unsigned calls = 0;
  while (std::holds_alternative<ScanBatch>(scanner.next(1))) ++calls;
  CHECK(calls >= kDirectories / TreeScanner::kEntriesPerFile - 1);
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
  CHECK(others.unreadable.empty());
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
  CHECK(others.unreadable.empty());
}

TEST_CASE("A directory without permission is an unreadable place, and the rest is still found") {
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
  REQUIRE(found.unreadable.size() == 1);
  CHECK(found.unreadable[0].path == root / "closed");
  CHECK(found.unreadable[0].message == "cannot be read: Permission denied");
}

TEST_CASE("A name that is not UTF-8 is unreadable, shown with its bytes escaped") {
  const ScratchDirectory root;
  root.file("caf\xe9_sb00.hdf5");
  root.file("dir\xff/x_sb00.hdf5");
  root.file("not wanted \xff");
  const std::string good = root.file("caf\xc3\xa9_sb00.hdf5");
  const Scanned found = scan(root.path());
  CHECK(found.paths == std::vector<std::string>{good});
  std::set<std::string> unreadable;
  for (const auto& place : found.unreadable) unreadable.insert(place.path);
  CHECK(unreadable == std::set<std::string>{root / "caf\\xe9_sb00.hdf5", root / "dir\\xff"});
}

TEST_CASE("A root that is missing or no directory is told with its error number") {
  const ScratchDirectory root;
  CHECK(rootError(root / "missing") == ENOENT);
  CHECK(rootError(root.file("file")) == ENOTDIR);
}
