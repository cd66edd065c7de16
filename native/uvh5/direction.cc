#include "uvh5/direction.h"

#include <cmath>
#include <numbers>

#include "core/text.h"
#include "uvh5/phase_center.h"

namespace pointing {

namespace {

constexpr char kDeclination[] = "Header/extra_keywords/phase_center_dec";
constexpr char kHourAngle[] = "Header/extra_keywords/ha_phase_center";
constexpr char kEpoch[] = "Header/extra_keywords/phase_center_epoch";

Result<Direction> readHourAngleAndDeclination(HeaderSource& source) {
  auto epoch = readText(source, kEpoch);
  if (!epoch) return epoch.failure();
  if (*epoch && **epoch != "HADEC") {
    return Failure{ErrorCode::unsupported,
                   std::string(kEpoch) + " is \"" + printable(**epoch) + "\"; only \"HADEC\" is known"};
  }
  auto decRad = readNumber(source, kDeclination);
  if (!decRad) return decRad.failure();
  if (!*decRad) return Failure{ErrorCode::no_declination, std::string(kDeclination) + " is missing"};
  auto haRad = readNumber(source, kHourAngle);
  if (!haRad) return haRad.failure();
  if (!*haRad) return Failure{ErrorCode::no_hour_angle, std::string(kHourAngle) + " is missing"};
  Status inRange = checkAngle(kDeclination, **decRad, 90);
  if (inRange) inRange = checkAngle(kHourAngle, **haRad, 180);
  if (!inRange) return inRange.failure();
  return Direction{.kind = Kind::hadec, .haRad = **haRad, .decRad = **decRad};
}

}  // namespace

Result<Direction> readDirection(HeaderSource& source, const Site& site) {
  for (const char* path : {kDeclination, kHourAngle, kEpoch}) {
    auto present = source.has(path);
    if (!present) return present.failure();
    if (*present) return readHourAngleAndDeclination(source);
  }
  auto center = readPhaseCenter(source);
  if (!center) return center.failure();
  if (!*center) {
    return Direction{.kind = Kind::zenith, .decRad = site.latitudeDeg * (std::numbers::pi / 180)};
  }
  return Direction{.kind = Kind::sidereal,
                   .lonRad = (*center)->lonRad,
                   .latRad = (*center)->latRad,
                   .frame = (*center)->frame,
                   .equinoxYear = (*center)->equinoxYear};
}

}  // namespace pointing
