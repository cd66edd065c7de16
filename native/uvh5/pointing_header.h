#pragma once
#include <cstdint>

#include "core/result.h"

namespace pointing {

class HeaderSource;

// How a file says where the telescope pointed.
enum class Kind : std::uint8_t {
  hadec,     // DSA-110's keywords: a fixed hour angle and apparent declination
  zenith,    // drift scan or unprojected: hour angle 0 at the site's latitude
  sidereal,  // one phase centre fixed on the sky
};

// Frames of a sidereal phase centre that ERFA can carry to ICRS.
enum class Frame : std::uint8_t { icrs, fk5, gcrs };

// Geodetic WGS84, as in the UVH5 header.
struct Site {
  double latitudeDeg;
  double longitudeDeg;  // east positive
  double altitudeM;
};

// A UTC Julian Date in two parts, so that fractions of a day keep their microseconds (ERFA's convention).
struct JulianDateUtc {
  double day;       // whole part
  double fraction;  // days
};

// What a UVH5 header says of pointing, checked and in range.
struct PointingHeader {
  Kind kind;
  JulianDateUtc midTime;  // mean of Header/time_array
  std::uint32_t nTimes;   // integrations
  Site site;
  double haRad;   // hadec, zenith; -pi to pi
  double decRad;  // hadec, zenith: apparent, equinox of date
  double lonRad;  // sidereal: longitude and latitude in frame
  double latRad;
  Frame frame;
  double equinoxYear;  // fk5 only: Julian epoch of the equinox
};

// Reads and checks what a UVH5 file (UVH5 memo, pyuvdata) says of pointing. Failures: no_header (no group
// Header, or no site in it), those of readMidTime and readDirection, and the source's.
Result<PointingHeader> readPointingHeader(HeaderSource& source);

}  // namespace pointing
