// How the direct reader goes about a file: few reads, and hints that never change an answer.
#include "direct/direct_reader.h"

#include <doctest/doctest.h>

#include "guarded_libhdf5.h"
#include "memory_source.h"
#include "observation.h"
#include "scratch_directory.h"
#include "support.h"

using namespace pointing;

namespace {

// As large as an hour of data, so that chunks and their index lie far beyond the head of the file.
const Observation kLarge = {.chunkLength = 1024, .nTimes = 300, .nBls = 300};

std::vector<std::byte> written(const Observation& observation) {
  const ScratchDirectory directory;
  const std::string path = directory / "observation.hdf5";
  writeObservation(path, observation);
  return bytesOf(path);
}

struct Reading {
  std::string answer;
  unsigned reads;
};

Reading readWith(DirectReader& reader, std::span<const std::byte> bytes) {
  MemorySource file(bytes);
  const std::string answer = describe(reader.readFrom(file));
  return {answer, file.reads};
}

}  // namespace

TEST_CASE("a small file takes one read") {
  DirectReader reader;
  CHECK(readWith(reader, written(Observation{})).reads == 1);
}

TEST_CASE("four reads at most of a file that the correlator wrote") {
  const auto bytes = bytesOf(fixtures() / "dsa110" / "2025-10-04T15:17:22_sb00.hdf5");
  DirectReader reader;
  CHECK(readWith(reader, bytes).answer.starts_with("kind 0"));
  CHECK(readWith(reader, bytes).reads <= 4);
}

TEST_CASE("the second file of a shape takes fewer reads and gives the same") {
  const auto bytes = written(kLarge);
  DirectReader reader;
  const Reading first = readWith(reader, bytes), second = readWith(reader, bytes);
  CHECK(first.answer.starts_with("kind 0"));
  CHECK(second.reads < first.reads);
  CHECK(second.answer == first.answer);
}

TEST_CASE("hints from one file never change what another says") {
  const std::vector<std::vector<std::byte>> files = {
      written(kLarge), written({.chunkLength = 512, .nTimes = 200, .nBls = 500}), written(Observation{}),
      written({.chunkLength = 0, .nTimes = 100, .nBls = 300}),
      written({.chunkLength = 100, .nTimes = 300, .nBls = 100, .gapAfter = 5})};
  DirectReader reader;
  for (const auto& before : files) {
    for (const auto& bytes : files) {
      DirectReader fresh;
      const std::string expected = readWith(fresh, bytes).answer;
      CHECK(expected.starts_with("kind 0"));
      readWith(reader, before);
      CHECK(readWith(reader, bytes).answer == expected);
    }
  }
}

TEST_CASE("hints beyond the end of a shorter file are not followed") {
  const auto large = written(kLarge);
  auto cut = large;
  cut.resize(cut.size() - 2000);
  // The end-of-file address of superblock 0, so that the file passes for whole.
  const std::uint64_t size = cut.size();
  std::memcpy(cut.data() + 40, &size, sizeof size);
  DirectReader reader, fresh;
  readWith(reader, large);
  CHECK(readWith(reader, cut).answer == readWith(fresh, cut).answer);
}
