#pragma once
#include "astrometry/time_scales.h"

namespace pointing {

// Turns a unit vector of FK4, with its E-terms of aberration, into FK5 at J2000: E-terms out, Newcomb's
// precession from the equinox to B1950, then Murray's rotation of FK4 to FK5 (1989, A&A 218, 325, equations
// 28 and 29) at the equinox. FK4 turns against the stars by half an arcsecond a century, and the equinox is
// taken for the time of the coordinates, as in astropy's FK4 unless it is told otherwise.
void fk5OfFk4(const TwoPartJulianDate& equinoxTt, double direction[3]);

}  // namespace pointing
