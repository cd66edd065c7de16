#include <erfa.h>
#include <erfam.h>
#include <unistd.h>

#include <thread>

#include "astrometry/leap_seconds.h"
#include "astrometry_golden.h"

namespace pointing::test {
namespace {

// A file that is there for as long as the object.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& text) {
    static int count = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("pointing-table-" + std::to_string(::getpid()) + "-" + std::to_string(count++));
    std::ofstream(path_, std::ios::binary) << text;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  std::string path() const { return path_; }

 private:
  std::filesystem::path path_;
};

const std::string kDays =
    "# a heading\n57752 -0.30 0.10 0.20 B\n57753 -0.40 0.20 0.30 I\n57754 0.50 0.40 0.10 I\n57755 0.40 0.30 "
    "0.1 P\n";

}  // namespace

TEST_CASE("Earth orientation is linear between days, the leap second taken out") {
  const TemporaryFile file(kDays);
  const auto table = EarthOrientationTable::fromFile(file.path());
  REQUIRE(table.ok());
  CHECK(table->firstMjdUtc() == 57752);
  CHECK(table->lastMeasuredMjdUtc() == 57754);
  CHECK(table->lastMjdUtc() == 57755);
  CHECK(table->at(57752.25).ut1MinusUtcS == doctest::Approx(-0.325));
  CHECK(table->at(57752.25).xpRad == doctest::Approx(0.125 * ERFA_DAS2R));
  CHECK(table->at(57752.25).ypRad == doctest::Approx(0.225 * ERFA_DAS2R));
  CHECK(table->at(57753.5).ut1MinusUtcS == doctest::Approx(-0.45));
  CHECK(table->at(57754).ut1MinusUtcS == doctest::Approx(0.5));
  CHECK(table->at(57754).origin == EarthOrientationOrigin::measured);
  CHECK(table->at(57754.999).origin == EarthOrientationOrigin::predicted);
}

TEST_CASE("outside the table UT1-UTC is the nearest day's and marked as such") {
  const TemporaryFile file(kDays);
  const auto table = EarthOrientationTable::fromFile(file.path());
  REQUIRE(table.ok());
  for (const auto& [mjdUtc, ut1] :
       {std::pair{57751.9, -0.3}, {0.0, -0.3}, {57755.0, 0.4}, {1e300, 0.4}, {std::nan(""), -0.3}}) {
    CAPTURE(mjdUtc);
    CHECK(table->at(mjdUtc).origin == EarthOrientationOrigin::extrapolated);
    CHECK(table->at(mjdUtc).ut1MinusUtcS == ut1);
    CHECK(table->at(mjdUtc).xpRad == doctest::Approx(0.035 * ERFA_DAS2R));
  }
}

TEST_CASE("a damaged Earth orientation table is refused, its path named") {
  const std::vector<std::string> damaged = {
      "",
      "# only a heading\n",
      "57752 -0.3 0.1 0.2 B\n",
      "57752 -0.3 0.1 0.2 P\n57753 -0.3 0.1 0.2 P\n",
      "57752 -0.3 0.1 0.2 B\n57754 -0.3 0.1 0.2 B\n",
      "57752 -0.3 0.1 0.2 B\n57752 -0.3 0.1 0.2 B\n",
      "57752 -0.3 0.1 0.2 B\n57753 -0.3 0.1 B\n",
      "57752 -0.3 0.1 0.2 B\n57753 -0.3 0.1 0.2 B more\n",
      "57752 -0.3 0.1 0.2 B\n57753 nan 0.1 0.2 B\n",
      "57752 -0.3 0.1 0.2 B\n57753 -0.3 inf 0.2 B\n",
      "57752 -0.3 0.1 0.2 B\n57753 -1.3 0.1 0.2 B\n",
      "57752 -0.3 0.1 0.2 B\n57753 -0.3x 0.1 0.2 B\n",
      "57752 -0.3 0.1 0.2 X\n57753 -0.3 0.1 0.2 X\n",
      "57752.5 -0.3 0.1 0.2 B\n57753.5 -0.3 0.1 0.2 B\n",
      "57752 -0.3 0.1 0.2 B\n\n57753 -0.3 0.1 0.2 B\n57754",
      std::string("57752 -0.3 0.1 0.2 B\n57753 -0.3 0.1 0.2 B\0\n", 43),
      std::string(17 << 20, '#'),
  };
  for (const std::string& text : damaged) {
    const TemporaryFile file(text);
    const auto table = EarthOrientationTable::fromFile(file.path());
    CAPTURE(text.substr(0, 100));
    REQUIRE_FALSE(table.ok());
    CHECK(table.failure().code == ErrorCode::bad_type);
    CHECK(table.failure().message.find(file.path()) != std::string::npos);
  }
}

