// Reading many files at once, where some never end and the system grants too little.
#include "uvh5/file_readers.h"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>

#include "direct/direct_reader.h"
#include "observation.h"
#include "scratch_directory.h"
#include "support.h"

using namespace pointing;

namespace {

// Files of this size are those of a file system that does not answer, until it does.
constexpr std::uint64_t kHangs = 777;

class Gate {
 public:
  void wait() {
    std::unique_lock lock(mutex_);
    opened_.wait(lock, [&] { return isOpen_; });
  }
  void open() {
    const std::scoped_lock lock(mutex_);
    isOpen_ = true;
    opened_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool isOpen_ = false;
};

// Each of its reads ends just as its thread is given up: a second after the time limit.
class LateReader : public HeaderReader {
 public:
  explicit LateReader(double limitSeconds)
      : sleepUs_(static_cast<useconds_t>(limitSeconds * 1e6) + 1'000'000) {}
  Result<PointingHeader> read(OpenFile&, const Deadline&) override {
    usleep(sleepUs_);
    return PointingHeader{};
  }

 private:
  useconds_t sleepUs_;
};

class HangingReader : public HeaderReader {
 public:
  explicit HangingReader(Gate& gate) : gate_(&gate) {}
  Result<PointingHeader> read(OpenFile& file, const Deadline&) override {
    if (file.size() == kHangs) gate_->wait();
    return PointingHeader{};
  }

