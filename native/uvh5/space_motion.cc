#include "uvh5/space_motion.h"

#include <cmath>
#include <numbers>

#include "core/text.h"

namespace pointing {

namespace {

constexpr double kRadPerMas = std::numbers::pi / (180 * 3'600'000.0);

Result<double> readFiniteOrZero(HeaderSource& source, const std::string& path) {
  auto number = readNumber(source, path);
  if (!number) return number.failure();
  if (!*number) return 0.0;
  if (std::isfinite(**number)) return **number;
  return Failure{ErrorCode::out_of_range, path + " is " + formatNumber(**number)};
}

}  // namespace

Result<SpaceMotion> readSpaceMotion(HeaderSource& source, const std::string& entry) {
  auto raMasPerYear = readFiniteOrZero(source, entry + "/cat_pm_ra");
  if (!raMasPerYear) return raMasPerYear.failure();
  auto decMasPerYear = readFiniteOrZero(source, entry + "/cat_pm_dec");
  if (!decMasPerYear) return decMasPerYear.failure();
  auto distancePc = readFiniteOrZero(source, entry + "/cat_dist");
  if (!distancePc) return distancePc.failure();
  if (*distancePc < 0) {
    return Failure{ErrorCode::out_of_range,
                   entry + "/cat_dist is " + formatNumber(*distancePc) + ", expected a distance in parsecs"};
  }
  auto radialVelocityKmS = readFiniteOrZero(source, entry + "/cat_vrad");
  if (!radialVelocityKmS) return radialVelocityKmS.failure();
  return SpaceMotion{.raRadPerYear = *raMasPerYear * kRadPerMas,
                     .decRadPerYear = *decMasPerYear * kRadPerMas,
                     .distancePc = *distancePc,
                     .radialVelocityKmS = *radialVelocityKmS};
}

}  // namespace pointing
