#include "uvh5/pointing_header.h"

#include <cmath>
#include <numbers>
#include <string>

#include "core/text.h"
#include "uvh5/direction.h"
#include "uvh5/header_source.h"
#include "uvh5/instrument.h"
#include "uvh5/mid_time.h"
#include "uvh5/stored_sidereal_time.h"

namespace pointing {

namespace {

constexpr double kLongestS = 86400;          // no file has a longer observation
constexpr double kFirstHadecJd = 2459093.5;  // 2020-09-01

Result<double> readCoordinate(HeaderSource& source, const char* path, double lowest, double highest) {
  auto value = readNumber(source, path);
  if (!value) return value.failure();
  if (!*value) return Failure{ErrorCode::no_header, std::string(path) + " is missing"};
  if (**value >= lowest && **value <= highest) return **value;  // false for NaN
  return Failure{ErrorCode::out_of_range, std::string(path) + " is " + formatNumber(**value) + ", expected " +
                                              formatNumber(lowest) + " to " + formatNumber(highest)};
}

Result<Site> readSite(HeaderSource& source) {
  constexpr char kFrame[] = "Header/telescope_frame";
  auto frame = readText(source, kFrame);
  if (!frame) return frame.failure();
  if (*frame && **frame != "itrs") {
    return Failure{ErrorCode::unsupported, std::string(kFrame) + " is \"" + printable(**frame) +
                                               "\"; only sites on Earth (itrs) are supported"};
  }
  auto latitudeDeg = readCoordinate(source, "Header/latitude", -90, 90);
  if (!latitudeDeg) return latitudeDeg.failure();
  auto longitudeDeg = readCoordinate(source, "Header/longitude", -360, 360);
  if (!longitudeDeg) return longitudeDeg.failure();
  auto altitudeM = readCoordinate(source, "Header/altitude", -1000, 10000);
  if (!altitudeM) return altitudeM.failure();
  // In the sea, 600 km from any land.
  if (*latitudeDeg == 0 && *longitudeDeg == 0) {
    return Failure{ErrorCode::out_of_range,
                   "Header/latitude and longitude are both 0: the writer did not set them"};
  }
  return Site{*latitudeDeg, *longitudeDeg, *altitudeM};
}

// Writers before 2018-11 stored radians. Every site on land that they could mean, taken for degrees, lies in
// the sea off West Africa, where the only land is the island of Annobon.
bool looksLikeRadians(const Site& site) {
  return std::abs(site.latitudeDeg) <= std::numbers::pi / 2 &&
         std::abs(site.longitudeDeg) <= 2 * std::numbers::pi;
}

// Where the DSA-110's writer cannot ask for the time, it counts from MJD 55000, in tests from 59000.5
// (github.com/dsa110/dsa110-meridian-fs, dsamfs/utils.py): 2009 and May 2020, before its first file.
Status checkHadecTime(const JulianDateUtc& time) {
  const double jdUtc = time.day + time.fraction;
  if (jdUtc >= kFirstHadecJd) return Done{};
  return Failure{ErrorCode::out_of_range, "Header/time_array is of Julian Date " + formatNumber(jdUtc) +
                                              ", before the first file of this kind (2020-09-01): its writer "
                                              "did not know the time"};
}

}  // namespace

Result<PointingHeader> readPointingHeader(HeaderSource& source) {
  auto hasHeader = source.has("Header");
  if (!hasHeader) return hasHeader.failure();
  if (!*hasHeader) return Failure{ErrorCode::no_header, "has no group Header, so it is no UVH5 file"};
  auto time = readMidTime(source);
  if (!time) return time.failure();
  auto site = readSite(source);
  if (!site) return site.failure();
  auto siderealTime = readStoredSiderealTime(source);
  if (!siderealTime) return siderealTime.failure();
  if (!*siderealTime && looksLikeRadians(*site)) {
    return Failure{ErrorCode::out_of_range,
                   "Header/latitude and longitude, " + formatNumber(site->latitudeDeg) + " and " +
                       formatNumber(site->longitudeDeg) + ", are radians, expected degrees"};
  }
  auto direction = readDirection(source, *site);
  if (!direction) return direction.failure();
  if (direction->kind == Kind::hadec) {
    Status known = checkHadecTime(time->midTime);
    if (!known) return known.failure();
  }
  auto instrument = readInstrument(source);
  if (!instrument) return instrument.failure();
  auto band = readBand(source);
  if (!band) return band.failure();
  PointingHeader header{
      .kind = direction->kind, .midTime = time->midTime, .nTimes = time->nTimes, .site = *site};
  header.haRad = direction->haRad;
  header.decRad = direction->decRad;
  header.center = direction->center;
  header.storedSiderealTime = *siderealTime;
  header.isEvenlySampled = time->isEvenlySampled;
  header.hasGaps = time->hasGaps;
  if (time->durationS && *time->durationS <= kLongestS) header.durationS = time->durationS;
  header.instrument = *std::move(instrument);
  header.band = *band;
  return header;
}

}  // namespace pointing
