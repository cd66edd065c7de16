#pragma once
#include "astrometry/local_sky.h"
#include "core/result.h"
#include "uvh5/pointing_header.h"

namespace pointing {

// The ICRS direction of a longitude and latitude in one of the frames of UVH5 phase centres.
// fk5: precessed (IAU 2006) from the Julian equinox to J2000, then turned by the FK5-Hipparcos orientation
// without its spin. gcrs: aberration and light deflection of J2000 at the geocentre taken out; that is the
// instant which pyuvdata, the writer of such files, means, astropy's default. Fails with out_of_range if the
// equinox is not from 1900 to 2100.
Result<IcrsDirection> icrsOfFrame(Frame frame, double lonRad, double latRad, double equinoxYear);

}  // namespace pointing
