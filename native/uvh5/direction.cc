#include "uvh5/direction.h"

#include <erfa.h>

#include <numbers>
#include <string>
#include <variant>

#include "core/text.h"
#include "uvh5/phase_center.h"

namespace pointing {

namespace {

constexpr char kDeclination[] = "Header/extra_keywords/phase_center_dec";
constexpr char kHourAngle[] = "Header/extra_keywords/ha_phase_center";
constexpr char kEpoch[] = "Header/extra_keywords/phase_center_epoch";
constexpr double kRadPerDeg = std::numbers::pi / 180;
// No dish looks lower.
constexpr double kLowestAltitudeDeg = 1;

// What DSA-110's writer has stored: "HADEC", and until 2022-01-18 the integer 2000, which was a wrong label.
bool isHadecEpoch(const Scalar& epoch) {
  if (const double* number = std::get_if<double>(&epoch)) return *number == 2000;
  return withoutPadding(std::get<std::string>(epoch)) == "HADEC";
}

// The epoch alone makes a file DSA-110's only where it is one that no other writer stores.
Result<bool> isHadec(HeaderSource& source) {
  for (const char* path : {kDeclination, kHourAngle}) {
    auto present = source.has(path);
    if (!present || *present) return present;
  }
  auto epoch = orAbsent(source.scalar(kEpoch));
  if (!epoch) return epoch.failure();
  return *epoch && std::holds_alternative<std::string>(**epoch) && isHadecEpoch(**epoch);
}

Status checkEpoch(HeaderSource& source) {
  auto epoch = source.scalar(kEpoch);
  if (!epoch) return epoch.failure();
  if (!*epoch || isHadecEpoch(**epoch)) return Done{};
  const double* number = std::get_if<double>(&**epoch);
  std::string message = std::string(kEpoch) + " is ";
  if (number) {
    message.append(formatNumber(*number));
  } else {
    message.append("\"").append(printable(std::get<std::string>(**epoch))).append("\"");
  }
  return Failure{ErrorCode::unsupported, message.append("; only \"HADEC\" and the number 2000 are known")};
}

// In July 2021 the DSA-110's writer took the horizon for the direction of antennas that it had not asked
// (github.com/dsa110/dsa110-meridian-fs, v1.1.2-rc3, dsamfs/utils.py).
Status checkAboveHorizon(double haRad, double decRad, const Site& site) {
  double azimuthRad = 0, altitudeRad = 0;
  eraHd2ae(haRad, decRad, site.latitudeDeg * kRadPerDeg, &azimuthRad, &altitudeRad);
  if (altitudeRad >= kLowestAltitudeDeg * kRadPerDeg) return Done{};
  return Failure{ErrorCode::out_of_range, std::string(kDeclination) + " is " + formatNumber(decRad) +
                                              " rad, which is not above the horizon of the site"};
}

Result<Direction> readHourAngleAndDeclination(HeaderSource& source, const Site& site) {
  Status known = checkEpoch(source);
  if (!known) return known.failure();
  auto decRad = readNumber(source, kDeclination);
  if (!decRad) return decRad.failure();
  if (!*decRad) return Failure{ErrorCode::no_declination, std::string(kDeclination) + " is missing"};
  auto haRad = readNumber(source, kHourAngle);
  if (!haRad) return haRad.failure();
  if (!*haRad) return Failure{ErrorCode::no_hour_angle, std::string(kHourAngle) + " is missing"};
  Status inRange = checkAngle(kDeclination, **decRad, 90);
  if (inRange) inRange = checkAngle(kHourAngle, **haRad, 180);
  if (inRange) inRange = checkAboveHorizon(**haRad, **decRad, site);
  if (!inRange) return inRange.failure();
  return Direction{.kind = Kind::hadec, .haRad = **haRad, .decRad = **decRad};
}

}  // namespace

Result<Direction> readDirection(HeaderSource& source, const Site& site) {
  auto hadec = isHadec(source);
  if (!hadec) return hadec.failure();
  if (*hadec) return readHourAngleAndDeclination(source, site);
  auto center = readPhaseCenter(source);
  if (!center) return center.failure();
  const double latitudeRad = site.latitudeDeg * kRadPerDeg;
  if (const auto* fixed = std::get_if<Horizontal>(&*center)) {
    Direction direction{.kind = Kind::zenith};
    eraAe2hd(fixed->azimuthRad, fixed->altitudeRad, latitudeRad, &direction.haRad, &direction.decRad);
    return direction;
  }
  if (const auto* sidereal = std::get_if<PhaseCenter>(&*center)) {
    return Direction{.kind = Kind::sidereal, .center = *sidereal};
  }
  return Direction{.kind = Kind::zenith, .decRad = latitudeRad};
}

}  // namespace pointing
