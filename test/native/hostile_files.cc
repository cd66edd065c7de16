#include "hostile_files.h"

#include <sys/stat.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string_view>
#include <vector>

#include "observation.h"

namespace pointing {

namespace {

constexpr hsize_t kSixtyFourGiga = hsize_t{1} << 36;
constexpr hsize_t kExa = hsize_t{1} << 60;
constexpr unsigned kUnknownFilter = 32100;
constexpr hsize_t kMaxAllowed = hsize_t{1} << 27;  // the readers' own bound

const std::set<std::string> kHadec = {"Header/extra_keywords/phase_center_dec",
                                      "Header/extra_keywords/ha_phase_center",
                                      "Header/extra_keywords/phase_center_epoch"};

void catalogEntry(Hdf5Writer& writer, const std::string& entry) {
  const std::string path = "Header/phase_center_catalog/" + entry;
  writer.fixedText(path + "/cat_type", "sidereal");
  writer.fixedText(path + "/cat_frame", "icrs");
  writer.number(path + "/cat_lon", 3.5, H5T_IEEE_F64LE);
  writer.number(path + "/cat_lat", 0.5, H5T_IEEE_F64LE);
}

// Two phase centres, so that phase_center_id_array decides between them.
void claimedIds(const std::string& path, hsize_t length, const Storage& storage) {
  writeObservation(path, {.without = kHadec, .extra = [&](Hdf5Writer& writer) {
                            catalogEntry(writer, "0");
                            catalogEntry(writer, "7");
                            writer.claim("Header/phase_center_id_array", length, storage);
                          }});
}

void claimedTimes(const std::string& path, hsize_t length, const Storage& storage) {
  writeObservation(
      path, {.without = {"Header/time_array", "Header/Ntimes"},
             .extra = [&](Hdf5Writer& writer) { writer.claim("Header/time_array", length, storage); }});
}

// Of one compressed chunk; the values are all the same, so a megabyte takes about a kilobyte.
void compressedTimes(const std::string& path, hsize_t length) {
  writeObservation(path,
                   {.without = {"Header/time_array", "Header/Ntimes"}, .extra = [&](Hdf5Writer& writer) {
                      writer.numbers("Header/time_array", std::vector<double>(length, kFirstJd),
                                     {H5T_IEEE_F64LE, length, true});
                    }});
}

// In another file, whose length libhdf5 asks for to know the dataset's. It would wait for a pipe's writer.
void virtualTimes(const std::string& path) {
  const std::string pipe = path + ".pipe";
  mkfifo(pipe.c_str(), 0600);
  writeObservation(path,
                   {.without = {"Header/time_array", "Header/Ntimes"}, .extra = [&](Hdf5Writer& writer) {
                      const hsize_t none = 0, unlimited = H5S_UNLIMITED, one = 1;
                      const hid_t space = H5Screate_simple(1, &none, &unlimited);
                      H5Sselect_hyperslab(space, H5S_SELECT_SET, &none, nullptr, &one, &unlimited);
                      const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
                      H5Pset_virtual(properties, space, pipe.c_str(), "times", space);
                      H5Dclose(H5Dcreate2(writer.file(), "Header/time_array", H5T_IEEE_F64LE, space,
                                          H5P_DEFAULT, properties, H5P_DEFAULT));
                      H5Pclose(properties);
                      H5Sclose(space);
                    }});
}

std::string bytesAt(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Names another filter where the file says "deflate". Filter pipeline message, version 1: number, length of
// the name, flags, count of values, name.
void unknownFilter(const std::string& path) {
  writeObservation(path, {.gzip = true});
  std::string bytes = bytesAt(path);
  const std::uint8_t number[] = {kUnknownFilter & 0xff, kUnknownFilter >> 8};
  for (std::size_t at = bytes.find("deflate"); at != bytes.npos; at = bytes.find("deflate", at + 1)) {
    std::memcpy(bytes.data() + at - 8, number, sizeof number);
  }
  std::ofstream(path, std::ios::binary) << bytes;
}

constexpr HostileKind kKinds[] = {
    {"ids-hole", "out_of_range", [](auto& path) { claimedIds(path, kSixtyFourGiga, {H5T_STD_I32LE}); }},
    {"ids-unallocated", "out_of_range", [](auto& path) { claimedIds(path, kExa, {H5T_STD_I32LE, 4096}); }},
    {"ids-unallocated-gzip", "out_of_range",
     [](auto& path) { claimedIds(path, kExa, {H5T_STD_I32LE, 4096, true}); }},
    {"ids-max-allowed", "read", [](auto& path) { claimedIds(path, kMaxAllowed, {H5T_STD_I8LE}); }},
    {"ids-one-a-chunk", "unsupported", [](auto& path) { claimedIds(path, kMaxAllowed, {H5T_STD_I8LE, 1}); }},
    {"times-hole", "out_of_range", [](auto& path) { claimedTimes(path, kSixtyFourGiga, {H5T_IEEE_F64LE}); }},
    {"times-unallocated", "out_of_range",
     [](auto& path) { claimedTimes(path, kExa, {H5T_IEEE_F32LE, 4096}); }},
    {"chunk-of-256-MiB", "unsupported", [](auto& path) { compressedTimes(path, hsize_t{1} << 25); }},
    {"times-in-32-MiB", "read", [](auto& path) { compressedTimes(path, hsize_t{1} << 22); }},
    {"virtual-times", "unsupported", virtualTimes},
    {"unknown-filter", "unsupported", unknownFilter},
};

}  // namespace

std::span<const HostileKind> hostileKinds() { return kKinds; }

}  // namespace pointing
