#include "uvh5/mid_time.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "core/text.h"

namespace pointing {

namespace {

constexpr double kSecondsPerDay = 86400.0;
constexpr double kJd1990 = 2447892.5;  // 1990-01-01
constexpr double kJd2101 = 2488434.5;  // 2101-01-01
// Half of this is the most by which (first + last) / 2 can miss the mean of an array taken as evenly sampled.
constexpr double kEvenToleranceS = 0.0005;
// Of an integration, from one time to the next.
constexpr double kGap = 1.5;
// Fewer steps from time to time do not show which is usual.
constexpr std::size_t kMinSteps = 3;
constexpr std::size_t kMaxDistinct = 1'000'000;

constexpr char kTimeArray[] = "Header/time_array";
constexpr char kTimeSystem[] = "Header/timesys";

Failure outOfRange(const std::string& what) { return {ErrorCode::out_of_range, what}; }

bool isPlausible(double jdUtc) { return jdUtc >= kJd1990 && jdUtc < kJd2101; }  // false for NaN

Failure implausible(double jdUtc) {
  return outOfRange(std::string(kTimeArray) + " holds the Julian Date " + formatNumber(jdUtc) +
                    ", which is not between 1990 and 2100");
}

// A mean as the distance from the first value, so that no digits of the Julian Date are lost in the sum.
struct Mean {
  double first;
  double offset;                      // days
  std::vector<double> distinctTimes;  // ascending
};

Result<std::optional<double>> readIntegrationS(HeaderSource& source) {
  const std::optional<double> absent;
  auto array = orAbsent(source.array("Header/integration_time"));
  if (!array) return array.failure();
  if (!*array || (*array)->length() == 0) return absent;
  auto integrationS = (*array)->at(0);
  if (!integrationS) return integrationS.failure();
  return std::isfinite(*integrationS) && *integrationS > 0 ? std::optional(*integrationS) : absent;
}

// True where Nblts, Ntimes, Nbls, integration_time and the span of the times agree on even sampling.
Result<bool> isEvenlySampled(HeaderSource& source, double length, double nTimes, double spanDays,
                             double integrationS) {
  auto nBlts = readNumber(source, "Header/Nblts");
  if (!nBlts) return nBlts.failure();
  auto nBls = readNumber(source, "Header/Nbls");
  if (!nBls) return nBls.failure();
  if (*nBlts != length || !*nBls || nTimes * **nBls != length) return false;
  return std::abs(spanDays * kSecondsPerDay - (nTimes - 1) * integrationS) <= kEvenToleranceS;
}

// From one time to the next, in ascending order.
std::vector<double> stepsS(const std::vector<double>& distinctTimes) {
  std::vector<double> steps;
  for (std::size_t i = 1; i < distinctTimes.size(); ++i) {
    steps.push_back((distinctTimes[i] - distinctTimes[i - 1]) * kSecondsPerDay);
  }
  std::ranges::sort(steps);
  return steps;
}

// What the header says, or the median step where it says nothing or so little that most steps would be gaps:
// until June 2022 the DSA-110's files have the sampling time there (github.com/dsa110/dsa110-meridian-fs,
// commit 1e64690).
std::optional<double> integrationOf(const std::optional<double>& headerS, const std::vector<double>& steps) {
  if (steps.size() < kMinSteps) return headerS;
  const double usualS = steps[(steps.size() - 1) / 2];
  return headerS && usualS <= kGap * *headerS ? headerS : usualS;
}

// Where baselines are averaged over different times, there are more distinct times than integrations.
std::optional<double> durationOf(double nTimes, const std::optional<double>& integrationS,
                                 const std::vector<double>& distinctTimes) {
  if (!integrationS) return integrationS;
  const double spanS = (distinctTimes.back() - distinctTimes.front()) * kSecondsPerDay;
  return std::min(nTimes * *integrationS, spanS + *integrationS);
}

void sortDistinct(std::vector<double>& times) {
  std::ranges::sort(times);
  times.erase(std::unique(times.begin(), times.end()), times.end());
}

// A file can choose its times, so they are sorted and not hashed: chosen keys make a hash table quadratic.
Result<Mean> meanOfAll(NumberArray& times, double first) {
  double sum = 0, lost = 0;  // Neumaier's compensated sum
  bool tooMany = false;
  std::optional<double> refused;
  std::vector<double> distinct{first};  // and some repeated, until they are sorted
  double previous = first;
  Status read = times.forEachPiece([&](std::span<const double> piece) {
    for (const double time : piece) {
      // Each, since the mean of some thousands hides a few that were never written.
      if (!isPlausible(time)) {
        refused = time;
        return false;
      }
      if (time != previous) {
        distinct.push_back(previous = time);
        if (distinct.size() == 2 * kMaxDistinct) {
          sortDistinct(distinct);
          if (distinct.size() > kMaxDistinct) return !(tooMany = true);
        }
      }
      const double offset = time - first, next = sum + offset;
      lost += std::abs(sum) >= std::abs(offset) ? (sum - next) + offset : (offset - next) + sum;
      sum = next;
    }
    return true;
  });
  if (!read) return read.failure();
  if (refused) return implausible(*refused);
  sortDistinct(distinct);
  if (tooMany || distinct.size() > kMaxDistinct)
    return outOfRange(std::string(kTimeArray) + " holds more than a million different times");
  return Mean{first, (sum + lost) / static_cast<double>(times.length()), std::move(distinct)};
}

}  // namespace

Status checkTime(double jdUtc) {
  if (isPlausible(jdUtc)) return Done{};
  return implausible(jdUtc);
}

Result<MidTime> readMidTime(HeaderSource& source) {
  auto array = source.array(kTimeArray);
  if (!array) return array.failure();
  if (!*array) return Failure{ErrorCode::no_time_array, std::string(kTimeArray) + " is missing"};
  NumberArray& times = **array;
  const std::uint64_t length = times.length();
  if (length == 0) return Failure{ErrorCode::no_time_array, std::string(kTimeArray) + " is empty"};
  if (!times.holdsDoubles()) {
    return wrongType(kTimeArray, "of a type that cannot hold a Julian Date", "float64");
  }
  auto scale = readText(source, kTimeSystem);
  if (!scale) return scale.failure();
  if (*scale && !(*scale)->empty() && **scale != "UTC") {
    return Failure{ErrorCode::unsupported, std::string(kTimeSystem) + " is \"" + printable(**scale) +
                                               "\"; only times in UTC are supported"};
  }
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
    if (!isPlausible(time)) return implausible(time);
  }

