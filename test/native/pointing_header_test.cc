// What a header means: kinds, mid time, ranges. Both readers share that code, so libhdf5 is asked alone.
#include <doctest/doctest.h>

#include <numbers>
#include <numeric>

#include "observation.h"
#include "scratch_directory.h"
#include "support.h"

using namespace pointing;

namespace {

const std::string kKeywords = "Header/extra_keywords/";
const std::set<std::string> kNoPointing = {kKeywords + "phase_center_dec", kKeywords + "ha_phase_center",
                                           kKeywords + "phase_center_epoch", "Header/phase_type"};

Result<PointingHeader> headerOf(const Observation& observation) {
  const ScratchDirectory directory;
  const std::string path = directory / "observation.hdf5";
  writeObservation(path, observation);
  return readLibhdf5(path);
}

double meanOf(const Observation& observation) {
  long double sum = 0;
  const auto times = timesOf(observation);
  for (const double time : times) sum += time - kFirstJd;
  return static_cast<double>(sum / static_cast<long double>(times.size()));
}

double offsetOf(const PointingHeader& header) {
  return (header.midTime.day - kFirstJd) + header.midTime.fraction;
}

void catalogEntry(Hdf5Writer& writer, const std::string& name, const std::string& type,
                  const std::string& frame, double lonRad) {
  const std::string entry = "Header/phase_center_catalog/" + name;
  writer.fixedText(entry + "/cat_type", type);
  writer.fixedText(entry + "/cat_frame", frame);
  writer.number(entry + "/cat_lon", lonRad, H5T_IEEE_F64LE, true);
  writer.number(entry + "/cat_lat", -0.25, H5T_IEEE_F64LE, true);
}

Observation catalog(std::function<void(Hdf5Writer&)> write) {
  return {.without = kNoPointing, .extra = std::move(write)};
}

}  // namespace

TEST_CASE("mid time is the mean of time_array") {
  const double precisionDays = 5e-10;  // of a Julian Date in one double
  SUBCASE("evenly sampled: from first and last") {
    const Observation observation;
    const auto header = headerOf(observation);
    REQUIRE(header.ok());
    CHECK(offsetOf(*header) == doctest::Approx(meanOf(observation)).epsilon(precisionDays));
    CHECK(header->nTimes == 6);
  }
  SUBCASE("with a gap: from the whole array") {
    const Observation observation{.nTimes = 24, .nBls = 500, .gapAfter = 3};
    const auto header = headerOf(observation);
    REQUIRE(header.ok());
    const double middleOfEndsDays = (timesOf(observation).back() - kFirstJd) / 2;
    CHECK(offsetOf(*header) == doctest::Approx(meanOf(observation)).epsilon(precisionDays));
    CHECK(std::abs(offsetOf(*header) - middleOfEndsDays) > 1e-4);
  }
  SUBCASE("Ntimes, Nbls and length at odds: from the whole array") {
    Observation observation{.gapAfter = 3, .without = {"Header/Nbls"}};
    observation.extra = [](Hdf5Writer& writer) { writer.number("Header/Nbls", 4, H5T_STD_I32LE); };
    const auto header = headerOf(observation);
    REQUIRE(header.ok());
    CHECK(offsetOf(*header) == doctest::Approx(meanOf(observation)).epsilon(precisionDays));
  }
  SUBCASE("without Ntimes the distinct times are counted") {
    const auto header = headerOf({.nTimes = 11, .without = {"Header/Ntimes"}});
    REQUIRE(header.ok());
    CHECK(header->nTimes == 11);
  }
  SUBCASE("also where each baseline has all of them, up to a million") {
    const auto repeated = [](int nTimes) {
      return headerOf({.without = {"Header/time_array", "Header/Ntimes"}, .extra = [=](Hdf5Writer& writer) {
                         std::vector<double> times;
                         for (int baseline = 0; baseline < 3; ++baseline) {
                           for (int i = nTimes; i-- > 0;) times.push_back(kFirstJd + i * 1e-8);
                         }
                         writer.numbers("Header/time_array", times, {H5T_IEEE_F64LE});
                       }});
    };
    for (const int nTimes : {5, 1'000'000}) {
      const auto header = repeated(nTimes);
      REQUIRE(header.ok());
      CHECK(header->nTimes == nTimes);
    }
    const auto refused = repeated(1'000'001);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.failure().code == ErrorCode::out_of_range);
    CHECK(refused.failure().message.find("more than a million different times") != std::string::npos);
  }
}