 private:
  Gate* gate_;
};

std::vector<std::string> files(const ScratchDirectory& directory, unsigned count) {
  std::vector<std::string> paths;
  for (unsigned i = 0; i < count; ++i) {
    paths.push_back(directory / (std::to_string(i) + ".hdf5"));
    writeObservation(paths.back(), {});
  }
  return paths;
}

// What a child process says of itself, by its exit status.
template <typename Check>
bool holdsInChild(Check check) {
  const pid_t child = fork();
  if (child == 0) _exit(check() ? 0 : 1);
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool areAllRead(const std::vector<FileReading>& readings) {
  for (const FileReading& reading : readings) {
    if (!reading.header.ok()) return false;
  }
  return !readings.empty();
}

FileReaders directReaders() {
  return FileReaders([] { return std::make_unique<DirectReader>(); });
}

}  // namespace

TEST_CASE("each reading is its path's, with any number of threads") {
  const ScratchDirectory directory;
  auto paths = files(directory, 40);
  paths[7] = directory / "missing";
  FileReaders readers = directReaders();
  for (const unsigned atOnce : {1, 3, 64}) {
    const auto readings = readers.read(paths, atOnce, {});
    REQUIRE(readings.size() == paths.size());
    for (std::size_t i = 0; i < readings.size(); ++i) CHECK(readings[i].header.ok() == (i != 7));
  }
  CHECK(readers.read({}, 4, {}).empty());
}

TEST_CASE("a file whose read hangs may be retried, all others are read, and the call returns") {
  const ScratchDirectory directory;
  Gate gate;
  {
    const auto hanging = std::make_shared<HangingReads>();
    FileReaders readers([&] { return std::make_unique<HangingReader>(gate); }, hanging);
    auto paths = files(directory, 20);
    for (const std::size_t i : {0, 1, 2}) std::filesystem::resize_file(paths[i], kHangs);
    // All threads hang at first, so that others must take their place.
    const auto readings = readers.read(paths, 3, {.secondsPerFile = 0.1});
    for (std::size_t i = 0; i < readings.size(); ++i) {
      CAPTURE(i);
      if (i >= 3) {
        CHECK(readings[i].header.ok());
      } else {
        REQUIRE_FALSE(readings[i].header.ok());
        CHECK(readings[i].header.failure().code == ErrorCode::timeout);
        CHECK(readings[i].header.failure().message == "its file system did not answer within 0.1 s");
      }
    }
    CHECK(hanging->count() == 3);
    gate.open();
    while (hanging->count() != 0) usleep(1000);
  }
}

TEST_CASE("a file that hangs costs one thread however often it is tried, also by others, until it answers") {
  const ScratchDirectory directory;
  Gate gate;
  const auto hanging = std::make_shared<HangingReads>();
  const auto make = [&] { return std::make_unique<HangingReader>(gate); };
  FileReaders readers(make, hanging), others(make, hanging);
  const std::string hangs = directory.file("hangs", std::string(kHangs, 'x'));
  const std::string good = files(directory, 1)[0];
  const ReadLimits limits{.secondsPerFile = 0.1};
  for (unsigned i = 0; i < FileReaders::kMaxThreads + 6; ++i) {
    const auto header = (i % 2 == 0 ? readers : others).read(std::vector{hangs}, 1, limits)[0].header;
    REQUIRE_FALSE(header.ok());
    CHECK(header.failure().code == ErrorCode::timeout);
  }
  CHECK(hanging->count() == 1);
  const auto both = readers.read(std::vector{hangs, good}, 1, limits);
  CHECK_FALSE(both[0].header.ok());
  CHECK(both[1].header.ok());
  gate.open();
  while (hanging->count() != 0) usleep(1000);
  CHECK(readers.read(std::vector{hangs}, 1, limits)[0].header.ok());
}

TEST_CASE("a read that ends as it is given up is either its result or a timeout, and its thread ends") {
  const ScratchDirectory directory;
  const std::vector<std::string> paths(FileReaders::kMaxThreads, directory.file("late", "x"));
  constexpr double kLimitSeconds = 0.01;
  const auto hanging = std::make_shared<HangingReads>();
  FileReaders readers([=] { return std::make_unique<LateReader>(kLimitSeconds); }, hanging);
  for (int i = 0; i < 3; ++i) {
    for (const FileReading& reading :
         readers.read(paths, FileReaders::kMaxThreads, {.secondsPerFile = kLimitSeconds})) {
      CHECK((reading.header.ok() || reading.header.failure().code == ErrorCode::timeout));
    }
    for (int waitedMs = 0; hanging->count() != 0 && waitedMs < 20'000; ++waitedMs) usleep(1000);
    REQUIRE(hanging->count() == 0);
  }
}

TEST_CASE("threads that hang are bounded: beyond, files are left for later at once") {
  const ScratchDirectory directory;
  Gate gate;
  const auto hanging = std::make_shared<HangingReads>();
  FileReaders readers([&] { return std::make_unique<HangingReader>(gate); }, hanging);
  std::vector<std::string> paths;
  for (unsigned i = 0; i < FileReaders::kMaxThreads + 5; ++i) {
    paths.push_back(directory.file(std::to_string(i), std::string(kHangs, 'x')));
  }
  const auto outcomes = [&] {
    unsigned hung = 0, left = 0;
    for (const FileReading& reading :
         readers.read(paths, FileReaders::kMaxThreads, {.secondsPerFile = 0.1})) {
      REQUIRE_FALSE(reading.header.ok());
      const ErrorCode code = reading.header.failure().code;
      REQUIRE((code == ErrorCode::timeout || code == ErrorCode::io_error));
      ++(code == ErrorCode::timeout ? hung : left);
    }
    return std::pair(hung, left);
  };
  CHECK(outcomes() == std::pair(FileReaders::kMaxThreads, 5u));
  // Those that hang are known as such; of the others nothing is said.
  CHECK(outcomes() == std::pair(FileReaders::kMaxThreads, 5u));
  gate.open();
  while (hanging->count() != 0) usleep(1000);
}

TEST_CASE("where no thread can be had, the calling one reads") {
  const ScratchDirectory directory;
  const auto paths = files(directory, 20);
  CHECK(holdsInChild([&] {
    const rlimit none = {1, 1};
    // Root has no limit.
    if (setrlimit(RLIMIT_NPROC, &none) != 0 || (getuid() == 0 && setuid(65534) != 0)) return false;
    return areAllRead(directReaders().read(paths, 8, {.secondsPerFile = 30}));
  }));
}

// The sanitizer's own look at an object needs a descriptor, and fails there.
#ifndef __SANITIZE_ADDRESS__
TEST_CASE("libhdf5 without a descriptor left: an io_error with the system's reason, worth another try") {
  const ScratchDirectory directory;
  const auto paths = files(directory, 1);
  CHECK(holdsInChild([&] {
    const int next = dup(0);
    const rlimit one = {static_cast<rlim_t>(next) + 1, static_cast<rlim_t>(next) + 1};
    close(next);
    if (setrlimit(RLIMIT_NOFILE, &one) != 0) return false;
    const auto header = readLibhdf5(paths[0]);
    return !header.ok() && header.failure().code == ErrorCode::io_error &&
           header.failure().message.find("Too many open files") != std::string::npos;
  }));
}
#endif

TEST_CASE("few file descriptors: what can be read is, and the rest is told why not and what to do") {
  const ScratchDirectory directory;
  const auto paths = files(directory, 40);
  const auto readWith = [&](unsigned descriptors, auto check) {
    return holdsInChild([&] {
      const rlimit few = {descriptors, descriptors};
      if (setrlimit(RLIMIT_NOFILE, &few) != 0) return false;
      return check(directReaders().read(paths, 8, {}));
    });
  };
  CHECK(readWith(64, areAllRead));
  CHECK(readWith(3, [](const std::vector<FileReading>& readings) {
    for (const FileReading& reading : readings) {
      if (reading.header.ok() || reading.header.failure().code != ErrorCode::io_error ||
          reading.header.failure().message !=
              "cannot be opened: Too many open files; raise the limit (LimitNOFILE=, ulimit -n)") {
        return false;
      }
    }
    return !readings.empty();
  }));
}
