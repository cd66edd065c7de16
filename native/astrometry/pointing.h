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
  double raIcrsDeg;  // the same direction, no refraction
  double decIcrsDeg;
  double haDeg;   // -180 to 180
  double lstDeg;  // apparent sidereal time (IAU 2006/2000A), 0 to 360
};

Result<Pointing> pointingOf(const PointingHeader& header, const EarthOrientationTable& table);

}  // namespace pointing
