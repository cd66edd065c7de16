#include <erfa.h>

#include <cmath>

#include "astrometry/angles.h"
#include "astrometry/pointing.h"
#include "astrometry_golden.h"

namespace pointing::test {
namespace {

constexpr double kMasDeg = 1 / 3'600'000.0;

PointingHeader headerOf(const GoldenRow& row) {
  const double lonRad = radiansOf(row.number("lon_deg"));
  const double latRad = radiansOf(row.number("lat_deg"));
  PointingHeader header{
      .kind = Kind::sidereal,
      .midTime = {row.number("jd_day"), row.number("jd_fraction")},
      .nTimes = 24,
      .site = {row.number("latitude_deg"), row.number("longitude_deg"), row.number("altitude_m")}};
  if (row.text("frame") == "altaz") {
    header.kind = Kind::zenith;
    eraAe2hd(lonRad, latRad, radiansOf(header.site.latitudeDeg), &header.haRad, &header.decRad);
    return header;
  }
  header.center = {.lonRad = lonRad,
                   .latRad = latRad,
                   .frame = frameNamed(row.text("frame")),
                   .epoch = {row.number("epoch_year"), row.text("frame") == "fk4"},
                   .motion = {.raRadPerYear = radiansOf(row.number("pm_ra_mas_yr") * kMasDeg),
                              .decRadPerYear = radiansOf(row.number("pm_dec_mas_yr") * kMasDeg),
                              .distancePc = row.number("distance_pc"),
                              .radialVelocityKmS = row.number("vrad_km_s")}};
  return header;
}

double separationMas(double lonDeg, double latDeg, const GoldenRow& row, const char* lon, const char* lat) {
  return degreesOf(eraSeps(radiansOf(lonDeg), radiansOf(latDeg), radiansOf(row.number(lon)),
                           radiansOf(row.number(lat)))) /
         kMasDeg;
}

}  // namespace

TEST_CASE("every frame agrees with astropy within a milliarcsecond, fixed and moving") {
  const auto table = vendoredTable();
  const std::vector<GoldenRow> rows = goldenRows("frames.tsv");
  REQUIRE(rows.size() == 30 * 22);
  double apparentMas = 0, icrsMas = 0;
  for (const GoldenRow& row : rows) {
    const Result<Pointing> pointing = pointingOf(headerOf(row), *table);
    CAPTURE(row.text("frame"));
    CAPTURE(row.text("epoch_year"));
    CAPTURE(row.text("jd_day"));
    CAPTURE(row.text("lon_deg"));
    CAPTURE(row.text("pm_dec_mas_yr"));
    CAPTURE(row.text("distance_pc"));
    REQUIRE(pointing.ok());
    const double apparent = separationMas(pointing->raDeg, pointing->decDeg, row, "ra_deg", "dec_deg");
    const double icrs =
        separationMas(pointing->raIcrsDeg, pointing->decIcrsDeg, row, "ra_icrs_deg", "dec_icrs_deg");
    CHECK(apparent < 1);
    CHECK(icrs < 1);
    CHECK(angleBetweenDeg(pointing->lstDeg, row.number("lst_deg")) < kMasDeg);
    CHECK(angleBetweenDeg(pointing->haDeg + pointing->raDeg, pointing->lstDeg) < 1e-9);
    apparentMas = std::max(apparentMas, apparent);
    icrsMas = std::max(icrsMas, icrs);
  }
  MESSAGE("largest differences: apparent " << apparentMas << " mas, ICRS " << icrsMas << " mas");
}

}  // namespace pointing::test
