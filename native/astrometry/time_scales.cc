#include "astrometry/time_scales.h"

#include <erfa.h>
#include <erfam.h>

#include <array>
#include <cmath>
#include <cstdio>

namespace pointing {

JulianDateUtc julianDateOfMjd(double mjdUtc) {
  const double wholeMjd = std::floor(mjdUtc);
  return {ERFA_DJM0 + wholeMjd, mjdUtc - wholeMjd};
}

std::string writtenMjd(double mjd) {
  std::array<char, 40> text;
  std::snprintf(text.data(), text.size(), "MJD %.11g", mjd);
  return text.data();
}

Result<Instant> instantOf(const JulianDateUtc& timeUtc, const EarthOrientationTable& table) {
  const double mjdUtc = (timeUtc.day - ERFA_DJM0) + timeUtc.fraction;
  if (!(mjdUtc >= kFirstMjdUtc && mjdUtc < kEndMjdUtc)) {
    return Failure{ErrorCode::out_of_range,
                   "the date, " + writtenMjd(mjdUtc) + " UTC, is outside 1990 to 2100"};
  }
  Instant instant{mjdUtc, {}, {}, table.at(mjdUtc)};
  TwoPartJulianDate tai{};
  // Negative: ERFA refuses the date. Positive: it lies beyond the leap seconds announced, and the last one
  // holds.
  const bool converted = eraUtctai(timeUtc.day, timeUtc.fraction, &tai.first, &tai.second) >= 0 &&
                         eraTaitt(tai.first, tai.second, &instant.tt.first, &instant.tt.second) >= 0 &&
                         eraUtcut1(timeUtc.day, timeUtc.fraction, instant.earth.ut1MinusUtcS,
                                   &instant.ut1.first, &instant.ut1.second) >= 0;
  if (!converted) {
    return Failure{ErrorCode::out_of_range, writtenMjd(mjdUtc) + " is not a date in UTC"};
  }
  return instant;
}

}  // namespace pointing
