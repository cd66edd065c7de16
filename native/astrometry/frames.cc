#include "astrometry/frames.h"

#include <erfa.h>
#include <erfam.h>

#include "astrometry/angles.h"
#include "astrometry/fk4.h"

namespace pointing {
namespace {

IcrsDirection icrsOfFk5(double direction[3]) {
  double fk5ToIcrs[3][3];
  double spin[3];
  eraFk5hip(fk5ToIcrs, spin);
  eraRxp(fk5ToIcrs, direction, direction);
  IcrsDirection icrs{};
  eraC2s(direction, &icrs.raRad, &icrs.decRad);
  icrs.raRad = eraAnp(icrs.raRad);
  return icrs;
}

void precessToJ2000(const TwoPartJulianDate& equinoxTt, double direction[3]) {
  double bias[3][3];
  double precession[3][3];  // J2000 to the equinox
  double both[3][3];
  eraBp06(equinoxTt.first, equinoxTt.second, bias, precession, both);
  eraTrxp(precession, direction, direction);
}

// The galactic pole, and the galactic longitude of the celestial one, in FK5 at J2000 (Reid and Brunthaler
// 2004, appendix), with the digits that astropy gets from their definition at B1950.
void fk5OfGalactic(double direction[3]) {
  double fk5ToGalactic[3][3];
  eraIr(fk5ToGalactic);
  eraRz(radiansOf(192.8594812065348), fk5ToGalactic);
  eraRy(radiansOf(90 - 27.12825118085622), fk5ToGalactic);
  eraRz(radiansOf(180 - 122.9319185680026), fk5ToGalactic);
  eraTrxp(fk5ToGalactic, direction, direction);
}

IcrsDirection icrsOfGeocentric(const PhaseCenter& center, const Instant& instant,
                               const CelestialState& state) {
  // ERFA takes its inputs through pointers that are not const.
  CelestialState inputs = state;
  eraASTROM geocentre{};
  if (center.frame == Frame::gcrs) {
    eraApcg(instant.tt.first, instant.tt.second, inputs.earthBarycentric, inputs.earthHeliocentric,
            &geocentre);
  } else {
    eraApci(instant.tt.first, instant.tt.second, inputs.earthBarycentric, inputs.earthHeliocentric,
            inputs.cipX, inputs.cipY, inputs.cioLocatorRad, &geocentre);
  }
  IcrsDirection icrs{};
  eraAticq(center.lonRad, center.latRad, &geocentre, &icrs.raRad, &icrs.decRad);
  return icrs;
}

}  // namespace

Result<TwoPartJulianDate> julianDateOf(const Epoch& epoch) {
  if (!(epoch.year >= 1900.0 && epoch.year <= 2100.0)) {
    return Failure{ErrorCode::out_of_range, "the epoch of the phase centre is not from 1900 to 2100"};
  }
  TwoPartJulianDate tt{};
  if (epoch.isBesselian) {
    eraEpb2jd(epoch.year, &tt.first, &tt.second);
  } else {
    eraEpj2jd(epoch.year, &tt.first, &tt.second);
  }
  return tt;
}

Result<IcrsDirection> icrsOfFrame(const PhaseCenter& center, const Instant& instant,
                                  const CelestialState& state) {
  if (center.frame == Frame::icrs) return IcrsDirection{eraAnp(center.lonRad), center.latRad};
  if (center.frame == Frame::gcrs || center.frame == Frame::cirs) {
    return icrsOfGeocentric(center, instant, state);
  }
  double direction[3];
  eraS2c(center.lonRad, center.latRad, direction);
  if (center.frame == Frame::galactic) {
    fk5OfGalactic(direction);
    return icrsOfFk5(direction);
  }
  const Result<TwoPartJulianDate> equinoxTt = julianDateOf(center.epoch);
  if (!equinoxTt) return equinoxTt.failure();
  if (center.frame == Frame::fk4) {
    fk5OfFk4(*equinoxTt, direction);
  } else {
    precessToJ2000(*equinoxTt, direction);
  }
  return icrsOfFk5(direction);
}

}  // namespace pointing
