#pragma once
#include <cstdint>
#include <ctime>

#include "simulator/observation.h"
#include "simulator/options.h"

namespace simulator {

// What is observed when.
class Schedule {
 public:
  // nowUnixS: when the run begins.
  Schedule(const Options& options, double nowUnixS);

  bool has(std::uint64_t index) const { return count_ == 0 || index < count_; }
  // nowUnixS: when the observation is about to be written.
  Observation observation(std::uint64_t index, double nowUnixS) const;

 private:
  double decDeg(std::uint64_t index) const;

  std::vector<DeclinationStep> declinations_;
  std::uint64_t stepsTotal_ = 0;  // observations after which the declinations start over
  std::uint64_t count_;           // 0: without end
  bool live_;                     // each observation ends as it is written
  double startUnixS_;
  double intervalS_;
  double haDeg_;
};

}  // namespace simulator
