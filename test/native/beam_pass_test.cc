#include "astrometry/beam_pass.h"

#include <doctest/doctest.h>
#include <erfa.h>
#include <erfam.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "astrometry/angles.h"
#include "astrometry/beam.h"

namespace pointing::test {
namespace {

constexpr double kApertureWavelengths = 21.7;  // 4.65 m at 1.4 GHz
constexpr double kNarrow = 667;                // 25 m at 8 GHz
constexpr double kSiderealDayS = 86164.0905;
constexpr double kDegPerSecond = 360 / kSiderealDayS;
constexpr int kSteps = 20000;

StandingBeam beamOf(double decDeg, double seconds, double radiusDeg,
                    double apertureWavelengths = kApertureWavelengths) {
  return {radiansOf(100), radiansOf(decDeg), seconds, radiansOf(radiusDeg), apertureWavelengths};
}

struct Sums {
  double seconds = 0;
  double meanResponse = 0;
  double peakResponse = 0;
};

// By the middle of each of many short steps, with ERFA's separation.
Sums stepByStep(const StandingBeam& beam, double raRad, double decRad) {
  Sums sums;
  const double step = beam.observationSeconds / kSteps;
  for (int i = 0; i < kSteps; ++i) {
    const double seconds = (i + 0.5) * step - beam.observationSeconds / 2;
    const double beamRaRad = beam.raRad + radiansOf(seconds * kDegPerSecond);
    const double separation = eraSeps(beamRaRad, beam.decRad, raRad, decRad);
    if (separation > beam.radiusRad) continue;
    const double response = airyPowerResponse(separation, beam.apertureWavelengths);
    sums.seconds += step;
    sums.meanResponse += response * step;
    sums.peakResponse = std::max(sums.peakResponse, response);
  }
  if (sums.seconds > 0) sums.meanResponse /= sums.seconds;
  return sums;
}

}  // namespace

TEST_CASE("a source drifts through the beam as many short steps say") {
  struct Case {
    double beamDecDeg, seconds, radiusDeg, raDeg, decDeg;
  };
  const Case cases[] = {
      {54.6, 309, 1.3, 100, 54.6},    {54.6, 309, 1.3, 102.2, 54.9}, {54.6, 309, 1.3, 98, 55.6},
      {16.2, 309, 3, 103.5, 16},      {-3, 86164, 1.3, 250, -2.2},   {89.5, 40000, 1.3, 280, 89.4},
      {88.9, 86164, 1.3, 300, 89.95}, {-89.9, 3000, 5, 10, -86},     {40, 86164, 180, 0, -40},
      {40, 309, 100, 160, 10},        {71.6, 309, 1.3, 459.5, 71.2}, {89, 86164, 2.05, 80, 89},
  };
  for (const auto& [beamDecDeg, seconds, radiusDeg, raDeg, decDeg] : cases) {
    CAPTURE(beamDecDeg);
    CAPTURE(raDeg);
    const StandingBeam beam = beamOf(beamDecDeg, seconds, radiusDeg);
    const auto pass = beamPassOf(beam, radiansOf(raDeg), radiansOf(decDeg));
    REQUIRE(pass.has_value());
    const Sums sums = stepByStep(beam, radiansOf(raDeg), radiansOf(decDeg));
    const double step = seconds / kSteps;
    CHECK(std::abs(pass->seconds - sums.seconds) <= 4 * step);
    CHECK(std::abs(pass->meanResponse - sums.meanResponse) < 1e-3);
    // Beyond the first null the response is not the greatest where the source is nearest.
    if (radiusDeg <= 3) CHECK(std::abs(pass->peakResponse - sums.peakResponse) < 1e-4);
    CHECK(pass->inSeconds >= -seconds / 2 - 1e-6);
    CHECK(pass->outSeconds <= seconds / 2 + 1e-6);
    CHECK(pass->closestSeconds >= pass->inSeconds);
    CHECK(pass->closestSeconds <= pass->outSeconds);
    CHECK(pass->seconds <= pass->outSeconds - pass->inSeconds + 1e-6);
  }
}

TEST_CASE("every lobe of a narrow beam counts") {
  for (const double raDeg : {100.0, 100.2, 99.63, 100.9}) {
    CAPTURE(raDeg);
    const StandingBeam beam = beamOf(30, 309, 1, kNarrow);
    const auto pass = beamPassOf(beam, radiansOf(raDeg), radiansOf(30.02));
    REQUIRE(pass.has_value());
    CHECK(std::abs(pass->meanResponse / stepByStep(beam, radiansOf(raDeg), radiansOf(30.02)).meanResponse -
                   1) < 1e-3);
  }
}

TEST_CASE("near a pole a source leaves the beam and comes back") {
  const StandingBeam beam = beamOf(89, 80000, 1.3);
  const auto pass = beamPassOf(beam, radiansOf(280), radiansOf(89));
  REQUIRE(pass.has_value());
  CHECK(pass->outSeconds - pass->inSeconds == doctest::Approx(80000));
  CHECK(pass->seconds < 40000);
}

TEST_CASE("what stays outside has no pass") {
  CHECK_FALSE(beamPassOf(beamOf(54.6, 309, 1.3), radiansOf(100), radiansOf(56)).has_value());
  CHECK_FALSE(beamPassOf(beamOf(54.6, 309, 1.3), radiansOf(103.2), radiansOf(54.6)).has_value());
}

TEST_CASE("an observation counts for a sidereal day at most, however long a row says it was") {
  const double endless = std::numeric_limits<double>::infinity();
  const auto pass = beamPassOf(beamOf(54.6, endless, 180), radiansOf(100), radiansOf(54.6));
  REQUIRE(pass.has_value());
  CHECK(pass->seconds == doctest::Approx(kSiderealDayS));
}

}  // namespace pointing::test
