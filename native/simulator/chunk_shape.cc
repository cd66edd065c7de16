#include "simulator/chunk_shape.h"

#include <algorithm>
#include <cmath>

namespace simulator {
namespace {

constexpr double kKiB = 1024.0;
constexpr double kMiB = kKiB * kKiB;

// An axis that can grow counts as this long.
constexpr hsize_t kGrowingAxis = 1024;

double sizeBytes(const std::vector<hsize_t>& shape, std::size_t elementBytes) {
  double bytes = static_cast<double>(elementBytes);
  for (const hsize_t length : shape) bytes *= static_cast<double>(length);
  return bytes;
}

// 16 KiB for a dataset of 1 MiB, twice that for each further factor of ten.
double targetBytes(double datasetBytes) {
  return std::clamp(16 * kKiB * std::exp2(std::log10(datasetBytes / kMiB)), 8 * kKiB, kMiB);
}

}  // namespace

std::vector<hsize_t> automaticChunkShape(const std::vector<hsize_t>& shape, std::size_t elementBytes) {
  std::vector<hsize_t> chunk = shape;
  std::replace(chunk.begin(), chunk.end(), hsize_t{0}, kGrowingAxis);
  const double target = targetBytes(sizeBytes(chunk, elementBytes));

  for (std::size_t axis = 0;; axis = (axis + 1) % chunk.size()) {
    const double bytes = sizeBytes(chunk, elementBytes);
    const bool smallEnough = bytes < 1.5 * target && bytes < kMiB;
    const bool indivisible = std::all_of(chunk.begin(), chunk.end(), [](hsize_t n) { return n == 1; });
    if (smallEnough || indivisible) return chunk;
    chunk[axis] = (chunk[axis] + 1) / 2;
  }
}

}  // namespace simulator