  auto integrationS = readIntegrationS(source);
  if (!integrationS) return integrationS.failure();
  Mean mean{*first, (*last - *first) / 2, {}};
  bool even = false;
  if (*nTimes && *integrationS) {
    auto sampled =
        isEvenlySampled(source, static_cast<double>(length), **nTimes, *last - *first, **integrationS);
    if (!sampled) return sampled.failure();
    even = *sampled;
  }
  if (!even) {
    auto whole = meanOfAll(times, *first);
    if (!whole) return whole.failure();
    mean = *whole;
  }
  const std::vector<double> steps = stepsS(mean.distinctTimes);
  const std::optional<double> integration = even ? *integrationS : integrationOf(*integrationS, steps);
  const double day = std::floor(mean.first);
  const double fraction = (mean.first - day) + mean.offset;
  const double carry = std::floor(fraction);
  const double count = *nTimes ? **nTimes : static_cast<double>(mean.distinctTimes.size());
  return MidTime{
      .midTime = {day + carry, fraction - carry},
      .nTimes = static_cast<std::uint32_t>(count),
      .isEvenlySampled = even,
      .hasGaps = integration && !steps.empty() && steps.back() > kGap * *integration,
      .durationS = even ? count * *integration : durationOf(count, integration, mean.distinctTimes)};
}

}  // namespace pointing
