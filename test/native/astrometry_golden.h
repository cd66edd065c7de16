#pragma once
#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "astrometry/earth_orientation.h"
#include "uvh5/pointing_header.h"

namespace pointing::test {

inline std::filesystem::path sourceRoot() {
  return std::filesystem::path(__FILE__).parent_path().parent_path().parent_path();
}

inline std::string tablePath() { return sourceRoot() / "vendor/iers/earth-orientation.txt"; }
inline std::string leapSecondsPath() { return sourceRoot() / "vendor/iers/Leap_Second.dat"; }

inline std::shared_ptr<const EarthOrientationTable> vendoredTable() {
  const auto table = loadEarthOrientation(tablePath(), leapSecondsPath());
  REQUIRE(table.ok());
  return *table;
}

struct GoldenRow {
  std::map<std::string, std::string> fields;
  const std::string& text(const std::string& column) const { return fields.at(column); }
  double number(const std::string& column) const { return std::stod(fields.at(column)); }
};

// A table of test/golden: comment lines, then a line of column names, then rows, tab-separated.
inline std::vector<GoldenRow> goldenRows(const std::string& name) {
  std::ifstream file(sourceRoot() / "test/golden" / name);
  REQUIRE(file);
  const auto split = [](const std::string& line) {
    std::vector<std::string> words;
    std::istringstream stream(line);
    for (std::string word; std::getline(stream, word, '\t');) words.push_back(word);
    return words;
  };
  std::vector<std::string> columns;
  std::vector<GoldenRow> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    const std::vector<std::string> words = split(line);
    if (columns.empty()) {
      columns = words;
      continue;
    }
    REQUIRE(words.size() == columns.size());
    GoldenRow row;
    for (std::size_t i = 0; i < words.size(); ++i) row.fields[columns[i]] = words[i];
    rows.push_back(row);
  }
  return rows;
}

inline Frame frameNamed(const std::string& name) {
  static const std::map<std::string, Frame> frames = {{"icrs", Frame::icrs},         {"fk5", Frame::fk5},
                                                      {"fk4", Frame::fk4},           {"gcrs", Frame::gcrs},
                                                      {"galactic", Frame::galactic}, {"cirs", Frame::cirs}};
  return frames.at(name);
}

// The difference of two angles in degrees, the short way round.
inline double angleBetweenDeg(double a, double b) { return std::abs(std::remainder(a - b, 360.0)); }

}  // namespace pointing::test
