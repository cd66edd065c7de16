#include "support.h"

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "direct/direct_reader.h"
#include "libhdf5/libhdf5_reader.h"

namespace pointing {

std::filesystem::path& fixtures() {
  static std::filesystem::path directory;
  return directory;
}

std::vector<std::byte> bytesOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  const auto view = std::as_bytes(std::span(bytes));
  return {view.begin(), view.end()};
}

void writeBytes(const std::string& path, std::span<const std::byte> bytes) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

unsigned casesOf(unsigned all) {
  const char* percent = std::getenv("RANDOM_CASES_PERCENT");
  return percent ? all * static_cast<unsigned>(std::stoul(percent)) / 100 : all;
}

void makeOld(const std::string& path) {
  std::filesystem::last_write_time(path,
                                   std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
}

Result<PointingHeader> readDirect(const std::string& path) {
  DirectReader reader;
  return readHeaderOf(path, reader).header;
}

Result<PointingHeader> readLibhdf5(const std::string& path) {
  Libhdf5Reader reader;
  return readHeaderOf(path, reader).header;
}

}  // namespace pointing
