#include "astrometry/beam.h"

#include <erfam.h>
#include <math.h>  // j1 is POSIX's, not in namespace std

namespace pointing {
namespace {

constexpr double kOnAxis = 1e-6;  // below it (2 J1(x) / x)^2 is 1 to the last bit

}  // namespace

double airyPowerResponse(double separationRad, double apertureWavelengths) {
  if (separationRad >= ERFA_DPI / 2.0) return 0.0;
  const double x = ERFA_DPI * apertureWavelengths * sin(separationRad);
  if (x < kOnAxis) return 1.0;
  const double amplitude = 2.0 * j1(x) / x;
  return amplitude * amplitude;
}

}  // namespace pointing
