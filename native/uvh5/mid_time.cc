#include "uvh5/mid_time.h"

#include <cmath>
#include <optional>
#include <unordered_set>

#include "core/text.h"

namespace pointing {

namespace {

constexpr double kSecondsPerDay = 86400.0;
constexpr double kJd1990 = 2447892.5;  // 1990-01-01
constexpr double kJd2101 = 2488434.5;  // 2101-01-01
// Half of this is the most by which (first + last) / 2 can miss the mean of an array taken as evenly sampled.
constexpr double kEvenToleranceS = 0.0005;
constexpr std::size_t kMaxDistinct = 1'000'000;

constexpr char kTimeArray[] = "Header/time_array";

Failure outOfRange(const std::string& what) { return {ErrorCode::out_of_range, what}; }

// A mean as the distance from the first value, so that no digits of the Julian Date are lost in the sum.
struct Mean {
  double first;
  double offset;  // days
  std::size_t distinct;
};

// True where Nblts, Ntimes, Nbls, integration_time and the span of the times agree on even sampling.
Result<bool> isEvenlySampled(HeaderSource& source, double length, double nTimes, double spanDays) {
  auto nBlts = readNumber(source, "Header/Nblts");
  if (!nBlts) return nBlts.failure();
  auto nBls = readNumber(source, "Header/Nbls");
  if (!nBls) return nBls.failure();
  if (*nBlts != length || !*nBls || nTimes * **nBls != length) return false;
  auto integrationTime = source.array("Header/integration_time");
  if (!integrationTime) return integrationTime.failure();
  if (!*integrationTime || (*integrationTime)->length() == 0) return false;
  auto integrationS = (*integrationTime)->at(0);
  if (!integrationS) return integrationS.failure();
  if (!std::isfinite(*integrationS) || *integrationS <= 0) return false;
  return std::abs(spanDays * kSecondsPerDay - (nTimes - 1) * *integrationS) <= kEvenToleranceS;
}

Result<Mean> meanOfAll(NumberArray& times, double first) {
  double sum = 0, lost = 0;  // Neumaier's compensated sum
  bool finite = true, tooMany = false;
  std::unordered_set<double> distinct;
  double previous = first;
  distinct.insert(first);
  Status read = times.forEachPiece([&](std::span<const double> piece) {
    for (const double time : piece) {
      if (!std::isfinite(time)) return finite = false;
      if (time != previous) {
        distinct.insert(previous = time);
        if (distinct.size() > kMaxDistinct) return !(tooMany = true);
      }
      const double offset = time - first, next = sum + offset;
      lost += std::abs(sum) >= std::abs(offset) ? (sum - next) + offset : (offset - next) + sum;
      sum = next;
    }
    return true;
  });
  if (!read) return read.failure();
  if (!finite) return outOfRange(std::string(kTimeArray) + " holds a value that is not finite");
  if (tooMany) return outOfRange(std::string(kTimeArray) + " holds more than a million different times");
  return Mean{first, (sum + lost) / static_cast<double>(times.length()), distinct.size()};
}

}  // namespace

Result<MidTime> readMidTime(HeaderSource& source) {
  auto array = source.array(kTimeArray);
  if (!array) return array.failure();
  if (!*array) return Failure{ErrorCode::no_time_array, std::string(kTimeArray) + " is missing"};
  NumberArray& times = **array;
  const std::uint64_t length = times.length();
  if (length == 0) return Failure{ErrorCode::no_time_array, std::string(kTimeArray) + " is empty"};
  auto nTimes = readNumber(source, "Header/Ntimes");
  if (!nTimes) return nTimes.failure();
  if (*nTimes &&
      !(**nTimes >= 1 && **nTimes <= static_cast<double>(length) && std::trunc(**nTimes) == **nTimes)) {
    return outOfRange("Header/Ntimes is " + formatNumber(**nTimes) + " where time_array has " +
                      std::to_string(length) + " values");
  }
  auto first = times.at(0);
  if (!first) return first.failure();
  auto last = times.at(length - 1);
  if (!last) return last.failure();
  for (const double time : {*first, *last}) {
    if (!std::isfinite(time)) return outOfRange(std::string(kTimeArray) + " holds " + formatNumber(time));
  }

  Mean mean{*first, (*last - *first) / 2, 0};
  bool even = false;
  if (*nTimes) {
    auto sampled = isEvenlySampled(source, static_cast<double>(length), **nTimes, *last - *first);
    if (!sampled) return sampled.failure();
    even = *sampled;
  }
  if (!even) {
    auto whole = meanOfAll(times, *first);
    if (!whole) return whole.failure();
    mean = *whole;
  }
  if (const double jd = mean.first + mean.offset; !(jd >= kJd1990 && jd < kJd2101)) {
    return outOfRange("the mid time, Julian Date " + formatNumber(jd) + ", is not between 1990 and 2100");
  }
  const double day = std::floor(mean.first);
  const double fraction = (mean.first - day) + mean.offset;
  const double carry = std::floor(fraction);
  return MidTime{{day + carry, fraction - carry},
                 *nTimes ? static_cast<std::uint32_t>(**nTimes) : static_cast<std::uint32_t>(mean.distinct)};
}

}  // namespace pointing
