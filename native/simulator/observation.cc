#include "simulator/observation.h"

#include <cmath>
#include <cstdio>
#include <ctime>

namespace simulator {
namespace {

constexpr double kUnixEpochJd = 2440587.5;
constexpr double kSecondsPerDay = 86400.0;
constexpr double kStepsOverGap = 7.0;  // six integrations missing, and the step to the next

}  // namespace

std::vector<double> midTimesJdUtc(const FileLayout& layout, const Observation& observation) {
  std::vector<double> times;
  double jd = kUnixEpochJd + observation.startUnixS / kSecondsPerDay + kIntegrationS / 2 / kSecondsPerDay;
  for (hsize_t i = 0; i < layout.nTimes; ++i) {
    times.push_back(jd);
    jd += kIntegrationS / kSecondsPerDay * (layout.gapAfter == i ? kStepsOverGap : 1.0);
  }
  return times;
}

std::string fileName(const Observation& observation, int subband) {
  const auto seconds = static_cast<std::time_t>(std::floor(observation.startUnixS));
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char stamp[32];
  std::strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &utc);
  char name[64];
  std::snprintf(name, sizeof name, "%s_sb%02d.hdf5", stamp, subband);
  return name;
}

}  // namespace simulator
