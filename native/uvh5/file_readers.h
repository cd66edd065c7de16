#pragma once
#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "uvh5/read_file.h"

namespace pointing {

// Reads many files at once, since a cold disk answers several questions in the time of one. Each of its
// threads has a reader, which keeps what it has learnt for the next call. One caller at a time.
//
// A read from a dead file system hangs in the kernel, and nothing in this process can interrupt it. Its
// thread is given up a moment after the file's time limit: the file is a timeout, by the fault of its file
// system and worth another try, another thread takes its place, and the call returns. The thread ends when
// the kernel lets it go, or with the process; until then it keeps its reader (330 KB) and its descriptor.
class FileReaders {
 public:
  using Make = std::function<std::unique_ptr<HeaderReader>()>;
  explicit FileReaders(Make make) : make_(std::move(make)) {}

  // Reading i is of path i. With fewer threads, down to the calling one, where the system grants no more.
  // timeout: not tried, because kMaxThreads threads hang.
  std::vector<FileReading> read(std::span<const std::string> paths, unsigned atOnce,
                                const ReadLimits& limits);
  static constexpr unsigned kMaxThreads = 64;

  // Threads that hang in the kernel.
  unsigned hung() const { return *hung_; }

 private:
  struct Batch;
  bool start(const std::shared_ptr<Batch>& batch);
  void giveUpLate(const std::shared_ptr<Batch>& batch);
  std::unique_ptr<HeaderReader> takeReader();

  Make make_;
  std::vector<std::unique_ptr<HeaderReader>> idle_;
  std::shared_ptr<std::atomic<unsigned>> hung_ = std::make_shared<std::atomic<unsigned>>(0);
};

}  // namespace pointing
