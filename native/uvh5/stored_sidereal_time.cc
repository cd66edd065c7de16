#include "uvh5/stored_sidereal_time.h"

#include <cmath>
#include <string>

#include "core/text.h"
#include "uvh5/mid_time.h"

namespace pointing {

Result<std::optional<StoredSiderealTime>> readStoredSiderealTime(HeaderSource& source) {
  const std::optional<StoredSiderealTime> absent;
  auto siderealTimes = orAbsent(source.array("Header/lst_array"));
  if (!siderealTimes) return siderealTimes.failure();
  if (!*siderealTimes || (*siderealTimes)->length() == 0) return absent;
  auto times = orAbsent(source.array("Header/time_array"));
  if (!times) return times.failure();
  const std::uint64_t length = (*siderealTimes)->length();
  if (!*times || (*times)->length() != length) {
    return Failure{ErrorCode::out_of_range, "Header/lst_array has " + std::to_string(length) +
                                                " values, not one for each of time_array"};
  }
  auto lstRad = (*siderealTimes)->at(length / 2);
  if (!lstRad) return lstRad.failure();
  auto timeJdUtc = (*times)->at(length / 2);
  if (!timeJdUtc) return timeJdUtc.failure();
  Status plausible = checkTime(*timeJdUtc);
  if (!plausible) return plausible.failure();
  if (!std::isfinite(*lstRad)) {
    return Failure{ErrorCode::out_of_range, "Header/lst_array holds " + formatNumber(*lstRad)};
  }
  return std::optional(StoredSiderealTime{*timeJdUtc, *lstRad});
}

}  // namespace pointing
