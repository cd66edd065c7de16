#include "uvh5/pointing_header.h"

#include <cmath>
#include <string>

#include "core/text.h"
#include "uvh5/direction.h"
#include "uvh5/header_source.h"
#include "uvh5/mid_time.h"

namespace pointing {

namespace {

Result<double> readCoordinate(HeaderSource& source, const char* path, double lowest, double highest) {
  auto value = readNumber(source, path);
  if (!value) return value.failure();
  if (!*value) return Failure{ErrorCode::no_header, std::string(path) + " is missing"};
  if (**value >= lowest && **value <= highest) return **value;  // false for NaN
  return Failure{ErrorCode::out_of_range, std::string(path) + " is " + formatNumber(**value) + ", expected " +
                                              formatNumber(lowest) + " to " + formatNumber(highest)};
}

Result<Site> readSite(HeaderSource& source) {
  auto latitudeDeg = readCoordinate(source, "Header/latitude", -90, 90);
  if (!latitudeDeg) return latitudeDeg.failure();
  auto longitudeDeg = readCoordinate(source, "Header/longitude", -360, 360);
  if (!longitudeDeg) return longitudeDeg.failure();
  auto altitudeM = readCoordinate(source, "Header/altitude", -1000, 10000);
  if (!altitudeM) return altitudeM.failure();
  return Site{*latitudeDeg, *longitudeDeg, *altitudeM};
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
  auto direction = readDirection(source, *site);
  if (!direction) return direction.failure();
  return PointingHeader{.kind = direction->kind,
                        .midTime = time->midTime,
                        .nTimes = time->nTimes,
                        .site = *site,
                        .haRad = direction->haRad,
                        .decRad = direction->decRad,
                        .lonRad = direction->lonRad,
                        .latRad = direction->latRad,
                        .frame = direction->frame,
                        .equinoxYear = direction->equinoxYear};
}

}  // namespace pointing
