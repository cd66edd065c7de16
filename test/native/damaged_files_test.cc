// Damaged headers: the direct reader neither crashes nor gives a value that libhdf5 does not give. Fixed
// seed.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "direct/direct_reader.h"
#include "guarded_libhdf5.h"
#include "memory_source.h"
#include "observation.h"
#include "scratch_directory.h"
#include "support.h"

using namespace pointing;

namespace {

std::vector<std::vector<std::byte>> wholeFiles() {
  const ScratchDirectory directory;
  const std::string path = directory / "observation.hdf5";
  std::vector<std::vector<std::byte>> files;
  for (const Observation& observation :
       {Observation{}, Observation{.chunkLength = 1, .nTimes = 24}, Observation{.compact = true, .nTimes = 2},
        Observation{.chunkLength = 0, .gapAfter = 1}}) {
    writeObservation(path, observation);
    files.push_back(bytesOf(path));
  }
  return files;
}

void damage(std::vector<std::byte>& bytes, std::mt19937& random) {
  const auto below = [&](std::size_t limit) { return random() % limit; };
  for (std::size_t times = 1 + below(3); times > 0; --times) {
    const std::size_t at = below(bytes.size() - 8);
    switch (below(5)) {
      case 0:
        bytes[at] ^= std::byte{1} << below(8);
        break;
      case 1:
        bytes[at] = static_cast<std::byte>(below(256));
        break;
      case 2:  // an address or size gone
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at / 8 * 8), 8, std::byte{0xff});
        break;
      case 3:
        std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(at / 8 * 8), 8, std::byte{0});
        break;
      default:  // what lies elsewhere, such as another address
        std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(below(bytes.size() - 8) / 8 * 8), 8,
                    bytes.begin() + static_cast<std::ptrdiff_t>(at / 8 * 8));
    }
  }
}

bool isInRange(const PointingHeader& header) {
  return std::abs(header.decRad) <= 1.5707963267948966 && std::abs(header.haRad) <= 3.141592653589793 &&
         header.midTime.day >= 2447892 && header.midTime.day < 2488435 && header.nTimes > 0;
}

}  // namespace

TEST_CASE("damaged headers: in range or a coded failure, and equal where both readers answer") {
  std::mt19937 random(20251004);
  const unsigned casesPerFile = casesOf(1500);
  DirectReader reader;
  GuardedLibhdf5 libhdf5;
  unsigned answered = 0, compared = 0;
  for (const auto& whole : wholeFiles()) {
    for (unsigned i = 0; i < casesPerFile; ++i) {
      auto bytes = whole;
      damage(bytes, random);
      MemorySource file(bytes);
      const auto header = reader.readFrom(file);
      if (header.ok()) {
        ++answered;
        CHECK(isInRange(*header));
      } else if (header.failure().code == ErrorCode::declined) {
        continue;
      }
      auto other = libhdf5.answer(bytes);
      if (!other) continue;
      ++compared;
      if (*other != describe(header)) other = libhdf5.freshAnswer(bytes);
      if (other) CHECK(describe(header) == *other);
    }
  }
  // The test would say nothing if hardly any file could still be read.
  CHECK(answered > casesPerFile);
  CHECK(compared > casesPerFile);
}
