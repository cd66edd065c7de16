#include "uvh5/catalog.h"

#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "core/text.h"

namespace pointing {

namespace {

constexpr char kIdArray[] = "Header/phase_center_id_array";

using RowsOfId = std::map<double, std::uint64_t>;

// Empty: there is no array of ids.
Result<RowsOfId> countRows(HeaderSource& source) {
  RowsOfId rows;
  auto array = source.array(kIdArray);
  if (!array) return array.failure();
  if (!*array) return rows;
  bool valid = true;
  Status read = (*array)->forEachPiece([&](std::span<const double> piece) {
    for (const double id : piece) {
      if (!std::isfinite(id)) return valid = false;
      ++rows[id];
      if (rows.size() > kMaxNames) return valid = false;
    }
    return true;
  });
  if (!read) return read.failure();
  if (!valid) {
    return Failure{ErrorCode::out_of_range, std::string(kIdArray) + " does not hold the ids of a catalogue"};
  }
  return rows;
}

// As pyuvdata names the entries: in full, where the shortest form of 100000 is 1e+05.
std::string nameOfId(double id) {
  constexpr double kMaxExact = 9007199254740992.0;  // 2^53
  if (std::trunc(id) == id && std::abs(id) <= kMaxExact) return std::to_string(static_cast<std::int64_t>(id));
  return formatNumber(id);
}

// The name of the entry with this id; empty if it does not exist.
Result<std::string> nameOf(HeaderSource& source, const std::vector<std::string>& names, double id) {
  const std::string idText = nameOfId(id);
  for (const std::string& name : names) {
    if (name == idText) return name;
  }
  for (const std::string& name : names) {
    auto catId = readNumber(source, std::string(kCatalog) + "/" + name + "/cat_id");
    if (!catId) return catId.failure();
    if (*catId == id) return name;
  }
  return std::string();
}

}  // namespace

Result<std::string> mainCatalogEntry(HeaderSource& source) {
  auto names = source.names(kCatalog);
  if (!names) return names.failure();
  if (!*names || (*names)->empty()) {
    return Failure{ErrorCode::unsupported, std::string(kCatalog) + " is empty"};
  }
  auto rows = countRows(source);
  if (!rows) return rows.failure();
  std::string main = (*names)->front();
  if (rows->empty() && (*names)->size() > 1) {
    return Failure{ErrorCode::unsupported, std::string(kIdArray) +
                                               " is missing, so the file does not say which of its phase "
                                               "centres it is"};
  }
  std::uint64_t maxRows = 0;
  for (const auto& [id, count] : *rows) {
    auto name = nameOf(source, **names, id);
    if (!name) return name.failure();
    if (name->empty()) {
      return Failure{ErrorCode::out_of_range, std::string(kIdArray) + " holds " + nameOfId(id) +
                                                  ", which no entry of phase_center_catalog has"};
    }
    if (count > maxRows) {
      maxRows = count;
      main = *name;
    }
  }
  return std::string(kCatalog) + "/" + main;
}

}  // namespace pointing
