#include "astrometry/local_sky.h"

#include <erfam.h>

#include <cmath>

#include "astrometry/angles.h"

namespace pointing {
namespace {

IcrsDirection directionOf(const double (&vector)[3]) {
  double toBody[3];
  for (int axis = 0; axis < 3; ++axis) toBody[axis] = vector[axis];
  IcrsDirection direction{};
  eraC2s(toBody, &direction.raRad, &direction.decRad);
  return {eraAnp(direction.raRad), direction.decRad};
}

}  // namespace

double apparentSiderealTimeRad(const Instant& instant, const CelestialState& state, double longitudeDeg) {
  const double earthRotationAngleRad = eraEra00(instant.ut1.first, instant.ut1.second);
  return eraAnp(earthRotationAngleRad - state.equationOfOriginsRad + radiansOf(longitudeDeg));
}

double parallaxArcsecOf(const SpaceMotion& motion) {
  return motion.distancePc == 0 ? 0 : 1 / motion.distancePc;
}

Result<Site> checkedSite(const Site& site) {
  if (!(std::abs(site.latitudeDeg) <= 90.0)) {
    return Failure{ErrorCode::out_of_range, "the site's latitude is outside -90 to 90 degrees"};
  }
  if (!(std::abs(site.longitudeDeg) <= 360.0)) {
    return Failure{ErrorCode::out_of_range, "the site's longitude is outside -360 to 360 degrees"};
  }
  if (!(site.altitudeM >= -1e3 && site.altitudeM <= 1e5)) {
    return Failure{ErrorCode::out_of_range, "the site's altitude is outside -1000 to 100000 metres"};
  }
  return site;
}

LocalSky::LocalSky(const Instant& instant, const CelestialState& state, const Site& site)
    : siderealTimeRad_(pointing::apparentSiderealTimeRad(instant, state, site.longitudeDeg)),
      tt_(instant.tt),
      earthBarycentric_{},
      astrom_{} {
  // ERFA takes its inputs through pointers that are not const.
  CelestialState inputs = state;
  eraCp(inputs.earthBarycentric[0], earthBarycentric_);
  eraApco(instant.tt.first, instant.tt.second, inputs.earthBarycentric, inputs.earthHeliocentric, inputs.cipX,
          inputs.cipY, inputs.cioLocatorRad, eraEra00(instant.ut1.first, instant.ut1.second),
          radiansOf(site.longitudeDeg), radiansOf(site.latitudeDeg), site.altitudeM, instant.earth.xpRad,
          instant.earth.ypRad, eraSp00(instant.tt.first, instant.tt.second), 0.0, 0.0, &astrom_);
}

IcrsDirection LocalSky::icrsOf(double haRad, double decRad) const {
  eraASTROM astrom = astrom_;
  double cirsRaRad = 0.0;
  double cirsDecRad = 0.0;
  eraAtoiq("H", haRad, decRad, &astrom, &cirsRaRad, &cirsDecRad);
  IcrsDirection direction{};
  eraAticq(cirsRaRad, cirsDecRad, &astrom, &direction.raRad, &direction.decRad);
  return direction;
}

ApparentDirection LocalSky::apparentOf(const IcrsDirection& direction) const {
  eraASTROM astrom = astrom_;
  double cirsRaRad = 0.0;
  double cirsDecRad = 0.0;
  eraAtciqz(direction.raRad, direction.decRad, &astrom, &cirsRaRad, &cirsDecRad);
  return apparentOfCirs(cirsRaRad, cirsDecRad);
}

ApparentDirection LocalSky::apparentOf(const IcrsDirection& atEpoch, const SpaceMotion& motion,
                                       double years) const {
  eraASTROM astrom = astrom_;
  astrom.pmt = years;
  double cirsRaRad = 0.0;
  double cirsDecRad = 0.0;
  eraAtciq(atEpoch.raRad, atEpoch.decRad, motion.raRadPerYear, motion.decRadPerYear, parallaxArcsecOf(motion),
           motion.radialVelocityKmS, &astrom, &cirsRaRad, &cirsDecRad);
  return apparentOfCirs(cirsRaRad, cirsDecRad);
}

IcrsDirection LocalSky::sun() const {
  const double toSun[3] = {-astrom_.eh[0], -astrom_.eh[1], -astrom_.eh[2]};
  return directionOf(toSun);
}

IcrsDirection LocalSky::moon() const {
  double geocentric[2][3];
  eraMoon98(tt_.first, tt_.second, geocentric);
  double toMoon[3];
  for (int axis = 0; axis < 3; ++axis) {
    toMoon[axis] = geocentric[0][axis] - (astrom_.eb[axis] - earthBarycentric_[axis]);
  }
  return directionOf(toMoon);
}

ApparentDirection LocalSky::apparentOfCirs(double raRad, double decRad) const {
  eraASTROM astrom = astrom_;
  ApparentDirection apparent{};
  double zenithDistanceRad = 0.0;
  double cioRaRad = 0.0;
  eraAtioq(raRad, decRad, &astrom, &apparent.azimuthRad, &zenithDistanceRad, &apparent.haRad,
           &apparent.decRad, &cioRaRad);
  apparent.elevationRad = ERFA_DPI / 2.0 - zenithDistanceRad;
  return apparent;
}

}  // namespace pointing
