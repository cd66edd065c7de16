#include "astrometry/proper_motion.h"

#include <erfa.h>
#include <erfam.h>

#include <cmath>

#include "astrometry/frames.h"

namespace pointing {
namespace {

constexpr double kMinDistancePc = 1e-8;
constexpr double kLightKmS = ERFA_CMPS / 1000;
constexpr double kMaxMotionRad = 1;

bool isPossible(const SpaceMotion& motion, double decRad, double years) {
  const bool hasDistance = motion.distancePc >= kMinDistancePc && std::isfinite(motion.distancePc);
  const double motionRad =
      std::hypot(motion.raRadPerYear * std::cos(decRad), motion.decRadPerYear) * std::abs(years);
  return (motion.distancePc == 0 || hasDistance) && std::abs(motion.radialVelocityKmS) < kLightKmS &&
         motionRad <= kMaxMotionRad;
}

}  // namespace

bool isMoving(const SpaceMotion& motion) {
  return motion.raRadPerYear != 0 || motion.decRadPerYear != 0 || motion.distancePc != 0;
}

Result<double> yearsSinceEpoch(const PhaseCenter& center, const Instant& instant) {
  const Result<TwoPartJulianDate> epoch = julianDateOf(center.epoch);
  if (!epoch) return epoch.failure();
  return ((instant.tt.first - epoch->first) + (instant.tt.second - epoch->second)) / ERFA_DJY;
}

Result<IcrsDirection> movedDirection(const IcrsDirection& atEpoch, const SpaceMotion& motion, double years) {
  if (!isPossible(motion, atEpoch.decRad, years)) {
    return Failure{ErrorCode::out_of_range, "the motion or distance of the phase centre is not a star's"};
  }
  double barycentre[3] = {0, 0, 0};
  double direction[3];
  eraPmpx(atEpoch.raRad, atEpoch.decRad, motion.raRadPerYear, motion.decRadPerYear, parallaxArcsecOf(motion),
          motion.radialVelocityKmS, years, barycentre, direction);
  IcrsDirection moved{};
  eraC2s(direction, &moved.raRad, &moved.decRad);
  moved.raRad = eraAnp(moved.raRad);
  return moved;
}

}  // namespace pointing
