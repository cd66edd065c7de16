#include "astrometry/frames.h"

#include <erfa.h>
#include <erfam.h>

namespace pointing {
namespace {

IcrsDirection icrsOfFk5(double lonRad, double latRad, double equinoxYear) {
  double equinox[2];
  eraEpj2jd(equinoxYear, &equinox[0], &equinox[1]);
  double bias[3][3];
  double precession[3][3];  // J2000 to the equinox
  double both[3][3];
  eraBp06(equinox[0], equinox[1], bias, precession, both);
  double fk5ToIcrs[3][3];
  double spin[3];
  eraFk5hip(fk5ToIcrs, spin);
  double direction[3];
  eraS2c(lonRad, latRad, direction);
  eraTrxp(precession, direction, direction);
  eraRxp(fk5ToIcrs, direction, direction);
  IcrsDirection icrs{};
  eraC2s(direction, &icrs.raRad, &icrs.decRad);
  icrs.raRad = eraAnp(icrs.raRad);
  return icrs;
}

IcrsDirection icrsOfGcrs(double lonRad, double latRad) {
  eraASTROM geocentreAtJ2000{};
  eraApcg13(ERFA_DJ00, 0.0, &geocentreAtJ2000);
  IcrsDirection icrs{};
  eraAticq(lonRad, latRad, &geocentreAtJ2000, &icrs.raRad, &icrs.decRad);
  return icrs;
}

}  // namespace

Result<IcrsDirection> icrsOfFrame(Frame frame, double lonRad, double latRad, double equinoxYear) {
  switch (frame) {
    case Frame::icrs:
      return IcrsDirection{eraAnp(lonRad), latRad};
    case Frame::fk5:
      if (!(equinoxYear >= 1900.0 && equinoxYear <= 2100.0)) {
        return Failure{ErrorCode::out_of_range, "the equinox of the phase centre is not from 1900 to 2100"};
      }
      return icrsOfFk5(lonRad, latRad, equinoxYear);
    case Frame::gcrs:
      return icrsOfGcrs(lonRad, latRad);
  }
  return Failure{ErrorCode::unsupported, "the frame of the phase centre is not icrs, fk5 or gcrs"};
}

}  // namespace pointing
