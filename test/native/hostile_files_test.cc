// Files that claim, or cost, very much more than they weigh.
#include "hostile_files.h"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "direct/direct_reader.h"
#include "guarded_libhdf5.h"
#include "libhdf5/libhdf5_reader.h"
#include "observation.h"
#include "scratch_directory.h"
#include "support.h"

using namespace pointing;

namespace {

std::string codeOf(const Result<PointingHeader>& header) {
  return header ? "read" : std::string(kErrorCodeNames[static_cast<std::size_t>(header.failure().code) - 1]);
}

// Bytes that this process has read from files so far.
std::uint64_t bytesRead() {
  std::ifstream io("/proc/self/io");
  std::string name;
  std::uint64_t bytes = 0;
  io >> name >> bytes;
  REQUIRE(name == "rchar:");
  return bytes;
}

std::uint64_t bytesReadBy(HeaderReader& reader, const std::string& path) {
  const std::uint64_t before = bytesRead();
  CHECK(readHeaderOf(path, reader).header.ok());
  return bytesRead() - before;
}

// As compressible as real times are not: each differs from the one before in its last bits.
std::vector<double> unevenTimes(std::size_t length) {
  std::vector<double> times;
  for (std::size_t i = 0; i < length; ++i) {
    times.push_back(kFirstJd + static_cast<double>(i * 2654435761u % 900'007) * 1e-9);
  }
  return times;
}

}  // namespace

TEST_CASE("every hostile file ends as its code, from both readers alike") {
  const ScratchDirectory directory;
  for (const HostileKind& kind : hostileKinds()) {
    CAPTURE(kind.name);
    const std::string path = directory / kind.name;
    kind.write(path);
    DirectReader direct;
    Libhdf5Reader libhdf5;
    const ReadLimits limits{.secondsPerFile = 120};
    const auto authority = readHeaderOf(path, libhdf5, limits).header;
    CHECK_MESSAGE(codeOf(authority) == kind.code, describe(authority));
    const auto header = readHeaderOf(path, direct, limits).header;
    if (header || header.failure().code != ErrorCode::declined)
      CHECK(describe(header) == describe(authority));
    std::filesystem::remove(path);
  }
}

TEST_CASE("the direct reader leaves what takes long to libhdf5, after few reads") {
  const ScratchDirectory directory;
  DirectReader reader;
  const auto isDeclinedCheaply = [&](const std::string& path) {
    const std::uint64_t before = bytesRead();
    const auto header = readHeaderOf(path, reader).header;
    CHECK(bytesRead() - before < 32 << 20);
    REQUIRE_FALSE(header.ok());
    CHECK(header.failure().code == ErrorCode::declined);
  };
  SUBCASE("an array as long as is allowed") {
    for (const HostileKind& kind : hostileKinds()) {
      if (kind.name == std::string_view("ids-max-allowed")) kind.write(directory / "file");
    }
    isDeclinedCheaply(directory / "file");
  }
  SUBCASE("very many chunks") {
    writeObservation(directory / "file", {.chunkLength = 1, .nTimes = 200, .nBls = 200, .gapAfter = 3});
    isDeclinedCheaply(directory / "file");
  }
}

TEST_CASE("both readers end at their deadline") {
  const ScratchDirectory directory;
  const std::string path = directory / "observation.hdf5";
  writeObservation(path, {.chunkLength = 1024, .nTimes = 300, .nBls = 300, .gapAfter = 7});
  DirectReader direct;
  Libhdf5Reader libhdf5;
  for (HeaderReader* reader : std::initializer_list<HeaderReader*>{&direct, &libhdf5}) {
    CHECK(readHeaderOf(path, *reader, {.secondsPerFile = 60}).header.ok());
    const auto header = readHeaderOf(path, *reader, {.secondsPerFile = 0}).header;
    REQUIRE_FALSE(header.ok());
    CHECK(header.failure().code == ErrorCode::timeout);
    CHECK(header.failure().message == "could not be read within the time limit of 0 s");
  }
}

TEST_CASE("libhdf5 notices its deadline in the middle of an array") {
  const ScratchDirectory directory;
  const std::string path = directory / "file";
  for (const HostileKind& kind : hostileKinds()) {
    if (kind.name == std::string_view("ids-max-allowed")) kind.write(path);
  }
  // Far less than 2^27 values take, far more than to reach them does.
  Libhdf5Reader reader;
  const auto header = readHeaderOf(path, reader, {.secondsPerFile = 0.05}).header;
  REQUIRE_FALSE(header.ok());
  CHECK(header.failure().code == ErrorCode::timeout);
}

TEST_CASE("a large compressed chunk is decompressed once, not for each piece of it") {
  const ScratchDirectory directory;
  const std::string path = directory / "observation.hdf5";
  const std::vector<double> times = unevenTimes(1 << 21);
  writeObservation(path,
                   {.without = {"Header/time_array", "Header/Ntimes"}, .extra = [&](Hdf5Writer& writer) {
                      writer.numbers("Header/time_array", times, {H5T_IEEE_F64LE, 1 << 20, true});
                    }});
  REQUIRE(std::filesystem::file_size(path) > 1 << 20);
  Libhdf5Reader reader;
  // The first value and the last are asked for before the whole.
  CHECK(bytesReadBy(reader, path) < 3 * std::filesystem::file_size(path));
}
