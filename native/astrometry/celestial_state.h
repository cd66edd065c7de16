#pragma once
#include "astrometry/time_scales.h"

namespace pointing {

// What the apparent sky depends on everywhere on Earth alike, at one instant of TT: where the celestial pole
// points (IAU 2006/2000A) and how the Earth moves.
struct CelestialState {
  double cipX;  // Celestial Intermediate Pole, GCRS unit vector
  double cipY;
  double cioLocatorRad;           // s
  double equationOfOriginsRad;    // Earth rotation angle less apparent sidereal time
  double earthBarycentric[2][3];  // position (au) and velocity (au/day), BCRS axes
  double earthHeliocentric[3];    // au
};

// Evaluates the full series, some 80 us: nearly all the time that a direction takes.
CelestialState celestialStateAt(const TwoPartJulianDate& tt);

// The same within 1e-5 arcsec, from full evaluations at fixed times a quarter of a day apart. Each thread
// keeps those it has made, so that instants close in time, in any order, take a fraction of a microsecond.
// The result depends on the instant alone, not on what is kept. Any thread.
CelestialState interpolatedCelestialStateAt(const TwoPartJulianDate& tt);

// The same within 0.003 arcsec, from evaluations of the pole each day, by a shorter series, and of the
// Earth's motion each fourth day: for a few instants each day over years.
CelestialState coarselyInterpolatedCelestialStateAt(const TwoPartJulianDate& tt);

}  // namespace pointing
