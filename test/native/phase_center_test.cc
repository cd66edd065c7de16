// What the keys of a phase centre mean. Both readers share that code, so libhdf5 is asked alone.
#include <doctest/doctest.h>
#include <erfa.h>
#include <erfam.h>

#include <numbers>

#include "astrometry/pointing.h"
#include "astrometry_golden.h"
#include "observation.h"
#include "scratch_directory.h"
#include "support.h"

using namespace pointing;

namespace {

const std::string kKeywords = "Header/extra_keywords/";
const std::string kEntry = "Header/phase_center_catalog/0/";
constexpr double kRadPerMas = std::numbers::pi / (180 * 3'600'000.0);

Result<PointingHeader> headerOf(std::function<void(Hdf5Writer&)> write, bool isDsa110 = false) {
  const ScratchDirectory directory;
  const std::string path = directory / "observation.hdf5";
  Observation observation{.extra = std::move(write)};
  observation.without = {kKeywords + "phase_center_epoch"};
  if (!isDsa110) {
    observation.without.insert({kKeywords + "phase_center_dec", kKeywords + "ha_phase_center"});
    observation.without.insert("Header/phase_type");
  }
  writeObservation(path, observation);
  return readLibhdf5(path);
}

void number(Hdf5Writer& writer, const std::string& path, double value) {
  writer.number(path, value, H5T_IEEE_F64LE);
}

void entry(Hdf5Writer& writer, const std::string& type, const std::string& frame) {
  writer.fixedText(kEntry + "cat_type", type);
  writer.fixedText(kEntry + "cat_frame", frame);
  number(writer, kEntry + "cat_lon", 1.2);
  number(writer, kEntry + "cat_lat", 0.5);
}

void phased(Hdf5Writer& writer) {
  writer.fixedText("Header/phase_type", "phased");
  number(writer, "Header/phase_center_ra", 1.2);
  number(writer, "Header/phase_center_dec", 0.5);
}

}  // namespace

TEST_CASE("the number 2000 for HADEC, whatever its type and shape") {
  for (const hid_t type : {H5T_STD_I64LE, H5T_STD_I32LE, H5T_STD_I64BE, H5T_STD_U16LE, H5T_IEEE_F64LE}) {
    for (const bool isArray : {false, true}) {
      const auto header = headerOf(
          [&](Hdf5Writer& writer) { writer.number(kKeywords + "phase_center_epoch", 2000, type, isArray); },
          true);
      REQUIRE(header.ok());
      CHECK(header->kind == Kind::hadec);
      CHECK(header->decRad == kDecRad);
    }
  }
  const auto without = headerOf([](Hdf5Writer&) {}, true);
  REQUIRE(without.ok());
  CHECK(without->kind == Kind::hadec);
}

TEST_CASE("an epoch alone that others store too leaves a file to its other keys") {
  const std::vector<std::function<void(Hdf5Writer&)>> epochs = {
      [](Hdf5Writer& writer) { number(writer, kKeywords + "phase_center_epoch", 2000); },
      [](Hdf5Writer& writer) { number(writer, kKeywords + "phase_center_epoch", 1950); },
      [](Hdf5Writer& writer) { writer.heapText(kKeywords + "phase_center_epoch", "J2000"); },
      [](Hdf5Writer& writer) { writer.heapText(kKeywords + "phase_center_epoch", std::string(300, 'x')); },
      [](Hdf5Writer& writer) { writer.group(kKeywords + "phase_center_epoch"); },
  };
  for (const auto& epoch : epochs) {
    const auto header = headerOf([&](Hdf5Writer& writer) {
      epoch(writer);
      entry(writer, "sidereal", "icrs");
    });
    REQUIRE(header.ok());
    CHECK(header->kind == Kind::sidereal);
    CHECK(header->center.lonRad == 1.2);
  }
}

TEST_CASE("the older form without a frame: its epoch decides") {
  struct Case {
    std::optional<double> year;
    const char* text;
    Frame frame;
    bool isBesselian;
  };
  for (const auto& [year, text, frame, isBesselian] :
       {Case{{}, nullptr, Frame::icrs, false}, Case{2000, nullptr, Frame::icrs, false},
        Case{{}, "J2000.0", Frame::icrs, false}, Case{1950, nullptr, Frame::fk4, true},
        Case{{}, "B1950", Frame::fk4, true}, Case{{}, "1950.0", Frame::fk4, true},
        Case{1975, nullptr, Frame::fk4, true}, Case{1984, nullptr, Frame::fk5, false},
        Case{2018.5, nullptr, Frame::fk5, false}}) {
    const auto header = headerOf([&](Hdf5Writer& writer) {
      phased(writer);
      if (year) number(writer, "Header/phase_center_epoch", *year);
      if (text) writer.heapText("Header/phase_center_epoch", text);
    });
    REQUIRE(header.ok());
    CHECK(header->center.frame == frame);
    CHECK(header->center.epoch.isBesselian == isBesselian);
  }
  const auto named = headerOf([](Hdf5Writer& writer) {
    phased(writer);
    number(writer, "Header/phase_center_epoch", 1950);
    writer.heapText("Header/phase_center_frame", "icrs");
  });
  REQUIRE(named.ok());
  CHECK(named->center.frame == Frame::icrs);
}

