#include <erfa.h>

#include "astrometry/angles.h"
#include "astrometry/celestial_state.h"
#include "astrometry/transits.h"
#include "astrometry_golden.h"

namespace pointing::test {
namespace {

constexpr Site kOvro{37.2334051, -118.283, 1188.0519};
constexpr double kToleranceS = 0.01;
constexpr double kToleranceArcsec = 0.01;
constexpr double kSecondsPerDay = 86400;

IcrsDirection calibratorOf(const GoldenRow& row) {
  return {radiansOf(row.number("ra_icrs_deg")), radiansOf(row.number("dec_icrs_deg"))};
}

LocalSky skyAt(double mjdUtc, const EarthOrientationTable& table) {
  const Result<Instant> instant = instantOf(julianDateOfMjd(mjdUtc), table);
  REQUIRE(instant.ok());
  return LocalSky(*instant, celestialStateAt(instant->tt), kOvro);
}

double separationArcsec(double lonA, double latA, double lonB, double latB) {
  return degreesOf(eraSeps(lonA, latA, lonB, latB)) * 3600;
}

}  // namespace

TEST_CASE("transits agree with astropy for 100 calibrators at 10 dates") {
  const auto table = vendoredTable();
  const std::vector<GoldenRow> rows = goldenRows("transits.tsv");
  REQUIRE(rows.size() == 1000);
  for (const GoldenRow& row : rows) {
    CAPTURE(row.text("name"));
    CAPTURE(row.text("from_mjd"));
    const double fromMjd = row.number("from_mjd");
    const auto transits = upperTransits(calibratorOf(row), fromMjd, fromMjd + 1.5, kOvro, *table);
    REQUIRE(transits.ok());
    REQUIRE_FALSE(transits->empty());
    const double transitMjd = transits->front();
    CHECK(std::abs(transitMjd - row.number("transit_mjd")) * kSecondsPerDay < kToleranceS);
    const ApparentDirection there = skyAt(transitMjd, *table).apparentOf(calibratorOf(row));
    CHECK(std::abs(degreesOf(there.elevationRad) - row.number("transit_elevation_deg")) * 3600 <
          kToleranceArcsec);
  }
}

TEST_CASE("apparent places and separations agree with astropy for 100 calibrators at 10 dates") {
  const auto table = vendoredTable();
  for (const GoldenRow& row : goldenRows("transits.tsv")) {
    CAPTURE(row.text("name"));
    CAPTURE(row.text("from_mjd"));
    const IcrsDirection calibrator = calibratorOf(row);
    const LocalSky sky = skyAt(row.number("from_mjd"), *table);
    const ApparentDirection place = sky.apparentOf(calibrator);
    CHECK(separationArcsec(place.haRad, place.decRad, radiansOf(row.number("ha_deg")),
                           radiansOf(row.number("dec_deg"))) < kToleranceArcsec);
    CHECK(separationArcsec(place.azimuthRad, place.elevationRad, radiansOf(row.number("azimuth_deg")),
                           radiansOf(row.number("elevation_deg"))) < kToleranceArcsec);
    const IcrsDirection beam = sky.icrsOf(0, radiansOf(row.number("beam_dec_deg")));
    const double separation = separationArcsec(calibrator.raRad, calibrator.decRad, beam.raRad, beam.decRad);
    CHECK(std::abs(separation - row.number("separation_deg") * 3600) < kToleranceArcsec);
  }
}

TEST_CASE("every transit of a range is found, once, in order") {
  const auto table = vendoredTable();
  for (const double decDeg : {-30.0, 0.0, 54.57, 88.2, 89.9}) {
    const IcrsDirection direction{1.0, radiansOf(decDeg)};
    const auto transits = upperTransits(direction, 60000.25, 60365.25, kOvro, *table);
    REQUIRE(transits.ok());
    CHECK(transits->size() >= 365);
    CHECK(transits->size() <= 367);
    CHECK(transits->front() - 60000.25 < 1);
    CHECK(60365.25 - transits->back() < 1);
    for (std::size_t i = 0; i < transits->size(); ++i) {
      const double haRad = skyAt((*transits)[i], *table).apparentOf(direction).haRad;
      CHECK(std::abs(haRad) < radiansOf(15.0 / 3600 * 1e-3));  // 1 ms
      if (i > 0) CHECK(std::abs((*transits)[i] - (*transits)[i - 1] - 0.99727) < 1e-3);
    }
  }
}

TEST_CASE("a range shorter than a day may have no transit") {
  const auto table = vendoredTable();
  const IcrsDirection direction{1.0, 0.5};
  const auto day = upperTransits(direction, 60000, 60001, kOvro, *table);
  REQUIRE(day.ok());
  REQUIRE_FALSE(day->empty());
  const double transit = day->front();
  CHECK(upperTransits(direction, transit - 0.01, transit + 0.01, kOvro, *table)->size() == 1);
  CHECK(upperTransits(direction, transit + 0.01, transit + 0.98, kOvro, *table)->empty());
}

TEST_CASE("transits end at the first and last dates without a failure") {
  const auto table = vendoredTable();
  const IcrsDirection direction{1.0, 0.5};
  CHECK(upperTransits(direction, 47892, 47894, kOvro, *table)->size() >= 2);
  CHECK(upperTransits(direction, 88432, 88433.999, kOvro, *table)->size() >= 2);
  for (const auto& [from, to] : {std::pair{47891.0, 47893.0},
                                 {88433.0, 88434.0},
                                 {60001.0, 60000.0},
                                 {std::nan(""), 60000.0},
                                 {60000.0, std::nan("")}}) {
    const auto transits = upperTransits(direction, from, to, kOvro, *table);
    REQUIRE_FALSE(transits.ok());
    CHECK(transits.failure().code == ErrorCode::out_of_range);
  }
}

}  // namespace pointing::test
