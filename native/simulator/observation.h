#pragma once
#include <string>
#include <vector>

#include "simulator/file_layout.h"

namespace simulator {

// One observation of a fixed direction, as its header tells it.
struct Observation {
  double startUnixS;  // UTC, when the first integration begins
  double decDeg;      // apparent, equinox of date
  double haDeg;
};

// DSA-110's integration time.
inline constexpr double kIntegrationS = 12.884901888;

// The centre of each integration.
std::vector<double> midTimesJdUtc(const FileLayout& layout, const Observation& observation);

// YYYY-MM-DDTHH:MM:SS_sbNN.hdf5, the stamp being the start in UTC.
std::string fileName(const Observation& observation, int subband);

}  // namespace simulator
