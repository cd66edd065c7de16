// A file that names a filter has libhdf5 look for a shared object that has it.
#include <doctest/doctest.h>
#include <hdf5.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <vector>

#include "hostile_files.h"
#include "libhdf5/libhdf5_reader.h"
#include "scratch_directory.h"
#include "support.h"

using namespace pointing;

namespace {

// Whether the shared object of trace_plugin.cc is loaded into a child process that does this.
template <typename Action>
bool isLoadedBy(Action action) {
  const ScratchDirectory directory;
  const std::string path = directory / "observation.hdf5", trace = directory / "trace";
  for (const HostileKind& kind : hostileKinds()) {
    if (kind.name == std::string_view("unknown-filter")) kind.write(path);
  }
  const pid_t child = fork();
  if (child == 0) {
    setenv("TRACE_PLUGIN_FILE", trace.c_str(), 1);
    H5PLprepend(TRACE_PLUGIN_DIRECTORY);
    action(path);
    _exit(0);
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  return std::filesystem::exists(trace);
}

}  // namespace

TEST_CASE("reading a file loads no shared object from libhdf5's directory of plugins") {
  CHECK_FALSE(isLoadedBy([](const std::string& path) { CHECK_FALSE(readLibhdf5(path).ok()); }));
}

TEST_CASE("libhdf5 by itself would load it") {
  CHECK(isLoadedBy([](const std::string& path) {
    H5PLset_loading_state(H5PL_ALL_PLUGIN);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    const hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
    const hid_t times = H5Dopen2(file, "Header/time_array", H5P_DEFAULT);
    std::vector<double> values(1000);
    H5Dread(times, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
  }));
}