TEST_CASE("a table that cannot be read is an io_error") {
  for (const std::string& path : {std::string("/nonexistent/table"), std::string("/"), std::string()}) {
    CHECK(EarthOrientationTable::fromFile(path).failure().code == ErrorCode::io_error);
    CHECK(LeapSeconds::fromFile(path).failure().code == ErrorCode::io_error);
  }
}

TEST_CASE("leap seconds are read as the IERS writes them") {
  const auto leapSeconds = LeapSeconds::fromFile(leapSecondsPath());
  REQUIRE(leapSeconds.ok());
  REQUIRE(leapSeconds->steps.size() >= 28);
  CHECK(leapSeconds->steps.front().year == 1972);
  CHECK(leapSeconds->steps.front().taiMinusUtcS == 10);
  CHECK(leapSeconds->steps[27].year == 2017);
  CHECK(leapSeconds->steps[27].month == 1);
  CHECK(leapSeconds->steps[27].taiMinusUtcS == 37);
  const TemporaryFile file("# File expires on 28 June 2020\r\n  41317.0  1  1 1972  10\r\n");
  const auto old = LeapSeconds::fromFile(file.path());
  REQUIRE(old.ok());
  CHECK(old->expireMjdUtc == 59028);
}

TEST_CASE("damaged leap seconds are refused, their path named") {
  const std::string expiry = "#  File expires on 28 June 2027\n";
  const std::string first = "41317.0 1 1 1972 10\n";
  for (const std::string& text :
       {std::string(), expiry, first, expiry + "41318.0 1 1 1972 10\n", expiry + "41317.0 1 1 1972\n",
        expiry + first + "41499.0 1 7 1972 12\n", expiry + first + first, expiry + "41317.0 1 1 1972 ten\n",
        "# File expires on 28 Juny 2027\n" + first, "# File expires on 31 June 2027\n" + first,
        "# File expires on 1e9 June 2027\n" + first, expiry + "nan 1 1 1972 10\n",
        expiry + "41317.0 1 1e300 1972 10\n"}) {
    const TemporaryFile file(text);
    const auto leapSeconds = LeapSeconds::fromFile(file.path());
    CAPTURE(text);
    REQUIRE_FALSE(leapSeconds.ok());
    CHECK(leapSeconds.failure().code == ErrorCode::bad_type);
    CHECK(leapSeconds.failure().message.find(file.path()) != std::string::npos);
  }
}

TEST_CASE("ERFA is given the leap seconds, and keeps the offsets from before 1972") {
  vendoredTable();
  double taiMinusUtcS = 0;
  CHECK(eraDat(2016, 12, 31, 0.999, &taiMinusUtcS) == 0);
  CHECK(taiMinusUtcS == 36);
  CHECK(eraDat(2017, 1, 1, 0, &taiMinusUtcS) == 0);
  CHECK(taiMinusUtcS == 37);
  CHECK(eraDat(1970, 1, 1, 0, &taiMinusUtcS) == 0);
  CHECK(taiMinusUtcS == doctest::Approx(8.000082).epsilon(1e-9));
}

TEST_CASE("one process loads its tables once, from any thread, and refuses others") {
  const auto table = vendoredTable();
  std::vector<std::shared_ptr<const EarthOrientationTable>> seen(8);
  std::vector<std::thread> threads;
  for (auto& slot : seen) {
    threads.emplace_back([&slot] { slot = *loadEarthOrientation(tablePath(), leapSecondsPath()); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& each : seen) CHECK(each == table);
  CHECK(earthOrientation() == table);
  CHECK(leapSecondsExpireMjdUtc() > 61000);
  const TemporaryFile other(kDays);
  CHECK(loadEarthOrientation(other.path(), leapSecondsPath()).failure().code == ErrorCode::unsupported);
  CHECK(earthOrientation() == table);
}

}  // namespace pointing::test
