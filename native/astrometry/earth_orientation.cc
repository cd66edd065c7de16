#include "astrometry/earth_orientation.h"

#include <erfam.h>

#include <cmath>
#include <optional>
#include <string_view>

#include "astrometry/text_file.h"

namespace pointing {
namespace {

constexpr std::size_t kMaxFileBytes = 16 << 20;

// Mean of the pole's path from 1962 to 2014 (IERS Bulletin B), the best guess once predictions end: a year
// on, the pole may be anywhere on its circle of 0.3 arcsec. astropy uses the same.
constexpr double kMeanXpArcsec = 0.035;
constexpr double kMeanYpArcsec = 0.29;

struct Line {
  double mjdUtc;
  double ut1MinusUtcS;
  double xpArcsec;
  double ypArcsec;
  bool predicted;
};

std::optional<Line> parseLine(std::string_view text) {
  const auto mjd = takeNumber(text);
  const auto ut1 = takeNumber(text);
  const auto xp = takeNumber(text);
  const auto yp = takeNumber(text);
  const std::string_view series = takeWord(text);
  if (!mjd || !ut1 || !xp || !yp || !takeWord(text).empty()) return std::nullopt;
  if (series != "B" && series != "I" && series != "P") return std::nullopt;
  if (!(*mjd >= 0 && *mjd < 1e6 && *mjd == std::floor(*mjd))) return std::nullopt;
  if (!(std::abs(*ut1) <= 1.0 && std::abs(*xp) <= 1.0 && std::abs(*yp) <= 1.0)) return std::nullopt;
  return Line{*mjd, *ut1, *xp, *yp, series == "P"};
}

}  // namespace

Result<EarthOrientationTable> EarthOrientationTable::fromFile(const std::string& path) {
  const Result<std::string> text = readTextFile(path, kMaxFileBytes);
  if (!text) return text.failure();
  EarthOrientationTable table;
  std::string_view rest = *text;
  while (const auto raw = takeLine(rest)) {
    if (raw->empty() || raw->front() == '#') continue;
    const auto line = parseLine(*raw);
    const bool first = table.days_.empty();
    if (!line || (!first && line->mjdUtc != table.lastMjdUtc() + 1)) {
      return Failure{ErrorCode::bad_type, path + " is not an Earth orientation table: bad line \"" +
                                              std::string(raw->substr(0, 60)) + "\""};
    }
    if (first) table.firstMjdUtc_ = line->mjdUtc;
    if (!line->predicted) table.lastMeasuredMjdUtc_ = line->mjdUtc;
    table.days_.push_back({line->ut1MinusUtcS, line->xpArcsec, line->ypArcsec});
  }
  if (table.days_.size() < 2 || table.lastMeasuredMjdUtc_ == 0) {
    return Failure{ErrorCode::bad_type, path + " is not an Earth orientation table: no measured days"};
  }
  return table;
}

EarthOrientation EarthOrientationTable::at(double mjdUtc) const {
  // Written so that a time that is not a number counts as outside.
  if (!(mjdUtc >= firstMjdUtc() && mjdUtc < lastMjdUtc())) {
    const Day& nearest = mjdUtc >= lastMjdUtc() ? days_.back() : days_.front();
    return {nearest.ut1MinusUtcS, kMeanXpArcsec * ERFA_DAS2R, kMeanYpArcsec * ERFA_DAS2R,
            EarthOrientationOrigin::extrapolated};
  }
  const double sinceFirst = mjdUtc - firstMjdUtc_;
  const double whole = std::floor(sinceFirst);
  const Day& today = days_[static_cast<std::size_t>(whole)];
  const Day& tomorrow = days_[static_cast<std::size_t>(whole) + 1];
  const double fraction = sinceFirst - whole;
  double ut1Change = tomorrow.ut1MinusUtcS - today.ut1MinusUtcS;
  ut1Change -= std::round(ut1Change);  // a leap second falls at the end of the day, not spread over it
  const double xp = today.xpArcsec + fraction * (tomorrow.xpArcsec - today.xpArcsec);
  const double yp = today.ypArcsec + fraction * (tomorrow.ypArcsec - today.ypArcsec);
  return {
      today.ut1MinusUtcS + fraction * ut1Change, xp * ERFA_DAS2R, yp * ERFA_DAS2R,
      mjdUtc > lastMeasuredMjdUtc_ ? EarthOrientationOrigin::predicted : EarthOrientationOrigin::measured};
}

}  // namespace pointing
