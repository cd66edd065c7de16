// Headers of all kinds at random: both readers answer alike, to the last bit.
#include <doctest/doctest.h>

#include <map>
#include <random>

#include "astrometry/pointing.h"
#include "astrometry_golden.h"
#include "guarded_libhdf5.h"
#include "observation.h"
#include "scratch_directory.h"
#include "support.h"

using namespace pointing;

namespace {

constexpr unsigned kHeaders = 1000;
const std::string kKeywords = "Header/extra_keywords/";
const std::string kCatalog = "Header/phase_center_catalog/";

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  double between(double low, double high) { return std::uniform_real_distribution(low, high)(engine_); }
  int below(int limit) { return std::uniform_int_distribution(0, limit - 1)(engine_); }
  bool oneIn(int n) { return below(n) == 0; }
  template <typename T>
  T oneOf(std::initializer_list<T> values) {
    return values.begin()[below(static_cast<int>(values.size()))];
  }

 private:
  std::mt19937 engine_;
};

// Writes through this leave every value's type, shape and place to chance.
class RandomWriter {
 public:
  RandomWriter(Hdf5Writer& writer, Random& random) : writer_(writer), random_(random) {}

  void number(const std::string& path, double value) {
    if (random_.oneIn(40)) return writer_.null(path);
    writer_.number(path, value, random_.oneOf({H5T_IEEE_F64LE, H5T_IEEE_F64LE, H5T_IEEE_F32LE}),
                   random_.oneIn(3));
  }
  void integer(const std::string& path, int value) {
    writer_.number(path, value, random_.oneOf({H5T_STD_I64LE, H5T_STD_I32LE, H5T_STD_U8LE}),
                   random_.oneIn(3));
  }
  void text(const std::string& path, const std::string& value) {
    random_.oneIn(2) ? writer_.fixedText(path, value + (random_.oneIn(3) ? "  " : ""))
                     : writer_.heapText(path, value);
  }
  void numbers(const std::string& path, const std::vector<double>& values, hid_t type = H5T_IEEE_F64LE) {
    const int layout = random_.below(4);
    writer_.numbers(path, values,
                    {.type = type,
                     .chunkLength = layout == 0 ? 5u : 0u,
                     .compact = layout == 1 && values.size() < 12,
                     .asRow = layout == 2});
  }
  // A year as UVH5 stores it, rarely one that means nothing.
  void epoch(const std::string& path) {
    const double year = random_.oneOf({2000.0, 1950.0, 1975.5, 2021.25, 1700.0});
    const std::string letter = random_.oneOf<const char*>({"J", "B", "", "X"});
    random_.oneIn(2) ? number(path, year) : text(path, letter + std::to_string(static_cast<int>(year)));
  }

 private:
  Hdf5Writer& writer_;
  Random& random_;
};

void writeHadec(RandomWriter& writer, Random& random) {
  if (!random.oneIn(20)) writer.number(kKeywords + "phase_center_dec", random.between(-1.6, 1.6));
  if (!random.oneIn(20)) writer.number(kKeywords + "ha_phase_center", random.between(-3.2, 3.2));
  if (random.oneIn(3)) return writer.integer(kKeywords + "phase_center_epoch", 127);
  random.oneIn(2) ? writer.text(kKeywords + "phase_center_epoch", random.oneIn(9) ? "J2000" : "HADEC")
                  : writer.number(kKeywords + "phase_center_epoch", 2000);
}

void writePhased(RandomWriter& writer, Random& random) {
  writer.text("Header/phase_type", "phased");
  writer.number("Header/phase_center_ra", random.between(-1, 6.4));
  writer.number("Header/phase_center_dec", random.between(-1.58, 1.58));
  if (random.oneIn(2)) {
    writer.text("Header/phase_center_frame",
                random.oneOf<const char*>({"icrs", "fk5", "fk4", "gcrs", "cirs"}));
  }
  if (!random.oneIn(4)) writer.epoch("Header/phase_center_epoch");
}

void writeEntry(RandomWriter& writer, Random& random, const std::string& entry) {
  const std::string type = random.oneOf<const char*>(
      {"sidereal", "sidereal", "sidereal", "sidereal", "driftscan", "unprojected", "ephem"});
  writer.text(entry + "cat_type", type);
  writer.text(entry + "cat_frame",
              type == "sidereal"
                  ? random.oneOf<const char*>({"icrs", "fk5", "fk4", "galactic", "gcrs", "cirs"})
                  : "altaz");
  writer.number(entry + "cat_lon", random.between(0, 6.28));
  writer.number(entry + "cat_lat", random.between(-1.57, 1.57));
  if (random.oneIn(2)) writer.epoch(entry + "cat_epoch");
  if (random.oneIn(2)) {
    writer.number(entry + "cat_pm_ra", random.between(-5000, 5000));
    writer.number(entry + "cat_pm_dec", random.between(-5000, 5000));
  }
  if (random.oneIn(3)) writer.number(entry + "cat_dist", random.between(0, 10));
  if (random.oneIn(3)) writer.number(entry + "cat_vrad", random.between(-300, 300));
}

void writeCatalog(RandomWriter& writer, Random& random, std::size_t rows) {
  const bool isNamed = random.oneIn(4);
  const int entries = 1 + random.below(4);
  for (int id = 0; id < entries; ++id) {
    const std::string entry = kCatalog + (isNamed ? "source" : "") + std::to_string(id) + "/";
    writeEntry(writer, random, entry);
    if (isNamed) writer.integer(entry + "cat_id", id);
  }
  if (random.oneIn(10)) return;
  std::vector<double> ids(rows);
  for (double& id : ids) id = random.below(entries + (random.oneIn(500) ? 1 : 0));
  writer.numbers("Header/phase_center_id_array", ids, random.oneOf({H5T_STD_I64LE, H5T_STD_I16LE}));
}

