// Files of the telescope and of other arrays through both readers, against values by h5py and astropy.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <numbers>

#include "guarded_libhdf5.h"
#include "support.h"

using namespace pointing;

namespace {

std::string textIn(const std::string& json, const std::string& key) {
  const std::size_t begin = json.find("\"" + key + "\": \"") + key.size() + 5;
  return json.substr(begin, json.find('"', begin) - begin);
}

double numberIn(const std::string& json, const std::string& key) {
  return std::strtod(json.c_str() + json.find("\"" + key + "\": ") + key.size() + 4, nullptr);
}

double degrees(double radians) { return radians * (180 / std::numbers::pi); }

}  // namespace

TEST_CASE("samples read as h5py and astropy read them") {
  std::ifstream golden(fixtures().parent_path() / "golden" / "golden.jsonl");
  unsigned files = 0;
  for (std::string line; std::getline(golden, line); ++files) {
    const std::string name = textIn(line, "path");
    const bool isDsa110 = name.ends_with(".hdf5");
    const std::string path = fixtures() / (isDsa110 ? "dsa110" : "uvh5") / name;
    CAPTURE(name);

    const auto header = readLibhdf5(path);
    REQUIRE_MESSAGE(header.ok(), header.failure().message);
    // A double of this size holds a Julian Date to 4.7e-10 days, and so does the mean of them.
    CHECK(header->midTime.day + header->midTime.fraction ==
          doctest::Approx(numberIn(line, "mid_jd")).epsilon(1e-9 / 2.4e6));
    if (isDsa110) CHECK(header->nTimes == 24);
    const std::string kind = textIn(line, "kind");
    if (kind == "sidereal") {
      CHECK(header->kind == Kind::sidereal);
      CHECK(header->center.frame == Frame::icrs);
      CHECK(degrees(header->center.lonRad) == doctest::Approx(numberIn(line, "ra_icrs_deg")).epsilon(1e-13));
      CHECK(degrees(header->center.latRad) == doctest::Approx(numberIn(line, "dec_icrs_deg")).epsilon(1e-13));
    } else {
      CHECK(header->kind == (kind == "hadec" ? Kind::hadec : Kind::zenith));
      CHECK(degrees(header->decRad) == doctest::Approx(numberIn(line, "dec_deg")).epsilon(1e-13));
      CHECK(degrees(header->haRad) == doctest::Approx(numberIn(line, "ha_deg")).epsilon(1e-13));
    }

    const auto direct = readDirect(path);
    if (name.starts_with("2024-12-31")) {  // gzip, superblock 3
      CHECK(direct.failure().code == ErrorCode::declined);
    } else {
      CHECK(describe(direct) == describe(header));
      CHECK(describeInstrument(direct) == describeInstrument(header));
    }
  }
  CHECK(files == 10);
}
