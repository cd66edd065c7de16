#pragma once
#include <erfa.h>

#include "astrometry/celestial_state.h"
#include "astrometry/time_scales.h"
#include "uvh5/pointing_header.h"

namespace pointing {

// A direction, ICRS.
struct IcrsDirection {
  double raRad;  // 0 to 2 pi
  double decRad;
};

// A direction as seen from a site, without refraction. Hour angle and declination refer to the terrestrial
// pole and meridian (polar motion applied) and to the equator of date, with annual and diurnal aberration.
struct ApparentDirection {
  double haRad;  // -pi to pi, west positive
  double decRad;
  double azimuthRad;  // 0 to 2 pi, from north through east
  double elevationRad;
};

// 0 for a source too far for a parallax.
double parallaxArcsecOf(const SpaceMotion& motion);

// Apparent sidereal time (IAU 2006/2000A) on a meridian, 0 to 2 pi: Greenwich's plus the east longitude.
double apparentSiderealTimeRad(const Instant& instant, const CelestialState& state, double longitudeDeg);

// Fails with out_of_range unless |latitude| <= 90, |longitude| <= 360 and the altitude lies from -1 to 100
// km.
Result<Site> checkedSite(const Site& site);

// The sky over one checked site at one instant. Immutable; values as ERFA's eraAtoc13 and eraAtco13 give them
// at zero pressure, with the series behind them evaluated once for all directions.
class LocalSky {
 public:
  LocalSky(const Instant& instant, const CelestialState& state, const Site& site);

  double apparentSiderealTimeRad() const { return siderealTimeRad_; }
  IcrsDirection icrsOf(double haRad, double decRad) const;
  ApparentDirection apparentOf(const IcrsDirection& direction) const;
  // Of a star that was at `atEpoch`, seen from the barycentre, that many Julian years ago; with its parallax.
  ApparentDirection apparentOf(const IcrsDirection& atEpoch, const SpaceMotion& motion, double years) const;

  // Where the site sees them among the stars, good to 0.01 degrees: the parallax of the Moon is in it.
  IcrsDirection sun() const;
  IcrsDirection moon() const;

 private:
  ApparentDirection apparentOfCirs(double raRad, double decRad) const;

  double siderealTimeRad_;
  TwoPartJulianDate tt_;
  double earthBarycentric_[3];  // au
  eraASTROM astrom_;
};

}  // namespace pointing
