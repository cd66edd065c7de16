#include <erfa.h>
#include <erfam.h>

#include <cstring>
#include <random>
#include <thread>

#include "astrometry/celestial_state.h"
#include "astrometry/local_sky.h"
#include "astrometry_golden.h"
#include "support.h"

// The series are evaluated once for all that is wanted of an instant; ERFA's own functions from end to end
// say whether that changes anything.
namespace pointing::test {
namespace {

constexpr double kEqualRad = 1e-12;

double angleBetweenRad(double a, double b) { return std::abs(std::remainder(a - b, 2 * ERFA_DPI)); }

// The angle on the sky between two directions.
double separationRad(double lonA, double latA, double lonB, double latB) {
  return eraSeps(lonA, latA, lonB, latB);
}

struct Sample {
  JulianDateUtc time;
  Site site;
  double haRad;
  double decRad;
};

std::vector<Sample> samples() {
  std::mt19937_64 random(110);
  const auto from = [&random](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  };
  std::vector<Sample> result;
  for (unsigned i = casesOf(2000); i > 0; --i) {
    result.push_back({{std::floor(from(2447893, 2488433)), from(-0.5, 0.5)},
                      {from(-90, 90), from(-180, 360), from(-400, 9000)},
                      from(-ERFA_DPI, ERFA_DPI),
                      std::asin(from(-1, 1))});
  }
  return result;
}

}  // namespace

TEST_CASE("sidereal time is eraGst06a plus the longitude") {
  const auto table = vendoredTable();
  for (const Sample& sample : samples()) {
    const Result<Instant> instant = instantOf(sample.time, *table);
    REQUIRE(instant.ok());
    const double greenwich =
        eraGst06a(instant->ut1.first, instant->ut1.second, instant->tt.first, instant->tt.second);
    const LocalSky sky(*instant, celestialStateAt(instant->tt), sample.site);
    CHECK(angleBetweenRad(sky.apparentSiderealTimeRad(), greenwich + sample.site.longitudeDeg * ERFA_DD2R) <
          kEqualRad);
  }
}

TEST_CASE("ICRS of an apparent direction is eraAtoc13's, and back is eraAtco13's") {
  const auto table = vendoredTable();
  for (const Sample& sample : samples()) {
    const Result<Instant> instant = instantOf(sample.time, *table);
    REQUIRE(instant.ok());
    const LocalSky sky(*instant, celestialStateAt(instant->tt), sample.site);
    const EarthOrientation& earth = instant->earth;
    const double longitudeRad = sample.site.longitudeDeg * ERFA_DD2R;
    const double latitudeRad = sample.site.latitudeDeg * ERFA_DD2R;

    const IcrsDirection icrs = sky.icrsOf(sample.haRad, sample.decRad);
    double raRad = 0;
    double decRad = 0;
    REQUIRE(eraAtoc13("H", sample.haRad, sample.decRad, sample.time.day, sample.time.fraction,
                      earth.ut1MinusUtcS, longitudeRad, latitudeRad, sample.site.altitudeM, earth.xpRad,
                      earth.ypRad, 0, 0, 0, 0.55, &raRad, &decRad) >= 0);
    CHECK(separationRad(icrs.raRad, icrs.decRad, raRad, decRad) < kEqualRad);

    const ApparentDirection apparent = sky.apparentOf(icrs);
    double azimuth = 0;
    double zenithDistance = 0;
    double ha = 0;
    double dec = 0;
    double cioRa = 0;
    double equationOfOrigins = 0;
    REQUIRE(eraAtco13(icrs.raRad, icrs.decRad, 0, 0, 0, 0, sample.time.day, sample.time.fraction,
                      earth.ut1MinusUtcS, longitudeRad, latitudeRad, sample.site.altitudeM, earth.xpRad,
                      earth.ypRad, 0, 0, 0, 0.55, &azimuth, &zenithDistance, &ha, &dec, &cioRa,
                      &equationOfOrigins) >= 0);
    CHECK(separationRad(apparent.haRad, apparent.decRad, ha, dec) < kEqualRad);
    CHECK(separationRad(apparent.azimuthRad, apparent.elevationRad, azimuth, ERFA_DPI / 2 - zenithDistance) <
          kEqualRad);
    // ERFA's two directions invert each other to some 1e-11 rad: its light deflection is not exactly
    // reversible.
    CHECK(separationRad(apparent.haRad, apparent.decRad, sample.haRad, sample.decRad) < 1e-9);
  }
}

TEST_CASE("interpolated states give the sky of the full series within 1e-5 arcsec, or coarsely 0.003") {
  const auto table = vendoredTable();
  const auto checkWithin = [&table](CelestialState stateAt(const TwoPartJulianDate&), double boundArcsec) {
    for (const Sample& sample : samples()) {
      const Result<Instant> instant = instantOf(sample.time, *table);
      REQUIRE(instant.ok());
      const LocalSky exact(*instant, celestialStateAt(instant->tt), sample.site);
      const LocalSky interpolated(*instant, stateAt(instant->tt), sample.site);
      const IcrsDirection a = exact.icrsOf(sample.haRad, sample.decRad);
      const IcrsDirection b = interpolated.icrsOf(sample.haRad, sample.decRad);
      CHECK(separationRad(a.raRad, a.decRad, b.raRad, b.decRad) < boundArcsec * ERFA_DAS2R);
      CHECK(angleBetweenRad(exact.apparentSiderealTimeRad(), interpolated.apparentSiderealTimeRad()) <
            boundArcsec * ERFA_DAS2R);
    }
  };
  checkWithin(interpolatedCelestialStateAt, 1e-5);
  checkWithin(coarselyInterpolatedCelestialStateAt, 3e-3);
}

TEST_CASE("an interpolated state does not depend on those asked for before") {
  const auto statesOf = [](bool jumping) {
    std::vector<CelestialState> states;
    for (unsigned i = 0; i < casesOf(6000); ++i) {
      if (jumping) interpolatedCelestialStateAt({2451545.0 + i, 0.1});
      states.push_back(interpolatedCelestialStateAt({2460953.0, i * 0.0036}));
    }
    return states;
  };
  std::vector<CelestialState> inOrder;
  std::vector<CelestialState> jumping;
  std::thread([&] { inOrder = statesOf(false); }).join();
  std::thread([&] { jumping = statesOf(true); }).join();
  CHECK(std::memcmp(inOrder.data(), jumping.data(), inOrder.size() * sizeof(CelestialState)) == 0);
}

}  // namespace pointing::test