TEST_CASE("a length, dishes or a band that no telescope has count as unknown") {
  const auto headerWith = [](const std::string& path, double value) {
    const auto header = headerOf({.without = {path}, .extra = [=](Hdf5Writer& writer) {
                                    if (path == "Header/freq_array")
                                      writer.number("Header/channel_width", 1e5, H5T_IEEE_F64LE);
                                    writer.numbers(path, std::vector<double>(18, value), {H5T_IEEE_F64LE});
                                  }});
    REQUIRE(header.ok());
    return *header;
  };
  const auto durationS = [&](double integrationS) {
    return headerWith("Header/integration_time", integrationS).durationS;
  };
  CHECK(durationS(kIntegrationS) == 6 * kIntegrationS);
  // Longer than from one time to the next, as where baselines are averaged over different times.
  CHECK(durationS(60).value_or(0) == doctest::Approx(60 + 5 * kIntegrationS).epsilon(1e-6));
  CHECK(durationS(86400 - 5 * kIntegrationS - 1).has_value());
  CHECK_FALSE(durationS(86400 - 5 * kIntegrationS + 1).has_value());
  CHECK_FALSE(durationS(1e300).has_value());
  CHECK_FALSE(durationS(1e308).has_value());
  const auto dishM = [&](double diameterM) {
    return headerWith("Header/antenna_diameters", diameterM).instrument.dishM;
  };
  CHECK(dishM(4.65) == 4.65);
  CHECK_FALSE(dishM(1e-3).has_value());
  CHECK_FALSE(dishM(1e5).has_value());
  const auto band = [&](double frequencyHz) { return headerWith("Header/freq_array", frequencyHz).band; };
  REQUIRE(band(1.4e9).has_value());
  CHECK(band(1.4e9)->highestHz == 1.4e9 + 5e4);
  CHECK_FALSE(band(1400).has_value());
  CHECK_FALSE(band(1e300).has_value());
}

TEST_CASE("kinds of pointing") {
  SUBCASE("the correlator's keywords win over everything else") {
    const auto header =
        headerOf({.extra = [](Hdf5Writer& writer) { catalogEntry(writer, "0", "sidereal", "icrs", 1); }});
    REQUIRE(header.ok());
    CHECK(header->kind == Kind::hadec);
    CHECK(header->decRad == kDecRad);
    CHECK(header->haRad == kHaRad);
  }
  SUBCASE("drift: the zenith, hour angle 0 at the site's latitude") {
    std::set<std::string> without = kNoPointing;
    without.erase("Header/phase_type");
    const auto header = headerOf({.without = without});
    REQUIRE(header.ok());
    CHECK(header->kind == Kind::zenith);
    CHECK(header->haRad == 0);
    CHECK(header->decRad == doctest::Approx(37.2334051 * std::numbers::pi / 180).epsilon(1e-15));
  }
  SUBCASE("a single catalogue entry needs no ids") {
    const auto header = headerOf(
        catalog([](Hdf5Writer& writer) { catalogEntry(writer, "calibrator", "sidereal", "gcrs", 3); }));
    REQUIRE(header.ok());
    CHECK(header->kind == Kind::sidereal);
    CHECK(header->center.frame == Frame::gcrs);
    CHECK(header->center.lonRad == 3);
    CHECK(header->center.latRad == -0.25);
  }
  SUBCASE("of several catalogue entries the one that most rows use") {
    const std::vector<double> ids = {4, 12, 12, 4, 12, 7};
    const auto header = headerOf(catalog([&](Hdf5Writer& writer) {
      for (const int id : {4, 7, 12}) catalogEntry(writer, std::to_string(id), "sidereal", "icrs", id / 10.0);
      writer.numbers("Header/phase_center_id_array", ids, {H5T_STD_I64LE});
    }));
    REQUIRE(header.ok());
    CHECK(header->center.lonRad == 1.2);
  }
  SUBCASE("entries named by their source are found by cat_id") {
    const std::vector<double> ids = {1, 1, 1, 0};
    const auto header = headerOf(catalog([&](Hdf5Writer& writer) {
      catalogEntry(writer, "3C48", "unprojected", "altaz", 0);
      catalogEntry(writer, "3C286", "sidereal", "fk5", 2);
      writer.number("Header/phase_center_catalog/3C48/cat_id", 0, H5T_STD_I64LE);
      writer.number("Header/phase_center_catalog/3C286/cat_id", 1, H5T_STD_I64LE);
      writer.number("Header/phase_center_catalog/3C286/cat_epoch", 1975.5, H5T_IEEE_F64LE);
      writer.numbers("Header/phase_center_id_array", ids, {H5T_STD_I64LE});
    }));
    REQUIRE(header.ok());
    CHECK(header->center.lonRad == 2);
    CHECK(header->center.frame == Frame::fk5);
    CHECK(header->center.epoch.year == 1975.5);
  }
  SUBCASE("an unprojected entry: the zenith") {
    const auto header =
        headerOf(catalog([](Hdf5Writer& writer) { catalogEntry(writer, "0", "unprojected", "altaz", 0); }));
    REQUIRE(header.ok());
    CHECK(header->kind == Kind::zenith);
  }
}

TEST_CASE("an equinox may be text") {
  for (const auto& [text, year] : {std::pair{"J2000", 2000.0}, {"1950.5", 1950.5}, {"J2015.5  ", 2015.5}}) {
    const auto header = headerOf(catalog([&](Hdf5Writer& writer) {
      catalogEntry(writer, "0", "sidereal", "fk5", 1);
      writer.heapText("Header/phase_center_catalog/0/cat_epoch", text);
    }));
    REQUIRE(header.ok());
    CHECK(header->center.epoch.year == year);
  }
}
