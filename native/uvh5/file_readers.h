#pragma once
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "uvh5/read_file.h"

namespace pointing {

// The reads that hang in the kernel, by path. Any number of FileReaders and threads may share one.
class HangingReads {
 public:
  void add(const std::string& path);
  void remove(const std::string& path);
  bool contain(const std::string& path) const;
  unsigned count() const;

 private:
  mutable std::mutex mutex_;
  std::multiset<std::string> paths_;  // one file may hang several reads that began at once
};

// Reads many files at once, since a cold disk answers several questions in the time of one. Each of its
// threads has a reader, which keeps what it has learnt for the next call. One caller at a time.
//
// A read from a dead file system hangs in the kernel, and nothing in this process can interrupt it. Its
// thread is given up a moment after the file's time limit: the file is a timeout, by the fault of its file
// system and worth another try, another thread takes its place, and the call returns. The thread ends when
// the kernel lets it go, or with the process; until then it keeps its reader (330 KB) and its descriptor, and
// its path is a timeout at once, without a thread.
class FileReaders {
 public:
  using Make = std::function<std::unique_ptr<HeaderReader>()>;
  explicit FileReaders(Make make, std::shared_ptr<HangingReads> hanging = std::make_shared<HangingReads>())
      : make_(std::move(make)), hanging_(std::move(hanging)) {}

  // Reading i is of path i. With fewer threads, down to the calling one, where the system grants no more.
  // timeout: its file system does not answer this read or an earlier one. io_error: not tried, because
  // kMaxThreads reads of others hang.
  std::vector<FileReading> read(std::span<const std::string> paths, unsigned atOnce,
                                const ReadLimits& limits);
  static constexpr unsigned kMaxThreads = 64;

 private:
  struct Batch;
  bool start(const std::shared_ptr<Batch>& batch);
  void giveUpLate(const std::shared_ptr<Batch>& batch);
  std::unique_ptr<HeaderReader> takeReader();

  Make make_;
  std::vector<std::unique_ptr<HeaderReader>> idle_;
  std::shared_ptr<HangingReads> hanging_;
};

}  // namespace pointing
