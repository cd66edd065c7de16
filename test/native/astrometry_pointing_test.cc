#include <limits>

#include "astrometry/angles.h"
#include "astrometry/pointing.h"
#include "astrometry_golden.h"

namespace pointing::test {
namespace {

constexpr double kToleranceDeg = 1e-6;
constexpr double kToleranceDays = 2e-9;

PointingHeader headerOf(const GoldenRow& row) {
  const bool sidereal = row.text("kind") == "sidereal";
  const double lonRad = radiansOf(row.number("lon_deg"));
  const double latRad = radiansOf(row.number("lat_deg"));
  PointingHeader header{
      .kind = sidereal ? Kind::sidereal : Kind::hadec,
      .midTime = {row.number("jd_day"), row.number("jd_fraction")},
      .nTimes = 24,
      .site = {row.number("latitude_deg"), row.number("longitude_deg"), row.number("altitude_m")}};
  if (sidereal) {
    header.center = {.lonRad = lonRad,
                     .latRad = latRad,
                     .frame = frameNamed(row.text("frame")),
                     .epoch = {row.number("equinox_year")}};
  } else {
    header.haRad = lonRad;
    header.decRad = latRad;
  }
  return header;
}

PointingHeader goodHeader(Kind kind) {
  return {.kind = kind,
          .midTime = {2460953, 0.135},
          .nTimes = 24,
          .site = {37.2, -118.3, 1188},
          .haRad = 0.1,
          .decRad = 0.9,
          .center = {.lonRad = 3.5, .latRad = 0.5, .frame = Frame::fk5, .motion = {1e-5, 1e-5, 1, 10}}};
}

}  // namespace

TEST_CASE("pointing agrees with astropy at the edges") {
  const auto table = vendoredTable();
  const std::vector<GoldenRow> rows = goldenRows("pointing.tsv");
  REQUIRE(rows.size() == 266);
  for (const GoldenRow& row : rows) {
    const Result<Pointing> pointing = pointingOf(headerOf(row), *table);
    CAPTURE(row.text("kind"));
    CAPTURE(row.text("frame"));
    CAPTURE(row.text("mjd"));
    CAPTURE(row.text("lon_deg"));
    CAPTURE(row.text("lat_deg"));
    REQUIRE(pointing.ok());
    CHECK(std::abs(pointing->midTimeMjdUtc - row.number("mjd")) < kToleranceDays);
    CHECK(angleBetweenDeg(pointing->lstDeg, row.number("lst_deg")) < kToleranceDeg);
    CHECK(angleBetweenDeg(pointing->haDeg, row.number("ha_deg")) < kToleranceDeg);
    CHECK(angleBetweenDeg(pointing->raDeg, row.number("ra_deg")) < kToleranceDeg);
    CHECK(std::abs(pointing->decDeg - row.number("dec_deg")) < kToleranceDeg);
    CHECK(angleBetweenDeg(pointing->raIcrsDeg, row.number("ra_icrs_deg")) < kToleranceDeg);
    CHECK(std::abs(pointing->decIcrsDeg - row.number("dec_icrs_deg")) < kToleranceDeg);
  }
}

TEST_CASE("pointing refuses what is not finite or out of range, whatever the field") {
  const auto table = vendoredTable();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  struct Field {
    Kind kind;
    double* (*of)(PointingHeader&);
    std::vector<double> bad;
  };
  const std::vector<Field> fields = {
      {Kind::hadec, [](PointingHeader& h) { return &h.midTime.day; }, {0, 2447891, 2488435, 1e300}},
      {Kind::hadec, [](PointingHeader& h) { return &h.midTime.fraction; }, {1e9, -1e9}},
      {Kind::zenith, [](PointingHeader& h) { return &h.site.latitudeDeg; }, {-90.1, 90.1}},
      {Kind::zenith, [](PointingHeader& h) { return &h.site.longitudeDeg; }, {-361, 361}},
      {Kind::zenith, [](PointingHeader& h) { return &h.site.altitudeM; }, {-1e5, 1e6}},
      {Kind::hadec, [](PointingHeader& h) { return &h.haRad; }, {-3.15, 3.15}},
      {Kind::hadec, [](PointingHeader& h) { return &h.decRad; }, {-1.58, 1.58}},
      {Kind::sidereal, [](PointingHeader& h) { return &h.center.lonRad; }, {}},
      {Kind::sidereal, [](PointingHeader& h) { return &h.center.latRad; }, {-1.58, 1.58}},
      {Kind::sidereal, [](PointingHeader& h) { return &h.center.epoch.year; }, {0, 1899, 2101}},
      {Kind::sidereal, [](PointingHeader& h) { return &h.center.motion.raRadPerYear; }, {1e9}},
      {Kind::sidereal, [](PointingHeader& h) { return &h.center.motion.decRadPerYear; }, {1e9}},
      {Kind::sidereal, [](PointingHeader& h) { return &h.center.motion.distancePc; }, {1e-9, -1}},
      {Kind::sidereal, [](PointingHeader& h) { return &h.center.motion.radialVelocityKmS; }, {-4e5, 4e5}},
  };
  for (const Field& field : fields) {
    REQUIRE(pointingOf(goodHeader(field.kind), *table).ok());
    std::vector<double> bad = field.bad;
    bad.insert(bad.end(), {nan, infinity, -infinity});
    for (const double value : bad) {
      PointingHeader header = goodHeader(field.kind);
      *field.of(header) = value;
      const Result<Pointing> pointing = pointingOf(header, *table);
      CAPTURE(&field - fields.data());
      CAPTURE(value);
      REQUIRE_FALSE(pointing.ok());
      CHECK(pointing.failure().code == ErrorCode::out_of_range);
      CHECK_FALSE(pointing.failure().message.empty());
    }
  }
}

}  // namespace pointing::test