void writeInstrument(RandomWriter& writer, Random& random) {
  if (random.oneIn(2)) writer.text("Header/telescope_frame", random.oneIn(9) ? "mcmf" : "itrs");
  if (!random.oneIn(4))
    writer.text("Header/telescope_name", random.oneOf<const char*>({"HERA", "ATA", "MWA 32T"}));
  const auto channels = static_cast<std::size_t>(1 + random.below(200));
  std::vector<double> centresHz(channels), widthsHz(channels, random.between(-1e5, 1e6));
  for (double& centreHz : centresHz) centreHz = random.between(4e7, 2e9);
  if (!random.oneIn(5)) writer.numbers("Header/freq_array", centresHz);
  if (random.oneIn(2)) {
    writer.number("Header/channel_width", 1e5);
  } else if (!random.oneIn(5)) {
    writer.numbers("Header/channel_width", widthsHz);
  }
  std::vector<double> diametersM(static_cast<std::size_t>(1 + random.below(40)), 14.25);
  if (random.oneIn(4)) diametersM.back() = 4.65;
  if (random.oneIn(2)) writer.numbers("Header/antenna_diameters", diametersM);
}

Observation randomObservation(Random& random) {
  const int kind = random.below(5);
  Observation observation{.chunkLength = static_cast<hsize_t>(random.below(8)),
                          .integerType = random.oneOf({H5T_STD_I64LE, H5T_STD_I32LE, H5T_STD_U16LE}),
                          .scalarsAreArrays = random.oneIn(3),
                          .nTimes = 1 + random.below(30),
                          .nBls = 1 + random.below(12),
                          .gapAfter = random.oneIn(4) ? random.below(20) : -1};
  observation.compact = observation.nTimes * observation.nBls < 12 && random.oneIn(2);
  for (const char* key : {"phase_center_dec", "ha_phase_center", "phase_center_epoch"}) {
    observation.without.insert(kKeywords + key);
  }
  if (kind != 0 && kind != 1) observation.without.insert("Header/phase_type");
  for (const char* name : {"Header/Ntimes", "Header/Nbls", "Header/integration_time"}) {
    if (random.oneIn(15)) observation.without.insert(name);
  }
  observation.extra = [=, &random](Hdf5Writer& hdf5) {
    RandomWriter writer(hdf5, random);
    const std::vector<double> times = timesOf(observation);
    if (kind == 0) writeHadec(writer, random);
    if (kind == 2) writePhased(writer, random);
    if (kind >= 3) writeCatalog(writer, random, times.size());
    writeInstrument(writer, random);
    if (!random.oneIn(3)) return;
    // Near the true value, so that some sites are believed and some are not.
    const double lstRad = 4.461796 + 2 * 3.14159265 * 1.0027379 * (times[times.size() / 2] - kFirstJd);
    std::vector<double> siderealTimes(times.size(), lstRad + random.between(-0.002, 0.002));
    writer.numbers("Header/lst_array", siderealTimes);
  };
  return observation;
}

std::string describePointing(const Result<PointingHeader>& header, const EarthOrientationTable& table) {
  if (!header) return "";
  const Result<Pointing> pointing = pointingOf(*header, table);
  if (!pointing) return pointing.failure().message;
  char line[200];
  std::snprintf(line, sizeof line, "%a %a %a %a %a %a %a", pointing->midTimeMjdUtc, pointing->raDeg,
                pointing->decDeg, pointing->raIcrsDeg, pointing->decIcrsDeg, pointing->haDeg,
                pointing->lstDeg);
  return line;
}

}  // namespace

TEST_CASE("a thousand random headers of all kinds: both readers agree to the last bit") {
  const ScratchDirectory directory;
  const std::string path = directory / "observation.hdf5";
  const auto table = test::vendoredTable();
  Random random(14);
  std::map<std::string, unsigned> outcomes;
  for (unsigned i = 0; i < kHeaders; ++i) {
    CAPTURE(i);
    writeObservation(path, randomObservation(random));
    const auto direct = readDirect(path), libhdf5 = readLibhdf5(path);
    CHECK(describe(direct) == describe(libhdf5));
    CHECK(describeInstrument(direct) == describeInstrument(libhdf5));
    const std::string pointing = describePointing(direct, *table);
    CHECK(pointing == describePointing(libhdf5, *table));
    if (!direct) {
      const auto code = static_cast<std::size_t>(direct.failure().code) - 1;
      ++outcomes[code < kErrorCodeNames.size() ? std::string(kErrorCodeNames[code]) : "declined"];
    } else if (!pointing.starts_with("0x")) {
      ++outcomes["no pointing"];
    } else if (direct->kind == Kind::sidereal) {
      ++outcomes["frame " + std::to_string(static_cast<int>(direct->center.frame)) +
                 (direct->center.motion.raRadPerYear != 0 ? " moving" : "")];
    } else {
      ++outcomes[direct->kind == Kind::hadec ? "hadec" : "zenith"];
    }
  }
  std::string summary;
  for (const auto& [outcome, count] : outcomes) summary += outcome + " " + std::to_string(count) + ", ";
  MESSAGE(summary);
  CHECK(outcomes["declined"] == 0);
  for (const char* outcome : {"hadec", "zenith", "frame 0", "frame 1 moving", "frame 2", "frame 2 moving",
                              "frame 3 moving", "frame 4", "frame 5 moving", "out_of_range", "unsupported"}) {
    CHECK_MESSAGE(outcomes[outcome] > 0, outcome);
  }
}
