#include "uvh5/instrument.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "core/text.h"

namespace pointing {

namespace {

// More than any telescope's channels or antennas.
constexpr std::uint64_t kMaxLength = 1 << 18;
// What dishes and bands there are; the flags that take their place have the same bounds.
constexpr double kSmallestDishM = 0.1, kLargestDishM = 1000;
constexpr double kLowestHz = 1e6, kHighestHz = 1e12;

// What describes the instrument is no reason to refuse a file, even where it is damaged. The failures that
// are left are those that another try or the other reader may get over.
template <typename T>
Result<T> orUnknown(Result<T> found) {
  if (found.ok()) return found;
  const ErrorCode code = found.failure().code;
  return code == ErrorCode::unsupported || code == ErrorCode::not_hdf5 ? T{} : orAbsent(std::move(found));
}

// All values of an array; none where it is absent, empty, too long or has one that is not finite.
Result<std::vector<double>> readFinite(HeaderSource& source, std::string_view path) {
  std::vector<double> values;
  auto array = orUnknown(source.array(path));
  if (!array) return array.failure();
  if (!*array || (*array)->length() > kMaxLength) return values;
  values.reserve(static_cast<std::size_t>((*array)->length()));
  Status read = orUnknown((*array)->forEachPiece([&](std::span<const double> piece) {
    values.insert(values.end(), piece.begin(), piece.end());
    return true;
  }));
  if (!read) return read.failure();
  const auto isFinite = [](double value) { return std::isfinite(value); };
  if (values.size() != (*array)->length() || !std::ranges::all_of(values, isFinite)) values.clear();
  return values;
}

}  // namespace

Result<Instrument> readInstrument(HeaderSource& source) {
  Instrument instrument;
  auto name = orUnknown(readText(source, "Header/telescope_name"));
  if (!name) return name.failure();
  if (*name) instrument.name = printable(**name);
  auto diametersM = readFinite(source, "Header/antenna_diameters");
  if (!diametersM) return diametersM.failure();
  const auto differs = [&](double diameterM) { return diameterM != diametersM->front(); };
  if (!diametersM->empty() && diametersM->front() >= kSmallestDishM && diametersM->front() <= kLargestDishM &&
      std::ranges::none_of(*diametersM, differs)) {
    instrument.dishM = diametersM->front();
  }
  return instrument;
}

Result<std::optional<Band>> readBand(HeaderSource& source) {
  const std::optional<Band> absent;
  auto centresHz = readFinite(source, "Header/freq_array");
  if (!centresHz) return centresHz.failure();
  auto widthsHz = readFinite(source, "Header/channel_width");
  if (!widthsHz) return widthsHz.failure();
  if (centresHz->empty() || (widthsHz->size() != 1 && widthsHz->size() != centresHz->size())) return absent;
  const auto edgeHz = [&](std::size_t i, double side) {
    return (*centresHz)[i] + side * std::abs((*widthsHz)[widthsHz->size() == 1 ? 0 : i]) / 2;
  };
  Band band{edgeHz(0, -1), edgeHz(0, 1)};
  for (std::size_t i = 1; i < centresHz->size(); ++i) {
    band.lowestHz = std::min(band.lowestHz, edgeHz(i, -1));
    band.highestHz = std::max(band.highestHz, edgeHz(i, 1));
  }
  return band.lowestHz >= kLowestHz && band.highestHz <= kHighestHz ? std::optional(band) : absent;
}

}  // namespace pointing
