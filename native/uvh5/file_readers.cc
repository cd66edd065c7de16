#include "uvh5/file_readers.h"

#include <algorithm>
#include <condition_variable>
#include <list>
#include <mutex>
#include <system_error>
#include <thread>

#include "core/text.h"

namespace pointing {

namespace {

using Clock = Deadline::Clock;

// Beyond the time limit, in which a reader that does not hang reports it itself.
constexpr std::chrono::seconds kGrace{1};

Clock::time_point givenUpAt(double limitSeconds) {
  if (!(limitSeconds < 1e9)) return Clock::time_point::max();
  return Clock::now() +
         std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(limitSeconds)) + kGrace;
}

}  // namespace

void HangingReads::add(const std::string& path) {
  const std::scoped_lock lock(mutex_);
  paths_.insert(path);
}

void HangingReads::remove(const std::string& path) {
  const std::scoped_lock lock(mutex_);
  if (const auto found = paths_.find(path); found != paths_.end()) paths_.erase(found);
}

bool HangingReads::contain(const std::string& path) const {
  const std::scoped_lock lock(mutex_);
  return paths_.contains(path);
}

unsigned HangingReads::count() const {
  const std::scoped_lock lock(mutex_);
  return static_cast<unsigned>(paths_.size());
}

// What a call and its threads share. A thread that was given up outlives the call and keeps this alive.
struct FileReaders::Batch {
  struct Worker {
    std::size_t file = 0;
    Clock::time_point givenUpAt = Clock::time_point::max();
    bool givenUp = false;
  };

  std::vector<std::string> paths;
  ReadLimits limits;
  std::shared_ptr<HangingReads> hanging;
  std::vector<FileReading> readings;

  std::mutex mutex;  // for all below, and for readings
  std::condition_variable workerEnded;
  std::size_t next = 0;
  std::list<Worker> workers, given;  // running; given up
  std::vector<std::unique_ptr<HeaderReader>> returned;
  bool isRefusedThreads = false;  // by the system

  // Whether a file is left. Those that hang an earlier read are answered.
  bool hasNext() {
    while (next < paths.size() && hanging->contain(paths[next])) {
      readings[next++].header =
          Failure{ErrorCode::timeout, "was not read: an earlier read of it still waits for its file system"};
    }
    return next < paths.size();
  }

  // Takes files until none is left. False where it was given up meanwhile.
  bool work(Worker& worker, HeaderReader& reader) {
    std::unique_lock lock(mutex);
    while (hasNext()) {
      worker.file = next++;
      worker.givenUpAt = givenUpAt(limits.secondsPerFile);
      lock.unlock();
      FileReading reading = readHeaderOf(paths[worker.file], reader, limits);
      lock.lock();
      if (worker.givenUp) return false;
      readings[worker.file] = std::move(reading);
      worker.givenUpAt = Clock::time_point::max();  // what has ended is not given up
    }
    return true;
  }
};

std::vector<FileReading> FileReaders::read(std::span<const std::string> paths, unsigned atOnce,
                                           const ReadLimits& limits) {
  const auto batch = std::make_shared<Batch>();
  batch->paths.assign(paths.begin(), paths.end());
  batch->limits = limits;
  batch->hanging = hanging_;
  const Failure notTried{ErrorCode::io_error,
                         "was not read: " + std::to_string(kMaxThreads) +
                             " earlier reads still wait for file systems that are not responding"};
  batch->readings.assign(paths.size(), {{}, notTried});

  std::unique_lock lock(batch->mutex);
  const std::size_t wanted = std::min<std::size_t>(std::max(atOnce, 1u), paths.size());
  while (batch->workers.size() < wanted && batch->hasNext() && start(batch)) continue;
  if (batch->workers.empty() && batch->isRefusedThreads) {
    // No thread could be started at all: this one reads, and would hang with a file that does.
    lock.unlock();
    auto reader = takeReader();
    Batch::Worker self;
    batch->work(self, *reader);
    idle_.push_back(std::move(reader));
    return std::move(batch->readings);
  }
  while (!batch->workers.empty()) {
    const auto first = std::ranges::min(batch->workers, {}, &Batch::Worker::givenUpAt).givenUpAt;
    if (first == Clock::time_point::max()) {
      // Workers that have yet to take their first file, or have read their last, have no time.
      batch->workerEnded.wait_for(lock, kGrace);
    } else {
      batch->workerEnded.wait_until(lock, first);
    }
    giveUpLate(batch);
  }
  std::ranges::move(batch->returned, std::back_inserter(idle_));
  batch->returned.clear();
  return std::move(batch->readings);
}

// The lock is held. False where no thread could be started.
bool FileReaders::start(const std::shared_ptr<Batch>& batch) {
  if (hanging_->count() + batch->workers.size() >= kMaxThreads) return false;
  const auto worker = batch->workers.emplace(batch->workers.end());
  try {
    std::thread([batch, worker, reader = takeReader()]() mutable {
      if (batch->work(*worker, *reader)) {
        const std::scoped_lock lock(batch->mutex);
        batch->returned.push_back(std::move(reader));
        batch->workers.erase(worker);
        batch->workerEnded.notify_one();
      } else {
        batch->hanging->remove(batch->paths[worker->file]);
      }
    }).detach();
    return true;
  } catch (const std::system_error&) {
    batch->workers.erase(worker);
    batch->isRefusedThreads = true;
    return false;
  }
}

// The lock is held.
void FileReaders::giveUpLate(const std::shared_ptr<Batch>& batch) {
  const auto now = Clock::now();
  for (auto at = batch->workers.begin(); at != batch->workers.end();) {
    const auto worker = at++;
    if (worker->givenUpAt > now) continue;
    worker->givenUp = true;
    batch->readings[worker->file].header =
        Failure{ErrorCode::timeout,
                "its file system did not answer within " + formatNumber(batch->limits.secondsPerFile) + " s"};
    batch->given.splice(batch->given.end(), batch->workers, worker);
    hanging_->add(batch->paths[worker->file]);
    if (batch->hasNext()) start(batch);
  }
}

std::unique_ptr<HeaderReader> FileReaders::takeReader() {
  if (idle_.empty()) return make_();
  auto reader = std::move(idle_.back());
  idle_.pop_back();
  return reader;
}

}  // namespace pointing
