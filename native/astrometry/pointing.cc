#include "astrometry/pointing.h"

#include <erfam.h>

#include <array>
#include <cmath>
#include <cstdio>

#include "astrometry/angles.h"
#include "astrometry/celestial_state.h"
#include "astrometry/frames.h"
#include "astrometry/local_sky.h"
#include "astrometry/proper_motion.h"
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
          .lstDeg = positiveDegreesOf(sky.apparentSiderealTimeRad()),
          .earthOrientation = instant.earth.origin};
}

// Writers before 2018-11 stored latitude and longitude in radians. A sidereal time that the file stores
// beside them tells; that of another model or of UT1 taken for UTC is off by less than this.
constexpr double kSiderealToleranceDeg = 0.1;
constexpr double kSiderealRadPerDay = ERFA_D2PI * 1.00273781191135448;  // IAU 2000

Status checkSiderealTime(const PointingHeader& header, const LocalSky& sky) {
  if (!header.storedSiderealTime) return Done{};
  const auto& [timeJdUtc, lstRad] = *header.storedSiderealTime;
  const double sinceMidTimeDays = (timeJdUtc - header.midTime.day) - header.midTime.fraction;
  const double expectedRad = sky.apparentSiderealTimeRad() + kSiderealRadPerDay * sinceMidTimeDays;
  if (std::abs(std::remainder(lstRad - expectedRad, ERFA_D2PI)) <= radiansOf(kSiderealToleranceDeg)) {
    return Done{};
  }
  std::array<char, 160> message;
  std::snprintf(
      message.data(), message.size(),
      "Header/lst_array holds %.4f degrees where site and time give %.4f; latitude and longitude must "
      "be in degrees",
      positiveDegreesOf(lstRad), positiveDegreesOf(expectedRad));
  return Failure{ErrorCode::out_of_range, message.data()};
}

Result<Pointing> pointingOfSidereal(const PointingHeader& header, const Instant& instant,
                                    const CelestialState& state, const LocalSky& sky) {
  const PhaseCenter& center = header.center;
  if (!std::isfinite(center.lonRad) || !(std::abs(center.latRad) <= ERFA_DPI / 2.0)) {
    return Failure{ErrorCode::out_of_range,
                   "the phase centre is not a direction: its latitude is outside -90 to 90 degrees"};
  }
  const Result<IcrsDirection> atEpoch = icrsOfFrame(center, instant, state);
  if (!atEpoch) return atEpoch.failure();
  if (!isMoving(center.motion)) {
    const ApparentDirection apparent = sky.apparentOf(*atEpoch);
    return pointingFrom(instant, sky, apparent.haRad, apparent.decRad, *atEpoch);
  }
  const Result<double> years = yearsSinceEpoch(center, instant);
  if (!years) return years.failure();
  const Result<IcrsDirection> icrs = movedDirection(*atEpoch, center.motion, *years);
  if (!icrs) return icrs.failure();
  const ApparentDirection apparent = sky.apparentOf(*atEpoch, center.motion, *years);
  return pointingFrom(instant, sky, apparent.haRad, apparent.decRad, *icrs);
}

Result<Pointing> pointingOfHourAngle(const PointingHeader& header, const Instant& instant,
                                     const LocalSky& sky) {
  if (!(std::abs(header.haRad) <= ERFA_DPI)) {
    return Failure{ErrorCode::out_of_range, "the hour angle is outside -180 to 180 degrees"};
  }
  if (!(std::abs(header.decRad) <= ERFA_DPI / 2.0)) {
    return Failure{ErrorCode::out_of_range, "the declination is outside -90 to 90 degrees"};
  }
  return pointingFrom(instant, sky, header.haRad, header.decRad, sky.icrsOf(header.haRad, header.decRad));
}

}  // namespace

Result<Pointing> pointingOf(const PointingHeader& header, const EarthOrientationTable& table) {
  const Result<Site> site = checkedSite(header.site);
  if (!site) return site.failure();
  const Result<Instant> instant = instantOf(header.midTime, table);
  if (!instant) return instant.failure();
  const CelestialState state = interpolatedCelestialStateAt(instant->tt);
  const LocalSky sky(*instant, state, *site);
  Status siteIsRight = checkSiderealTime(header, sky);
  if (!siteIsRight) return siteIsRight.failure();
  return header.kind == Kind::sidereal ? pointingOfSidereal(header, *instant, state, sky)
                                       : pointingOfHourAngle(header, *instant, sky);
}

}  // namespace pointing
