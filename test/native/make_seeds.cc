// Writes the fuzzers' seeds into a directory: one small file for each structure that the direct reader
// knows, and for each kind of hostile file.
#include <cstdio>
#include <filesystem>

#include "hostile_files.h"
#include "observation.h"

using namespace pointing;

namespace {

constexpr std::uintmax_t kHeadBytes = 20000;

const std::set<std::string> kHadecKeywords = {"Header/extra_keywords/phase_center_dec",
                                              "Header/extra_keywords/ha_phase_center",
                                              "Header/extra_keywords/phase_center_epoch"};

void catalogEntry(Hdf5Writer& writer, const std::string& entry, const std::string& type) {
  const std::string path = "Header/phase_center_catalog/" + entry;
  writer.fixedText(path + "/cat_type", type);
  writer.fixedText(path + "/cat_frame", "fk5");
  writer.number(path + "/cat_epoch", 2000, H5T_IEEE_F64LE);
  writer.number(path + "/cat_lon", 3.5, H5T_IEEE_F64LE);
  writer.number(path + "/cat_lat", 0.5, H5T_IEEE_F64LE);
  writer.null(path + "/cat_vrad");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::fprintf(stderr, "usage: make_seeds DIRECTORY\n"), 2;
  const std::filesystem::path directory = argv[1];
  std::filesystem::create_directories(directory);
  const auto write = [&](const char* name, const Observation& observation) {
    writeObservation(directory / name, observation);
  };
  write("chunked", {});
  write("contiguous", {.chunkLength = 0});
  write("compact", {.compact = true, .nTimes = 2, .nBls = 2});
  write("two-level-tree", {.chunkLength = 1, .nTimes = 24});
  write("gap", {.gapAfter = 2});
  write("float32", {.realType = H5T_IEEE_F32LE, .integerType = H5T_STD_I32LE, .scalarsAreArrays = true});
  write("unsigned", {.integerType = H5T_STD_U16LE});
  write("drift", {.without = kHadecKeywords});
  write("no-ntimes", {.without = {"Header/Ntimes"}});
  Observation phased{.without = kHadecKeywords};
  phased.without.insert("Header/phase_type");
  Observation catalog = phased;
  phased.extra = [](Hdf5Writer& writer) {
    writer.heapText("Header/phase_type", "phased");
    writer.heapText("Header/phase_center_frame", "fk5");
    writer.heapText("Header/phase_center_epoch", "J2000");
    writer.number("Header/phase_center_ra", 3.5, H5T_IEEE_F64LE);
    writer.number("Header/phase_center_dec", 0.5, H5T_IEEE_F64LE);
  };
  write("phased", phased);
  catalog.extra = [](Hdf5Writer& writer) {
    catalogEntry(writer, "0", "unprojected");
    catalogEntry(writer, "7", "sidereal");
    const std::vector<double> ids = {0, 7, 7, 7, 0, 7};
    writer.numbers("Header/phase_center_id_array", ids, {H5T_STD_I32LE, 4});
  };
  write("catalog", catalog);

  // The heads of files that are a hole behind them, or claim values that are nowhere.
  for (const HostileKind& kind : hostileKinds()) {
    const std::filesystem::path path = directory / kind.name;
    kind.write(path);
    if (std::filesystem::file_size(path) > kHeadBytes) std::filesystem::resize_file(path, kHeadBytes);
  }
}
