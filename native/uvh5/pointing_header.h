#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "core/result.h"

namespace pointing {

class HeaderSource;

// How a file says where the telescope pointed.
enum class Kind : std::uint8_t {
  hadec,     // DSA-110's keywords: a fixed hour angle and apparent declination
  zenith,    // does not track: the zenith (drift, unprojected), or a fixed azimuth and altitude (driftscan)
  sidereal,  // one phase centre among the stars
};

// Frames of a sidereal phase centre.
enum class Frame : std::uint8_t { icrs, fk5, fk4, galactic, gcrs, cirs };

// A Julian or Besselian epoch, TT.
struct Epoch {
  double year = 2000;
  bool isBesselian = false;
};

// How a phase centre moves, as a change of its ICRS position.
struct SpaceMotion {
  double raRadPerYear = 0;  // dRA/dt: not multiplied by cos(Dec)
  double decRadPerYear = 0;
  double distancePc = 0;  // 0: too far for a parallax
  double radialVelocityKmS = 0;
};

struct PhaseCenter {
  double lonRad = 0;
  double latRad = 0;
  Frame frame = Frame::icrs;
  Epoch epoch = {};  // the equinox of fk5 and fk4; when a moving phase centre was where lon and lat say
  SpaceMotion motion = {};
};

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

// A local sidereal time that the file itself stores, to check the site against.
struct StoredSiderealTime {
  double timeJdUtc;
  double lstRad;
};

// What took the data, as far as the file says. None of it is needed to find where the telescope pointed.
struct Instrument {
  std::string name;             // printable ASCII; empty where the file has none
  std::optional<double> dishM;  // where all antennas have the same diameter
};

// The outer edges of the channels in the file.
struct Band {
  double lowestHz;
  double highestHz;
};

// What a UVH5 header says of pointing, checked and in range.
struct PointingHeader {
  Kind kind;
  JulianDateUtc midTime;  // mean of Header/time_array
  std::uint32_t nTimes;   // integrations
  Site site;
  double haRad = 0;         // hadec, zenith; -pi to pi
  double decRad = 0;        // hadec, zenith: apparent, equinox of date
  PhaseCenter center = {};  // sidereal
  std::optional<StoredSiderealTime> storedSiderealTime = {};
  bool isEvenlySampled = false;          // so that first and last time sufficed
  bool hasGaps = false;                  // times are missing between the first and the last
  std::optional<double> durationS = {};  // integrations times integration time, where that is a day at most
  Instrument instrument = {};
  std::optional<Band> band = {};
};

// Reads and checks what a UVH5 file (UVH5 memo, pyuvdata) says of pointing. Failures: no_header (no group
// Header, or no site in it), unsupported (a site that is not on Earth), those of readMidTime, readDirection
// and readStoredSiderealTime, and the source's.
Result<PointingHeader> readPointingHeader(HeaderSource& source);

}  // namespace pointing
