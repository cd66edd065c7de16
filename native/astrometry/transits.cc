#include "astrometry/transits.h"

#include <erfam.h>

#include <algorithm>
#include <cmath>

#include "astrometry/celestial_state.h"
#include "astrometry/time_scales.h"

namespace pointing {
namespace {

constexpr double kTurnsPerDay = 1.00273781191135448;  // of the Earth rotation angle, IAU 2000
constexpr double kSiderealDay = 1.0 / kTurnsPerDay;
constexpr double kRadPerDay = 2.0 * ERFA_DPI * kTurnsPerDay;
constexpr double kLastStepDays = 1e-5;  // a step leaves some 1e-5 of itself as error
constexpr int kMaxSteps = 10;

// The transit nearest to a time. One outside the dates of instantOf is found only roughly, from the nearest
// date.
Result<double> nearestTransit(const IcrsDirection& direction, double mjdUtc, const Site& site,
                              const EarthOrientationTable& table) {
  for (int i = 0; i < kMaxSteps; ++i) {
    const double date = std::clamp(mjdUtc, kFirstMjdUtc, std::nextafter(kEndMjdUtc, 0.0));
    const Result<Instant> instant = instantOf(julianDateOfMjd(date), table);
    if (!instant) return instant.failure();
    const LocalSky sky(*instant, interpolatedCelestialStateAt(instant->tt), site);
    const double stepDays = -sky.apparentOf(direction).haRad / kRadPerDay;
    mjdUtc = date + stepDays;
    if (std::abs(stepDays) < kLastStepDays) break;
  }
  return mjdUtc;
}

}  // namespace

Result<std::vector<double>> upperTransits(const IcrsDirection& direction, double fromMjdUtc, double toMjdUtc,
                                          const Site& site, const EarthOrientationTable& table) {
  if (!(fromMjdUtc >= kFirstMjdUtc && fromMjdUtc <= toMjdUtc && toMjdUtc < kEndMjdUtc)) {
    return Failure{ErrorCode::out_of_range, "from " + writtenMjd(fromMjdUtc) + " to " + writtenMjd(toMjdUtc) +
                                                " is not a date range within 1990 to 2100"};
  }
  std::vector<double> transitsMjdUtc;
  Result<double> transit = nearestTransit(direction, fromMjdUtc, site, table);
  while (transit && *transit <= toMjdUtc) {
    if (*transit >= fromMjdUtc) transitsMjdUtc.push_back(*transit);
    // Never less than half a turn on, so that the search ends even where the nearest transit is the one
    // before.
    const double earliest = *transit + kSiderealDay / 2.0;
    transit = nearestTransit(direction, *transit + kSiderealDay, site, table);
    if (transit) *transit = std::max(*transit, earliest);
  }
  if (!transit) return transit.failure();
  return transitsMjdUtc;
}

}  // namespace pointing
