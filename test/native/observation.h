#pragma once
#include <hdf5.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "hdf5_writer.h"

namespace pointing {

// A small UVH5 file in the manner of DSA-110's, and how it departs from that.
struct Observation {
  bool latest = false;
  bool gzip = false;
  bool compact = false;
  hsize_t chunkLength = 4;  // of arrays; 0: contiguous
  hid_t realType = H5T_IEEE_F64LE;
  hid_t integerType = H5T_STD_I64LE;
  bool scalarsAreArrays = false;  // shape (1,)
  int nTimes = 6;
  int nBls = 3;
  int gapAfter = -1;                            // six integrations are missing after this one
  std::set<std::string> without = {};           // paths left out
  std::function<void(Hdf5Writer&)> extra = {};  // writes more, such as what `without` left out
};

inline constexpr double kFirstJd = 2460953.5;
inline constexpr double kIntegrationS = 12.884901888;
inline constexpr double kDecRad = 0.9524261728133057;
inline constexpr double kHaRad = -0.03;

std::vector<double> timesOf(const Observation& observation);
void writeObservation(const std::string& path, const Observation& observation);

}  // namespace pointing
