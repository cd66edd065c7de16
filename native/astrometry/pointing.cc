#include "astrometry/pointing.h"

#include <erfam.h>

#include <cmath>

#include "astrometry/angles.h"
#include "astrometry/celestial_state.h"
#include "astrometry/frames.h"
#include "astrometry/local_sky.h"
#include "astrometry/time_scales.h"

namespace pointing {
namespace {

Pointing pointingFrom(const Instant& instant, const LocalSky& sky, double haRad, double decRad,
                      const IcrsDirection& icrs) {
  return {.midTimeMjdUtc = instant.mjdUtc,
          .raDeg = positiveDegreesOf(sky.apparentSiderealTimeRad() - haRad),
          .decDeg = degreesOf(decRad),
          .raIcrsDeg = positiveDegreesOf(icrs.raRad),
          .decIcrsDeg = degreesOf(icrs.decRad),
          .haDeg = degreesOf(haRad),
          .lstDeg = positiveDegreesOf(sky.apparentSiderealTimeRad())};
}

Result<Pointing> pointingOfSidereal(const PointingHeader& header, const Instant& instant,
                                    const LocalSky& sky) {
  if (!std::isfinite(header.lonRad) || !(std::abs(header.latRad) <= ERFA_DPI / 2.0)) {
    return Failure{ErrorCode::out_of_range,
                   "the phase centre is not a direction: its latitude must lie from -90 to 90 degrees"};
  }
  const Result<IcrsDirection> icrs =
      icrsOfFrame(header.frame, header.lonRad, header.latRad, header.equinoxYear);
  if (!icrs) return icrs.failure();
  const ApparentDirection apparent = sky.apparentOf(*icrs);
  return pointingFrom(instant, sky, apparent.haRad, apparent.decRad, *icrs);
}

Result<Pointing> pointingOfHourAngle(const PointingHeader& header, const Instant& instant,
                                     const LocalSky& sky) {
  if (!(std::abs(header.haRad) <= ERFA_DPI)) {
    return Failure{ErrorCode::out_of_range, "the hour angle is not from -180 to 180 degrees"};
  }
  if (!(std::abs(header.decRad) <= ERFA_DPI / 2.0)) {
    return Failure{ErrorCode::out_of_range, "the declination is not from -90 to 90 degrees"};
  }
  return pointingFrom(instant, sky, header.haRad, header.decRad, sky.icrsOf(header.haRad, header.decRad));
}

}  // namespace

Result<Pointing> pointingOf(const PointingHeader& header, const EarthOrientationTable& table) {
  const Result<Site> site = checkedSite(header.site);
  if (!site) return site.failure();
  const Result<Instant> instant = instantOf(header.midTime, table);
  if (!instant) return instant.failure();
  const LocalSky sky(*instant, interpolatedCelestialStateAt(instant->tt), *site);
  return header.kind == Kind::sidereal ? pointingOfSidereal(header, *instant, sky)
                                       : pointingOfHourAngle(header, *instant, sky);
}

}  // namespace pointing
