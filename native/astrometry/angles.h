#pragma once
#include <erfa.h>
#include <erfam.h>

namespace pointing {

constexpr double radiansOf(double deg) { return deg * ERFA_DD2R; }
constexpr double degreesOf(double rad) { return rad * ERFA_DR2D; }

// An angle as degrees from 0 up to, not including, 360. The product may round up to 360 where the angle did
// not.
inline double positiveDegreesOf(double rad) {
  const double deg = degreesOf(eraAnp(rad));
  return deg < 360.0 ? deg : 0.0;
}

}  // namespace pointing
