#include "astrometry/leap_seconds.h"

#include <erfa.h>
#include <erfaextra.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string_view>

#include "astrometry/text_file.h"

namespace pointing {
namespace {

constexpr std::size_t kMaxFileBytes = 1 << 16;
constexpr std::size_t kMaxSteps = 200;
constexpr std::string_view kExpiry = "File expires on ";
constexpr std::array<std::string_view, 12> kMonths = {"January",   "February", "March",    "April",
                                                      "May",       "June",     "July",     "August",
                                                      "September", "October",  "November", "December"};

std::optional<double> mjdOfDate(int year, int month, int day) {
  double mjdZero = 0.0;
  double mjd = 0.0;
  if (eraCal2jd(year, month, day, &mjdZero, &mjd) != 0) return std::nullopt;
  return mjd;
}

// "28 June 2027"
std::optional<double> mjdOfWrittenDate(std::string_view text) {
  const auto day = takeNumber(text);
  const auto month = std::find(kMonths.begin(), kMonths.end(), takeWord(text));
  const auto year = takeNumber(text);
  if (!day || month == kMonths.end() || !year || !(*year >= 1972 && *year <= 9999)) return std::nullopt;
  if (!(*day >= 1 && *day <= 31)) return std::nullopt;
  return mjdOfDate(static_cast<int>(*year), static_cast<int>(month - kMonths.begin()) + 1,
                   static_cast<int>(*day));
}

// "57754.0    1  1 2017       37": MJD, day, month, year, TAI-UTC in seconds.
std::optional<LeapSecond> stepOfLine(std::string_view line) {
  const auto mjd = takeNumber(line);
  const auto day = takeNumber(line);
  const auto month = takeNumber(line);
  const auto year = takeNumber(line);
  const auto taiMinusUtcS = takeNumber(line);
  if (!mjd || !day || !month || !year || !taiMinusUtcS || !takeWord(line).empty()) return std::nullopt;
  if (*day != 1 || !(*month >= 1 && *month <= 12) || !(*year >= 1972 && *year <= 9999)) return std::nullopt;
  if (!(*taiMinusUtcS >= 0 && *taiMinusUtcS <= 1000)) return std::nullopt;
  const LeapSecond step{static_cast<int>(*year), static_cast<int>(*month), *taiMinusUtcS};
  return mjdOfDate(step.year, step.month, 1) == mjd ? std::optional(step) : std::nullopt;
}

bool follows(const LeapSecond& step, const LeapSecond& before) {
  return step.year * 12 + step.month > before.year * 12 + before.month &&
         std::abs(step.taiMinusUtcS - before.taiMinusUtcS) == 1.0;
}

}  // namespace

Result<LeapSeconds> LeapSeconds::fromFile(const std::string& path) {
  const Result<std::string> text = readTextFile(path, kMaxFileBytes);
  if (!text) return text.failure();
  LeapSeconds result{};
  std::optional<double> expiry;
  std::string_view rest = *text;
  while (const auto line = takeLine(rest)) {
    if (line->starts_with('#')) {
      const std::size_t at = line->find(kExpiry);
      if (at != std::string_view::npos) expiry = mjdOfWrittenDate(line->substr(at + kExpiry.size()));
      continue;
    }
    if (line->find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const auto step = stepOfLine(*line);
    if (!step || (!result.steps.empty() && !follows(*step, result.steps.back())) ||
        result.steps.size() >= kMaxSteps) {
      return Failure{ErrorCode::bad_type, path + " is not the IERS leap second list: bad line \"" +
                                              std::string(line->substr(0, 60)) + "\""};
    }
    result.steps.push_back(*step);
  }
  if (result.steps.empty() || !expiry) {
    return Failure{ErrorCode::bad_type,
                   path + " is not the IERS leap second list: no leap seconds or no expiry date"};
  }
  result.expireMjdUtc = *expiry;
  return result;
}

void giveLeapSecondsToErfa(const LeapSeconds& leapSeconds) {
  // ERFA keeps this pointer, and counts its built-in entries before 1972, when UTC had rate offsets, from the
  // front.
  static std::array<eraLEAPSECOND, kMaxSteps + 50> table;
  eraLEAPSECOND* builtIn = nullptr;
  const int builtInCount = eraGetLeapSeconds(&builtIn);
  auto end = std::copy_if(builtIn, builtIn + std::clamp(builtInCount, 0, 50), table.begin(),
                          [](const eraLEAPSECOND& entry) { return entry.iyear < 1972; });
  for (const LeapSecond& step : leapSeconds.steps) *end++ = {step.year, step.month, step.taiMinusUtcS};
  eraSetLeapSeconds(table.data(), static_cast<int>(end - table.begin()));
}

}  // namespace pointing
