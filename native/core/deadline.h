#pragma once
#include <chrono>

#include "core/result.h"
#include "core/text.h"

namespace pointing {

// When the reading of one file has to end, by the monotonic clock. Readers ask it in every loop whose length
// a file decides. It cannot interrupt a read that hangs in the kernel; see FileReaders.
class Deadline {
 public:
  using Clock = std::chrono::steady_clock;

  static Deadline never() { return {}; }
  static Deadline after(double seconds) {
    Deadline deadline;
    // Longer than any process lives; the clock's own range is finite.
    if (!(seconds < 1e9)) return deadline;
    deadline.limitSeconds_ = seconds;
    deadline.end_ = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                       std::chrono::duration<double>(seconds > 0 ? seconds : 0));
    return deadline;
  }

  bool isPast() const { return end_ != Clock::time_point::max() && Clock::now() >= end_; }
  Failure failure(ErrorCode code) const {
    return {code, "could not be read within the time limit of " + formatNumber(limitSeconds_) + " s"};
  }

 private:
  Deadline() = default;
  Clock::time_point end_ = Clock::time_point::max();
  double limitSeconds_ = 0;
};

}  // namespace pointing
