#pragma once
#include <cstdint>
#include <optional>

#include "core/result.h"
#include "uvh5/header_source.h"
#include "uvh5/pointing_header.h"

namespace pointing {

struct MidTime {
  JulianDateUtc midTime;
  std::uint32_t nTimes;
  bool isEvenlySampled;  // then first and last time sufficed, and there are no gaps
  bool hasGaps;          // two successive times lie more than 1.5 integrations apart
  // Of all integrations together, positive: each as long as the first row says, or as the median step from
  // time to time where that is more than 1.5 times as long, but no longer than from the first to the last.
  std::optional<double> durationS;
};

// The mean of Header/time_array (Julian Date in days, UTC; UVH5 memo, "time_array"), from its first and last
// value where the header shows that it is evenly sampled, else from all of them; and the number of
// integrations, Ntimes or, where that is absent, the number of distinct times. In an evenly sampled file the
// times between are not looked at, so that some that repeat or are not numbers stay unseen. Failures:
// no_time_array (absent or empty), bad_type (of a type that cannot hold a Julian Date: anything but
// floating-point numbers of 8 bytes or more), out_of_range (a time that checkTime refuses, Ntimes and length
// at odds), and the source's.
Result<MidTime> readMidTime(HeaderSource& source);

// out_of_range: a value of Header/time_array that is not a number, or before 1990 or after 2100.
Status checkTime(double jdUtc);

}  // namespace pointing