TEST_CASE("a driftscan entry: azimuth and altitude, the zenith without them") {
  for (const double azimuthRad : {0.0, 1.0, 3.5, 6.0}) {
    const auto header = headerOf([&](Hdf5Writer& writer) {
      writer.fixedText(kEntry + "cat_type", "driftscan");
      writer.fixedText(kEntry + "cat_frame", "altaz");
      number(writer, kEntry + "cat_lon", azimuthRad);
      number(writer, kEntry + "cat_lat", 1.1);
    });
    REQUIRE(header.ok());
    CHECK(header->kind == Kind::zenith);
    double azimuth = 0, altitude = 0;
    eraHd2ae(header->haRad, header->decRad, header->site.latitudeDeg * ERFA_DD2R, &azimuth, &altitude);
    CHECK(std::abs(std::remainder(azimuth - azimuthRad, ERFA_D2PI)) < 1e-12);
    CHECK(altitude == doctest::Approx(1.1).epsilon(1e-12));
    CHECK((header->haRad < 0) == (azimuthRad > 0 && azimuthRad < ERFA_DPI));  // the east has yet to culminate
  }
  const auto zenith =
      headerOf([](Hdf5Writer& writer) { writer.fixedText(kEntry + "cat_type", "driftscan"); });
  REQUIRE(zenith.ok());
  CHECK(zenith->decRad == doctest::Approx(zenith->site.latitudeDeg * ERFA_DD2R).epsilon(1e-12));
}

TEST_CASE("the motion of an entry, and its epoch") {
  const auto header = headerOf([](Hdf5Writer& writer) {
    entry(writer, "sidereal", "icrs");
    number(writer, kEntry + "cat_pm_ra", -801);
    number(writer, kEntry + "cat_pm_dec", 10362.5);
    number(writer, kEntry + "cat_dist", 1.83);
    number(writer, kEntry + "cat_vrad", -110.5);
    number(writer, kEntry + "cat_epoch", 2015.5);
  });
  REQUIRE(header.ok());
  const PhaseCenter& center = header->center;
  CHECK(center.motion.raRadPerYear == doctest::Approx(-801 * kRadPerMas).epsilon(1e-14));
  CHECK(center.motion.decRadPerYear == doctest::Approx(10362.5 * kRadPerMas).epsilon(1e-14));
  CHECK(center.motion.distancePc == 1.83);
  CHECK(center.motion.radialVelocityKmS == -110.5);
  CHECK(center.epoch.year == 2015.5);
  CHECK_FALSE(center.epoch.isBesselian);

  const auto fk4 = headerOf([](Hdf5Writer& writer) {
    entry(writer, "sidereal", "fk4");
    writer.null(kEntry + "cat_pm_ra");
    writer.null(kEntry + "cat_epoch");
  });
  REQUIRE(fk4.ok());
  CHECK(fk4->center.epoch.year == 1950);
  CHECK(fk4->center.epoch.isBesselian);
  CHECK(fk4->center.motion.raRadPerYear == 0);
}

TEST_CASE("a single entry may be without ids, but not with those of another") {
  const auto ids = [](std::vector<double> values) {
    return headerOf([=](Hdf5Writer& writer) {
      entry(writer, "sidereal", "icrs");
      writer.numbers("Header/phase_center_id_array", values, {H5T_STD_I64LE});
    });
  };
  CHECK(headerOf([](Hdf5Writer& writer) { entry(writer, "sidereal", "icrs"); }).ok());
  CHECK(ids({0, 0, 0}).ok());
  CHECK(ids({0, 1, 0}).failure().code == ErrorCode::out_of_range);
  CHECK(ids({1, 1, 1}).failure().code == ErrorCode::out_of_range);
}

TEST_CASE("an entry that is named by its id, however large") {
  for (const double id : {7.0, 100'000.0, 12'000'000.0, -3.0}) {
    CAPTURE(id);
    const auto header = headerOf([=](Hdf5Writer& writer) {
      const std::string named =
          "Header/phase_center_catalog/" + std::to_string(static_cast<std::int64_t>(id)) + "/";
      writer.fixedText(named + "cat_type", "sidereal");
      writer.fixedText(named + "cat_frame", "icrs");
      number(writer, named + "cat_lon", 1.2);
      number(writer, named + "cat_lat", 0.5);
      writer.numbers("Header/phase_center_id_array", std::vector<double>(3, id), {H5T_STD_I64LE});
    });
    CHECK(header.ok());
  }
}

TEST_CASE("a stored sidereal time more than 0.1 degrees off: out_of_range, with both in the message") {
  const auto table = test::vendoredTable();
  const auto pointingWith = [&](double lstRad, std::size_t length = 18) {
    const auto header = headerOf(
        [&](Hdf5Writer& writer) {
          writer.numbers("Header/lst_array", std::vector<double>(length, lstRad), {H5T_IEEE_F64LE});
        },
        true);
    return header ? pointingOf(*header, *table) : Result<Pointing>(header.failure());
  };
  const auto header = headerOf([](Hdf5Writer&) {}, true);
  REQUIRE(header.ok());
  const auto pointing = pointingOf(*header, *table);
  REQUIRE(pointing.ok());
  // Of the middle row, half an integration after the mid time of six.
  const double lstRad = pointing->lstDeg * ERFA_DD2R + kIntegrationS / 2 / 86400 * 1.00273781 * ERFA_D2PI;
  for (const double turns : {0.0, 1.0, -1.0}) CHECK(pointingWith(lstRad + turns * ERFA_D2PI).ok());
  for (const double offDeg : {0.099, -0.099}) CHECK(pointingWith(lstRad + offDeg * ERFA_DD2R).ok());
  for (const double offDeg : {0.101, -0.101, 180.0}) {
    const auto refused = pointingWith(lstRad + offDeg * ERFA_DD2R);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.failure().code == ErrorCode::out_of_range);
    CHECK(refused.failure().message.find("lst_array holds") != std::string::npos);
  }
  CHECK(pointingWith(std::nan("")).failure().code == ErrorCode::out_of_range);
  CHECK(pointingWith(lstRad, 17).failure().code == ErrorCode::out_of_range);
}

