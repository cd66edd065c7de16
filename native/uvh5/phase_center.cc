#include "uvh5/phase_center.h"

#include <array>
#include <cmath>
#include <numbers>
#include <optional>
#include <string>
#include <utility>

#include "core/text.h"
#include "uvh5/catalog.h"
#include "uvh5/epoch.h"
#include "uvh5/space_motion.h"

namespace pointing {

namespace {

constexpr std::array<std::pair<std::string_view, Frame>, 6> kFrames = {{{"icrs", Frame::icrs},
                                                                        {"fk5", Frame::fk5},
                                                                        {"fk4", Frame::fk4},
                                                                        {"galactic", Frame::galactic},
                                                                        {"gcrs", Frame::gcrs},
                                                                        {"cirs", Frame::cirs}}};
constexpr double kFirstFk5EquinoxYear = 1984;  // FITS: Greisen and Calabretta 2002, RADESYS

Failure unsupported(std::string_view what, std::string_view value, std::string_view known) {
  return {ErrorCode::unsupported,
          std::string(what) + " is \"" + printable(value) + "\"; known are " + std::string(known)};
}

Failure incomplete(const std::string& path) {
  return {ErrorCode::unsupported, path + " is missing, so the file does not say where the telescope pointed"};
}

Result<Frame> frameNamed(const std::string& path, std::string_view name) {
  for (const auto& [known, frame] : kFrames) {
    if (name == known) return frame;
  }
  return unsupported(path, name, "icrs, fk5, fk4, galactic, gcrs and cirs");
}

Result<double> readAngle(HeaderSource& source, const std::string& path, double limitDeg,
                         const std::optional<double>& ifAbsentRad, const Failure& ifAbsent) {
  auto angleRad = readNumber(source, path);
  if (!angleRad) return angleRad.failure();
  if (!*angleRad) return ifAbsentRad ? Result<double>(*ifAbsentRad) : ifAbsent;
  Status inRange = checkAngle(path, **angleRad, limitDeg);
  if (!inRange) return inRange.failure();
  return **angleRad;
}

// Fills longitude and latitude of a centre whose frame is known.
Result<PhasedTo> readAngles(HeaderSource& source, const std::string& lon, const std::string& lat,
                            PhaseCenter center) {
  auto lonRad = readAngle(source, lon, 360, {}, incomplete(lon));
  if (!lonRad) return lonRad.failure();
  auto latRad = readAngle(source, lat, 90, {}, {ErrorCode::no_declination, lat + " is missing"});
  if (!latRad) return latRad.failure();
  center.lonRad = *lonRad;
  center.latRad = *latRad;
  return PhasedTo(center);
}

Epoch usualEpoch(Frame frame) { return frame == Frame::fk4 ? Epoch{1950, true} : Epoch{2000, false}; }

bool isMoving(const SpaceMotion& motion) { return motion.raRadPerYear != 0 || motion.decRadPerYear != 0; }

Result<PhasedTo> readSiderealEntry(HeaderSource& source, const std::string& entry) {
  PhaseCenter center;
  auto frameName = readText(source, entry + "/cat_frame");
  if (!frameName) return frameName.failure();
  if (!*frameName) return incomplete(entry + "/cat_frame");
  auto frame = frameNamed(entry + "/cat_frame", **frameName);
  if (!frame) return frame.failure();
  center.frame = *frame;
  auto motion = readSpaceMotion(source, entry);
  if (!motion) return motion.failure();
  center.motion = *motion;
  center.epoch = usualEpoch(*frame);
  if (*frame == Frame::fk5 || *frame == Frame::fk4 || isMoving(*motion)) {
    auto epoch = readEpoch(source, entry + "/cat_epoch", *frame);
    if (!epoch) return epoch.failure();
    if (*epoch) center.epoch = **epoch;
  }
  return readAngles(source, entry + "/cat_lon", entry + "/cat_lat", center);
}

// As pyuvdata, which takes the zenith where it has no angles.
Result<PhasedTo> readDriftscanEntry(HeaderSource& source, const std::string& entry) {
  auto frame = readText(source, entry + "/cat_frame");
  if (!frame) return frame.failure();
  if (*frame && **frame != "altaz") return unsupported(entry + "/cat_frame", **frame, "altaz for driftscan");
  auto azimuthRad = readAngle(source, entry + "/cat_lon", 360, 0.0, incomplete(entry));
  if (!azimuthRad) return azimuthRad.failure();
  auto altitudeRad = readAngle(source, entry + "/cat_lat", 90, std::numbers::pi / 2, incomplete(entry));
  if (!altitudeRad) return altitudeRad.failure();
  return PhasedTo(Horizontal{*azimuthRad, *altitudeRad});
}

Result<PhasedTo> readCatalog(HeaderSource& source) {
  auto entry = mainCatalogEntry(source);
  if (!entry) return entry.failure();
  const std::string typePath = *entry + "/cat_type";
  auto type = readText(source, typePath);
  if (!type) return type.failure();
  if (!*type) return incomplete(typePath);
  if (**type == "unprojected") return PhasedTo(Unphased{});
  if (**type == "driftscan") return readDriftscanEntry(source, *entry);
  if (**type == "sidereal") return readSiderealEntry(source, *entry);
  return unsupported(typePath, **type, "sidereal, driftscan and unprojected");
}

// The layout before pyuvdata 2.3.
Result<PhasedTo> readPhased(HeaderSource& source) {
  constexpr char kFrame[] = "Header/phase_center_frame";
  constexpr char kEpoch[] = "Header/phase_center_epoch";
  PhaseCenter center;
  auto name = readText(source, kFrame);
  if (!name) return name.failure();
  if (*name) {
    auto frame = frameNamed(kFrame, **name);
    if (!frame) return frame.failure();
    center.frame = *frame;
    center.epoch = usualEpoch(*frame);
  }
  if (!*name || center.frame == Frame::fk5 || center.frame == Frame::fk4) {
    auto epoch = readEpoch(source, kEpoch, center.frame);
    if (!epoch) return epoch.failure();
    if (*epoch) center.epoch = **epoch;
  }
  if (!*name && center.epoch.year < kFirstFk5EquinoxYear) {
    center.frame = Frame::fk4;
    center.epoch.isBesselian = true;
  } else if (!*name && center.epoch.year != 2000) {
    center.frame = Frame::fk5;
  }
  return readAngles(source, "Header/phase_center_ra", "Header/phase_center_dec", center);
}

}  // namespace

Status checkAngle(std::string_view path, double angleRad, double limitDeg) {
  const double angleDeg = angleRad * (180 / std::numbers::pi);
  if (std::abs(angleDeg) <= limitDeg) return Done{};
  return Failure{ErrorCode::out_of_range, std::string(path) + " is " + formatNumber(angleRad) +
                                              " rad, expected within " + formatNumber(limitDeg) + " degrees"};
}

Result<PhasedTo> readPhaseCenter(HeaderSource& source) {
  auto hasCatalog = source.has(kCatalog);
  if (!hasCatalog) return hasCatalog.failure();
  if (*hasCatalog) return readCatalog(source);
  constexpr char kType[] = "Header/phase_type";
  auto type = readText(source, kType);
  if (!type) return type.failure();
  if (!*type) return incomplete(kType);
  if (**type == "drift") return PhasedTo(Unphased{});
  if (**type == "phased") return readPhased(source);
  return unsupported(kType, **type, "drift and phased");
}

}  // namespace pointing
