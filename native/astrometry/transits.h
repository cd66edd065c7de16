#pragma once
#include <vector>

#include "astrometry/earth_orientation.h"
#include "astrometry/local_sky.h"
#include "core/result.h"

namespace pointing {

// Upper transits over a site from one instant to another, both included, oldest first, as MJD UTC within 1
// ms: the apparent hour angle is 0, that is, apparent right ascension equals apparent sidereal time. Within
// an arcsecond of the pole itself, where a direction has no regular transits, the times mean nothing. Fails
// with out_of_range if an end lies outside 1990 to 2100, or the first is after the last.
Result<std::vector<double>> upperTransits(const IcrsDirection& direction, double fromMjdUtc, double toMjdUtc,
                                          const Site& site, const EarthOrientationTable& table);

}  // namespace pointing
