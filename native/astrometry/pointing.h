#pragma once
#include "astrometry/earth_orientation.h"
#include "core/result.h"
#include "uvh5/pointing_header.h"

namespace pointing {

// Where the telescope pointed at the middle of an observation.
struct Pointing {
  double midTimeMjdUtc;
  double raDeg;  // apparent, equinox of date: LST - HA, 0 to 360
  double decDeg;
  double raIcrsDeg;  // the same direction, no refraction; of a phase centre with parallax, without that
  double decIcrsDeg;
  double haDeg;   // -180 to 180
  double lstDeg;  // apparent sidereal time (IAU 2006/2000A), 0 to 360
  EarthOrientationOrigin earthOrientation;
};

// Needs the leap seconds of loadEarthOrientation; any thread. Fails with out_of_range if a value of the
// header is not finite or lies outside its range: |dec| or |latitude in frame| above 90 degrees, |HA| above
// 180, a date outside 1990 to 2100, no such site or epoch, a motion that is no star's, a stored sidereal time
// more than 0.1 degrees from the one computed here.
Result<Pointing> pointingOf(const PointingHeader& header, const EarthOrientationTable& table);

}  // namespace pointing
