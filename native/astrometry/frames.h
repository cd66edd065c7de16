#pragma once
#include "astrometry/celestial_state.h"
#include "astrometry/local_sky.h"
#include "astrometry/time_scales.h"
#include "core/result.h"
#include "uvh5/pointing_header.h"

namespace pointing {

// The two parts of an epoch's Julian Date, TT. Fails with out_of_range if it is not from 1900 to 2100.
Result<TwoPartJulianDate> julianDateOf(const Epoch& epoch);

// The ICRS direction of a phase centre's longitude and latitude in its frame, without its motion, as pyuvdata
// has it of astropy:
//   fk5: precessed (IAU 2006) from the equinox to J2000, then turned by the FK5-Hipparcos orientation without
//     its spin
//   fk4: see fk5OfFk4, then as fk5
//   galactic: Reid and Brunthaler 2004, by way of fk5
//   gcrs, cirs: of the instant, at the geocentre: aberration and light deflection taken out
// Fails with out_of_range if the equinox of fk5 or fk4 is not from 1900 to 2100.
Result<IcrsDirection> icrsOfFrame(const PhaseCenter& center, const Instant& instant,
                                  const CelestialState& state);

}  // namespace pointing
