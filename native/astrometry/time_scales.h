#pragma once
#include <string>

#include "astrometry/earth_orientation.h"
#include "core/result.h"
#include "uvh5/pointing_header.h"

namespace pointing {

// A Julian Date in two parts, as ERFA takes it: their sum is the date.
struct TwoPartJulianDate {
  double first;
  double second;
};

// One instant in the scales that astrometry needs.
struct Instant {
  double mjdUtc;
  TwoPartJulianDate ut1;
  TwoPartJulianDate tt;
  EarthOrientation earth;
};

// The dates for which pointing is computed: 1990-01-01 up to the end of 2100.
constexpr double kFirstMjdUtc = 47892.0;
constexpr double kEndMjdUtc = 88434.0;

// A UTC date as read from a file or a database, in two parts so that it keeps its microseconds.
JulianDateUtc julianDateOfMjd(double mjdUtc);

// For messages: "MJD 60952.635199".
std::string writtenMjd(double mjd);

// Fails with out_of_range for a date that is not finite or outside the dates above. On a day with a leap
// second the UTC Julian Date is ERFA's, whose day has 86401 seconds.
Result<Instant> instantOf(const JulianDateUtc& timeUtc, const EarthOrientationTable& table);

}  // namespace pointing
