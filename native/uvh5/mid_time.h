#pragma once
#include <cstdint>

#include "core/result.h"
#include "uvh5/header_source.h"
#include "uvh5/pointing_header.h"

namespace pointing {

struct MidTime {
  JulianDateUtc midTime;
  std::uint32_t nTimes;
};

// The mean of Header/time_array (Julian Date in days, UTC; UVH5 memo, "time_array"), from its first and last
// value where the header shows that it is evenly sampled, else from all of them; and the number of
// integrations, Ntimes or, where that is absent, the number of distinct times. Failures: no_time_array
// (absent or empty), out_of_range (not finite, before 1990 or after 2100, Ntimes and length at odds), and the
// source's.
Result<MidTime> readMidTime(HeaderSource& source);

}  // namespace pointing
