#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/result.h"

namespace pointing {

// Earth rotation at one instant (IERS Bulletin A).
struct EarthOrientation {
  double ut1MinusUtcS;
  double xpRad;  // polar motion
  double ypRad;
  bool extrapolated;  // outside the table: the last (or first) value, good to about 0.9 s of time
};

// Daily Earth orientation, immutable once made: any thread may read it.
class EarthOrientationTable {
 public:
  static Result<EarthOrientationTable> fromFile(const std::string& path);
  EarthOrientation at(double mjdUtc) const;  // linear between days, the leap second taken out
  double firstMjdUtc() const;
  double lastMjdUtc() const;       // predictions included
  double lastMeasuredMjdUtc() const;
};

// Reads vendor/iers once for the whole process and gives ERFA its leap seconds. ERFA keeps those in a global, so the
// first call must end before any thread computes; later calls with the same paths give the same table.
Result<std::shared_ptr<const EarthOrientationTable>> loadEarthOrientation(const std::string& tablePath,
                                                                         const std::string& leapSecondsPath);

// The table loaded by loadEarthOrientation, or null before.
std::shared_ptr<const EarthOrientationTable> earthOrientation();

}  // namespace pointing
