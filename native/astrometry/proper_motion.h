#pragma once
#include "astrometry/local_sky.h"
#include "astrometry/time_scales.h"
#include "core/result.h"
#include "uvh5/pointing_header.h"

namespace pointing {

bool isMoving(const SpaceMotion& motion);

// Julian years from the epoch of a phase centre to an instant. Fails with out_of_range for an epoch outside
// 1900 to 2100.
Result<double> yearsSinceEpoch(const PhaseCenter& center, const Instant& instant);

// Where a direction has moved in a time, seen from the barycentre: in a straight line through space (ERFA
// eraPmpx). ERFA's eraPmsafe and eraStarpm allow for relativity too, which comes to 0.4 mas in 75 years for
// the fastest star, but where the distance is unknown their iteration can end up to 60 mas off. Fails with
// out_of_range for more than a radian, and for what no star can have: a distance below the Moon's, or a
// radial velocity above that of light.
Result<IcrsDirection> movedDirection(const IcrsDirection& atEpoch, const SpaceMotion& motion, double years);

}  // namespace pointing
