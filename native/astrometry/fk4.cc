#include "astrometry/fk4.h"

#include <erfa.h>
#include <erfam.h>

#include <cmath>

namespace pointing {
namespace {

constexpr double kB1950Jd = 2433282.42345905;  // Lieske 1979
constexpr double kJulian1950Jd = 2433282.5;
constexpr double kBesselianYearDays = 365.242198781;

// Explanatory Supplement to the Astronomical Almanac (1992): the constant of aberration, and the Earth's
// orbit by Newcomb, in centuries since B1950.
void removeEterms(const TwoPartJulianDate& equinox, double direction[3]) {
  constexpr double kAberrationRad = 0.0056932 * ERFA_DD2R;
  const double t = ((equinox.first - kB1950Jd) + equinox.second) / ERFA_DJC;
  const double eccentricity = 0.01673011 - (0.00004193 + 0.000000126 * t) * t;
  const double perigeeRad = (1015489.951 + (6190.67 + (1.65 + 0.012 * t) * t) * t) * ERFA_DAS2R;
  const double obliquityRad = eraObl80(equinox.first, equinox.second);
  const double size = eccentricity * kAberrationRad;
  const double eterms[3] = {size * std::sin(perigeeRad),
                            -size * std::cos(perigeeRad) * std::cos(obliquityRad),
                            -size * std::cos(perigeeRad) * std::sin(obliquityRad)};
  double along = 0;
  for (int axis = 0; axis < 3; ++axis) along += eterms[axis] * direction[axis];
  double length = 0;
  for (int axis = 0; axis < 3; ++axis) direction[axis] += along * direction[axis] - eterms[axis];
  eraPn(direction, &length, direction);
}

// Newcomb, in thousands of tropical years since B1850 (Explanatory Supplement 1961, 2B).
void precessToB1950(const TwoPartJulianDate& equinox, double direction[3]) {
  const double besselianYear = 1950 + ((equinox.first - kB1950Jd) + equinox.second) / kBesselianYearDays;
  const double t = (besselianYear - 1850) / 1000;
  const double dt = (1950 - besselianYear) / 1000;
  const double first = 23035.545 + (139.720 + 0.060 * t) * t;
  const double zetaRad = (first + (30.240 - 0.27 * t + 17.995 * dt) * dt) * dt * ERFA_DAS2R;
  const double zRad = (first + (109.480 + 0.39 * t + 18.325 * dt) * dt) * dt * ERFA_DAS2R;
  const double thetaRad =
      (20051.12 - (85.29 + 0.37 * t) * t - (42.65 + 0.37 * t + 41.8 * dt) * dt) * dt * ERFA_DAS2R;
  double precession[3][3];
  eraIr(precession);
  eraRz(-zetaRad, precession);
  eraRy(thetaRad, precession);
  eraRz(-zRad, precession);
  eraRxp(precession, direction, direction);
}

}  // namespace

void fk5OfFk4(const TwoPartJulianDate& equinoxTt, double direction[3]) {
  constexpr double kAtJ1950[3][3] = {{0.9999256794956877, -0.0111814832204662, -0.0048590038153592},
                                     {0.0111814832391717, 0.9999374848933135, -0.0000271625947142},
                                     {0.0048590037723143, -0.0000271702937440, 0.9999881946023742}};
  constexpr double kPerCentury[3][3] = {{-0.0026455262e-6, -1.1539918689e-6, 2.1111346190e-6},
                                        {1.1540628161e-6, -0.0129042997e-6, 0.0236021478e-6},
                                        {-2.1112979048e-6, -0.0056024448e-6, 0.0102587734e-6}};
  removeEterms(equinoxTt, direction);
  precessToB1950(equinoxTt, direction);
  const double centuries = ((equinoxTt.first - kJulian1950Jd) + equinoxTt.second) / ERFA_DJC;
  double rotation[3][3];
  for (int row = 0; row < 3; ++row) {
    for (int column = 0; column < 3; ++column) {
      rotation[row][column] = kAtJ1950[row][column] + centuries * kPerCentury[row][column];
    }
  }
  eraRxp(rotation, direction, direction);
}

}  // namespace pointing
