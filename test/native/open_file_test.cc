#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <functional>
#include <limits>

#include "direct/direct_reader.h"
#include "observation.h"
#include "scratch_directory.h"
#include "support.h"

using namespace pointing;

namespace {

// Does something to the file while it is read.
class MeddlingReader : public HeaderReader {
 public:
  explicit MeddlingReader(std::function<void()> meddle) : meddle_(std::move(meddle)) {}
  Result<PointingHeader> read(OpenFile&, const Deadline&) override {
    meddle_();
    return PointingHeader{};
  }

 private:
  std::function<void()> meddle_;
};

Failure failureOf(const std::string& path) {
  const auto header = readDirect(path);
  REQUIRE_FALSE(header.ok());
  return header.failure();
}

}  // namespace

TEST_CASE("only regular files are read, and no path makes the reader wait") {
  const ScratchDirectory directory;
  const auto isNoFile = [](const std::string& path, const char* what) {
    const Failure failure = failureOf(path);
    CHECK(failure.code == ErrorCode::not_hdf5);
    CHECK(failure.message == what);
  };
  isNoFile(directory / ".", "is a directory, not a file");
  REQUIRE(mkfifo((directory / "pipe").c_str(), 0600) == 0);
  isNoFile(directory / "pipe", "is a pipe (FIFO), not a file");
  const int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{AF_UNIX, {}};
  std::strcpy(address.sun_path, (directory / "socket").c_str());
  REQUIRE(bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  isNoFile(directory / "socket", "is a socket, not a file");
  close(listener);
  isNoFile("/dev/zero", "is a device, not a file");
}

TEST_CASE("what cannot be opened is an io_error with the system's reason") {
  const ScratchDirectory directory;
  const Failure failure = failureOf(directory / "missing.hdf5");
  CHECK(failure.code == ErrorCode::io_error);
  CHECK(failure.message == "cannot be opened: No such file or directory");
  std::string withNul = directory / "observation.hdf5";
  writeObservation(withNul, {});
  withNul.push_back('\0');
  CHECK(failureOf(withNul).code == ErrorCode::io_error);
}

TEST_CASE("the stamp is that of the opened file") {
  const ScratchDirectory directory;
  const std::string path = directory / "observation.hdf5";
  writeObservation(path, {});
  const timespec times[2] = {{1'700'000'000, 123'456'789}, {1'700'000'000, 123'456'789}};
  REQUIRE(utimensat(AT_FDCWD, path.c_str(), times, 0) == 0);
  MeddlingReader unused([] {});
  FileStamp stamp;
  REQUIRE(OpenFile::open(path, stamp).ok());
  CHECK(stamp.sizeBytes == static_cast<std::int64_t>(std::filesystem::file_size(path)));
  CHECK(stamp.mtimeUs == 1'700'000'000'123'456);
  CHECK(readHeaderOf(directory / "missing", unused).stamp == FileStamp{-1, -1});
}

TEST_CASE("a fresh file under a writer's lock is locked; an old one is read") {
  const ScratchDirectory directory;
  const std::string path = directory / "observation.hdf5";
  writeObservation(path, {});
  const int writer = open(path.c_str(), O_RDWR);
  REQUIRE(flock(writer, LOCK_EX) == 0);
  CHECK(failureOf(path).code == ErrorCode::locked);
  makeOld(path);
  CHECK(readDirect(path).ok());
  close(writer);
}

TEST_CASE("a reader leaves no lock that would stop a writer") {
  const ScratchDirectory directory;
  const std::string path = directory / "observation.hdf5";
  writeObservation(path, {});
  FileStamp stamp;
  const auto reader = OpenFile::open(path, stamp);
  const int writer = open(path.c_str(), O_RDWR);
  CHECK(flock(writer, LOCK_EX | LOCK_NB) == 0);
  close(writer);
}

TEST_CASE("libhdf5 reads a file that another program has locked, as on file systems where locks fail") {
  const ScratchDirectory directory;
  const std::string path = directory / "observation.hdf5";
  writeObservation(path, {});
  makeOld(path);
  const int writer = open(path.c_str(), O_RDWR);
  REQUIRE(flock(writer, LOCK_EX) == 0);
  CHECK(readLibhdf5(path).ok());
  close(writer);
}

TEST_CASE("a file that changes, or is replaced or removed, while it is read is locked, whatever was read") {
  const ScratchDirectory directory;
  const std::string path = directory / "observation.hdf5", other = directory / "other.hdf5";
  writeObservation(path, {});
  writeObservation(other, {});
  // Of the same size, and as old to the last bit, as a copy with `cp -p` is.
  for (const std::string& name : {path, other}) makeOld(name);
  std::filesystem::last_write_time(other, std::filesystem::last_write_time(path));
  const auto readWhile = [&](std::function<void()> meddle) {
    MeddlingReader reader(std::move(meddle));
    const FileReading reading = readHeaderOf(path, reader);
    REQUIRE_FALSE(reading.header.ok());
    CHECK(reading.header.failure().code == ErrorCode::locked);
  };
  SUBCASE("cut short") {
    readWhile([&] { CHECK(truncate(path.c_str(), 4096) == 0); });
  }
  SUBCASE("replaced") {
    readWhile([&] { std::filesystem::rename(other, path); });
  }
  SUBCASE("removed") {
    readWhile([&] { std::filesystem::remove(path); });
  }
}

TEST_CASE("a link is read where it leads within the watched directory, and not beyond") {
  const ScratchDirectory directory;
  const std::string root = directory / "incoming";
  std::filesystem::create_directories(root + "/day");
  writeObservation(directory / "private.hdf5", {});
  writeObservation(root + "/day/observation.hdf5", {});
  std::filesystem::create_symlink("day/observation.hdf5", root + "/within.hdf5");
  std::filesystem::create_symlink(directory / "private.hdf5", root + "/beyond.hdf5");
  std::filesystem::create_directory_symlink(directory.path(), root + "/linked");
  std::filesystem::create_directory_symlink(root, directory / "link");
  // A name that begins like the root's is not in it.
  std::filesystem::create_directories(root + "-other");
  writeObservation(root + "-other/observation.hdf5", {});
  DirectReader reader;
  for (const std::string& watched : {root, directory / "link"}) {
    const ReadLimits limits{.root = watched};
    const auto codeOf = [&](const std::string& path) {
      const auto header = readHeaderOf(path, reader, limits).header;
      return header ? std::string("read")
                    : std::string(kErrorCodeNames[std::size_t(header.failure().code) - 1]);
    };
    CHECK(codeOf(watched + "/day/observation.hdf5") == "read");
    CHECK(codeOf(watched + "/within.hdf5") == "read");
    CHECK(codeOf(watched + "/beyond.hdf5") == "unsupported");
    CHECK(codeOf(watched + "/linked/private.hdf5") == "unsupported");
    CHECK(codeOf(root + "-other/observation.hdf5") == "unsupported");
  }
  CHECK(readHeaderOf(root + "/beyond.hdf5", reader).header.ok());
}

TEST_CASE("sizes and times that no double or database holds become the largest that they do") {
  constexpr std::int64_t kMax = (std::int64_t{1} << 53) - 1;
  struct stat status{};
  status.st_size = std::numeric_limits<off_t>::max();
  status.st_mtim = {std::numeric_limits<time_t>::max(), 999'999'999};
  status.st_ctim = {std::numeric_limits<time_t>::min(), 0};
  CHECK(stampOf(status) == FileStamp{kMax, kMax, -kMax});
  status.st_mtim = {10'000'000'000'000, 0};
  status.st_ctim = {-2, 999'999'999};
  CHECK(stampOf(status).mtimeUs == kMax);
  CHECK(stampOf(status).ctimeUs == -1'000'001);
}