TEST_CASE("a site in radians that has a stored sidereal time is judged by that") {
  const auto table = test::vendoredTable();
  const auto zenithAt = [&](double latitude, double longitude, double lstRad) {
    const ScratchDirectory directory;
    const std::string path = directory / "observation.hdf5";
    Observation observation{.without = {"Header/latitude", "Header/longitude"}};
    observation.extra = [&](Hdf5Writer& writer) {
      number(writer, "Header/latitude", latitude);
      number(writer, "Header/longitude", longitude);
      writer.numbers("Header/lst_array", std::vector<double>(18, lstRad), {H5T_IEEE_F64LE});
    };
    writeObservation(path, observation);
    const auto header = readLibhdf5(path);
    return header ? pointingOf(*header, *table) : Result<Pointing>(header.failure());
  };
  const auto hera = zenithAt(-30.7215, 21.4283, 0.0);
  REQUIRE_FALSE(hera.ok());
  const std::string message = hera.failure().message;
  const double lstRad = std::stod(message.substr(message.find("give ") + 5)) * ERFA_DD2R;
  CHECK(zenithAt(-30.7215, 21.4283, lstRad).ok());
  const auto radians = zenithAt(-30.7215 * ERFA_DD2R, 21.4283 * ERFA_DD2R, lstRad);
  CHECK(radians.failure().code == ErrorCode::out_of_range);
  // A ship off West Africa.
  CHECK(zenithAt(0.5, 21.4283 - 20, lstRad - 20 * ERFA_DD2R).ok());
}

namespace {

Observation sampledS(double integrationS, int gapAfter = -1) {
  return {.gapAfter = gapAfter, .without = {"Header/integration_time"}, .extra = [=](Hdf5Writer& writer) {
            writer.numbers("Header/integration_time", std::vector<double>(18, integrationS),
                           {H5T_IEEE_F64LE});
          }};
}

PointingHeader headerOf(const Observation& observation) {
  const ScratchDirectory directory;
  const std::string path = directory / "observation.hdf5";
  writeObservation(path, observation);
  const auto header = readLibhdf5(path);
  REQUIRE(header.ok());
  return *header;
}

}  // namespace

TEST_CASE("gaps: more than 1.5 integrations from one time to the next") {
  const auto hasGaps = [](const Observation& observation) {
    const PointingHeader header = headerOf(observation);
    return std::pair(header.isEvenlySampled, header.hasGaps);
  };
  CHECK(hasGaps({}) == std::pair(true, false));
  CHECK(hasGaps({.gapAfter = 2}) == std::pair(false, true));
  CHECK(hasGaps({.without = {"Header/Nbls"}}) == std::pair(false, false));
  CHECK(hasGaps({.without = {"Header/integration_time"}}) == std::pair(false, false));
  CHECK(hasGaps({.gapAfter = 2, .without = {"Header/integration_time"}}) == std::pair(false, true));
  CHECK(hasGaps(sampledS(0.134217728)) == std::pair(false, false));
  CHECK(hasGaps(sampledS(0.134217728, 2)) == std::pair(false, true));
}

TEST_CASE(
    "an integration time shorter than most steps is not the integration's, and the step stands for it") {
  const auto durationS = [](const Observation& observation) {
    return headerOf(observation).durationS.value_or(0);
  };
  // As the DSA-110's files have it until June 2022.
  CHECK(durationS(sampledS(0.134217728)) == doctest::Approx(6 * kIntegrationS).epsilon(1e-6));
  CHECK(durationS(sampledS(0.134217728, 2)) == doctest::Approx(6 * kIntegrationS).epsilon(1e-6));
  CHECK(durationS({.without = {"Header/integration_time"}}) ==
        doctest::Approx(6 * kIntegrationS).epsilon(1e-6));
  // A pause between integrations, and too few to tell.
  CHECK(durationS(sampledS(10)) == 60);
  Observation two = sampledS(5);
  two.nTimes = 2;
  CHECK(durationS(two) == 10);
}
