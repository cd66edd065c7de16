#include "simulator/schedule.h"

#include <cmath>

namespace simulator {

Schedule::Schedule(const Options& options, double nowUnixS)
    : declinations_(options.declinations),
      live_(!options.startUnixS && options.everyS),
      intervalS_(options.intervalS),
      haDeg_(options.haDeg) {
  for (const DeclinationStep& step : declinations_) stepsTotal_ += step.nObservations;
  count_ = options.count.value_or(stepsTotal_);
  startUnixS_ = options.startUnixS.value_or(std::floor(nowUnixS) - intervalS_ * static_cast<double>(count_));
}

Observation Schedule::observation(std::uint64_t index, double nowUnixS) const {
  const double startUnixS =
      live_ ? std::floor(nowUnixS) - intervalS_ : startUnixS_ + intervalS_ * static_cast<double>(index);
  return {startUnixS, decDeg(index), haDeg_};
}

double Schedule::decDeg(std::uint64_t index) const {
  std::uint64_t left = index % stepsTotal_;
  for (const DeclinationStep& step : declinations_) {
    if (left < step.nObservations) return step.decDeg;
    left -= step.nObservations;
  }
  return declinations_.back().decDeg;
}

}  // namespace simulator
