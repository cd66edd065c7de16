#include "uvh5/phase_center.h"

#include <charconv>
#include <cmath>
#include <map>
#include <numbers>
#include <string>

#include "core/text.h"

namespace pointing {

namespace {

const std::string kCatalog = "Header/phase_center_catalog";
const std::string kIdArray = "Header/phase_center_id_array";

Failure unsupported(std::string_view what, std::string_view value, std::string_view known) {
  return {ErrorCode::unsupported,
          std::string(what) + " is \"" + printable(value) + "\"; known are " + std::string(known)};
}

Failure incomplete(const std::string& path) {
  return {ErrorCode::unsupported, path + " is missing, so the file does not say where the telescope pointed"};
}

// The number that most of an array's rows hold, the smallest of them where several do.
Result<double> mostFrequent(HeaderSource& source, const std::string& path) {
  auto array = source.array(path);
  if (!array) return array.failure();
  if (!*array || (*array)->length() == 0) return incomplete(path);
  std::map<double, std::uint64_t> rows;
  bool valid = true;
  Status read = (*array)->forEachPiece([&](std::span<const double> piece) {
    for (const double id : piece) {
      if (!std::isfinite(id)) return valid = false;
      ++rows[id];
      if (rows.size() > kMaxNames) return valid = false;
    }
    return true;
  });
  if (!read) return read.failure();
  if (!valid) return Failure{ErrorCode::out_of_range, path + " does not hold the ids of a catalogue"};
  auto most = rows.begin();
  for (auto row = rows.begin(); row != rows.end(); ++row) {
    if (row->second > most->second) most = row;
  }
  return most->first;
}

// Path of the entry that most rows use. Entries are named by their id (pyuvdata >= 2.3), or hold it as
// cat_id.
Result<std::string> mainCatalogEntry(HeaderSource& source) {
  auto names = source.names(kCatalog);
  if (!names) return names.failure();
  if (!*names || (*names)->empty()) return Failure{ErrorCode::unsupported, kCatalog + " is empty"};
  if ((*names)->size() == 1) return kCatalog + "/" + (*names)->front();
  auto id = mostFrequent(source, kIdArray);
  if (!id) return id.failure();
  const std::string idText = formatNumber(*id);
  for (const std::string& name : **names) {
    if (name == idText) return kCatalog + "/" + name;
  }
  for (const std::string& name : **names) {
    auto catId = readNumber(source, kCatalog + "/" + name + "/cat_id");
    if (!catId) return catId.failure();
    if (*catId == *id) return kCatalog + "/" + name;
  }
  return Failure{ErrorCode::unsupported, kCatalog + " has no entry " + idText + ", which most rows use"};
}

// fk5's equinox, a number of years or text such as J2000.0.
Result<double> readEquinox(HeaderSource& source, const std::string& path) {
  auto epoch = source.scalar(path);
  if (!epoch) return epoch.failure();
  if (!*epoch) return 2000.0;
  double year = 0;
  if (const double* number = std::get_if<double>(&**epoch)) {
    year = *number;
  } else {
    const std::string& text = std::get<std::string>(**epoch);
    const char* begin = text.c_str() + (text.starts_with('J') ? 1 : 0);
    const auto [end, error] = std::from_chars(begin, text.c_str() + text.size(), year);
    if (error != std::errc() ||
        text.find_first_not_of(' ', static_cast<std::size_t>(end - text.c_str())) != text.npos) {
      return unsupported(path, text, "Julian epochs such as J2000");
    }
  }
  if (!(year >= 1800 && year <= 2200)) {
    return Failure{ErrorCode::out_of_range, path + " is " + formatNumber(year) + ", not an equinox"};
  }
  return year;
}

// A catalogue entry's names, or the older header's.
struct Keys {
  std::string lon, lat, frame, equinox;
  bool frameMayBeAbsent;  // then it is icrs
};

Result<std::optional<PhaseCenter>> readSidereal(HeaderSource& source, const Keys& keys) {
  PhaseCenter center{.lonRad = 0, .latRad = 0, .frame = Frame::icrs, .equinoxYear = 2000};
  auto frame = readText(source, keys.frame);
  if (!frame) return frame.failure();
  if (!*frame && !keys.frameMayBeAbsent) return incomplete(keys.frame);
  if (*frame && **frame == "fk5") {
    center.frame = Frame::fk5;
  } else if (*frame && **frame == "gcrs") {
    center.frame = Frame::gcrs;
  } else if (*frame && **frame != "icrs") {
    return unsupported(keys.frame, **frame, "icrs, fk5 and gcrs");
  }
  if (center.frame == Frame::fk5) {
    auto equinoxYear = readEquinox(source, keys.equinox);
    if (!equinoxYear) return equinoxYear.failure();
    center.equinoxYear = *equinoxYear;
  }
  auto lonRad = readNumber(source, keys.lon);
  if (!lonRad) return lonRad.failure();
  if (!*lonRad) return incomplete(keys.lon);
  auto latRad = readNumber(source, keys.lat);
  if (!latRad) return latRad.failure();
  if (!*latRad) return Failure{ErrorCode::no_declination, keys.lat + " is missing"};
  Status inRange = checkAngle(keys.lon, **lonRad, 360);
  if (inRange) inRange = checkAngle(keys.lat, **latRad, 90);
  if (!inRange) return inRange.failure();
  center.lonRad = **lonRad;
  center.latRad = **latRad;
  return std::optional(center);
}

Result<std::optional<PhaseCenter>> readCatalog(HeaderSource& source) {
  auto entry = mainCatalogEntry(source);
  if (!entry) return entry.failure();
  auto type = readText(source, *entry + "/cat_type");
  if (!type) return type.failure();
  if (!*type) return incomplete(*entry + "/cat_type");
  if (**type == "unprojected") return std::optional<PhaseCenter>();
  if (**type != "sidereal") return unsupported(*entry + "/cat_type", **type, "sidereal and unprojected");
  return readSidereal(source, {.lon = *entry + "/cat_lon",
                               .lat = *entry + "/cat_lat",
                               .frame = *entry + "/cat_frame",
                               .equinox = *entry + "/cat_epoch",
                               .frameMayBeAbsent = false});
}

}  // namespace

Status checkAngle(std::string_view path, double angleRad, double limitDeg) {
  const double angleDeg = angleRad * (180 / std::numbers::pi);
  if (std::abs(angleDeg) <= limitDeg) return Done{};
  return Failure{ErrorCode::out_of_range, std::string(path) + " is " + formatNumber(angleRad) +
                                              " rad, expected within " + formatNumber(limitDeg) + " degrees"};
}

Result<std::optional<PhaseCenter>> readPhaseCenter(HeaderSource& source) {
  auto hasCatalog = source.has(kCatalog);
  if (!hasCatalog) return hasCatalog.failure();
  if (*hasCatalog) return readCatalog(source);
  auto type = readText(source, "Header/phase_type");
  if (!type) return type.failure();
  if (!*type) return incomplete("Header/phase_type");
  if (**type == "drift") return std::optional<PhaseCenter>();
  if (**type != "phased") return unsupported("Header/phase_type", **type, "drift and phased");
  return readSidereal(source, {.lon = "Header/phase_center_ra",
                               .lat = "Header/phase_center_dec",
                               .frame = "Header/phase_center_frame",
                               .equinox = "Header/phase_center_epoch",
                               .frameMayBeAbsent = true});
}

}  // namespace pointing
