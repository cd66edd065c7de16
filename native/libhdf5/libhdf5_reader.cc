#include "libhdf5/libhdf5_reader.h"

#include "core/hdf5_start.h"
#include "libhdf5/dataset.h"
#include "libhdf5/error_stack.h"
#include "libhdf5/libhdf5_source.h"

namespace pointing {

namespace {

// A file names the filters it needs, and libhdf5 would look for shared objects that have them, in
// HDF5_PLUGIN_PATH among other places. Each entry to libhdf5 comes through here.
void startWithoutPlugins() { H5PLset_loading_state(0); }

PropertiesHandle accessProperties() {
  PropertiesHandle properties(H5Pcreate(H5P_FILE_ACCESS));
  H5Pset_file_locking(properties.get(), false, true);
  H5Pset_fclose_degree(properties.get(), H5F_CLOSE_STRONG);  // objects still open must not keep the file open
  // Arrays are read in pieces: a compressed chunk that had no place in the cache would be decompressed for
  // each of them. The cache takes memory for the chunks in it alone; those read to their end leave it first.
  constexpr std::size_t kSlots = 521;
  constexpr double kFullyReadFirst = 1;
  H5Pset_cache(properties.get(), 0, kSlots, kMaxFilteredChunkBytes, kFullyReadFirst);
  return properties;
}

}  // namespace

Result<PointingHeader> Libhdf5Reader::read(OpenFile& file, const Deadline& deadline) {
  startWithoutPlugins();
  auto start = findHdf5Start(file);
  if (!start) return start.failure();
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);  // no printing of errors
  const PropertiesHandle properties = accessProperties();
  // By descriptor, so that it is the file that was checked and not another that has taken its name since.
  const std::string path = "/proc/self/fd/" + std::to_string(file.descriptor());
  const FileHandle hdf5(H5Fopen(path.c_str(), H5F_ACC_RDONLY, properties.get()));
  if (!hdf5.valid()) return takeHdf5Failure("open the file");
  Libhdf5Source source(hdf5, deadline);
  auto header = readPointingHeader(source);
  H5Eclear2(H5E_DEFAULT);
  return header;
}

std::string libhdf5Version() {
  startWithoutPlugins();
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(release);
}

}  // namespace pointing
