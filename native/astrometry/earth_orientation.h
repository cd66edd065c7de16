#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/result.h"

namespace pointing {

enum class EarthOrientationOrigin : std::uint8_t {
  measured,
  predicted,     // by the IERS, up to a year ahead
  extrapolated,  // outside the table: UT1-UTC is the nearest day's, good to about 0.9 s; the pole is its mean
};

// Earth rotation at one instant (IERS Bulletins A and B).
struct EarthOrientation {
  double ut1MinusUtcS;
  double xpRad;  // polar motion
  double ypRad;
  EarthOrientationOrigin origin;
};

// Daily Earth orientation, immutable once made: any thread may read it.
class EarthOrientationTable {
 public:
  // Reads vendor/iers/earth-orientation.txt (columns in its header). Fails with io_error, or with bad_type if
  // a line is malformed, a day is missing or a value is implausible; the message names the file and the line.
  static Result<EarthOrientationTable> fromFile(const std::string& path);

  EarthOrientation at(double mjdUtc) const;  // linear between days, the leap second taken out
  double firstMjdUtc() const { return firstMjdUtc_; }
  double lastMjdUtc() const {
    return firstMjdUtc_ + static_cast<double>(days_.size() - 1);
  }  // with predictions
  double lastMeasuredMjdUtc() const { return lastMeasuredMjdUtc_; }

 private:
  struct Day {
    double ut1MinusUtcS;
    double xpArcsec;
    double ypArcsec;
  };

  EarthOrientationTable() = default;

  std::vector<Day> days_;  // consecutive, at 0h UTC; at least two
  double firstMjdUtc_ = 0;
  double lastMeasuredMjdUtc_ = 0;
};

// Reads vendor/iers once for the whole process and gives ERFA its leap seconds. ERFA keeps those in a global,
// so the first call must end before any thread computes. Later calls with the same paths give the same table;
// other paths are refused (unsupported), since a process has one set of leap seconds. After a failure it may
// be called again. Any thread.
Result<std::shared_ptr<const EarthOrientationTable>> loadEarthOrientation(const std::string& tablePath,
                                                                          const std::string& leapSecondsPath);

// The table loaded by loadEarthOrientation, or null before. Any thread.
std::shared_ptr<const EarthOrientationTable> earthOrientation();

// The last day for which the loaded leap seconds are announced; 0 before any are loaded. Any thread.
double leapSecondsExpireMjdUtc();

}  // namespace pointing
