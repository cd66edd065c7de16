#include "uvh5/read_files.h"

#include <algorithm>
#include <atomic>
#include <thread>

namespace pointing {

std::vector<FileReading> readHeadersOf(std::span<const std::string> paths,
                                       std::span<const std::unique_ptr<HeaderReader>> readers) {
  std::vector<FileReading> readings(paths.size(), {{}, Failure{ErrorCode::io_error, "not read"}});
  // Each index is taken by one thread alone, and the joins below make its reading visible to the caller.
  std::atomic<std::size_t> next{0};
  const auto readWith = [&](HeaderReader& reader) {
    for (std::size_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < paths.size();) {
      readings[i] = readHeaderOf(paths[i], reader);
    }
  };
  std::vector<std::jthread> threads;
  const std::size_t helpers = std::min(readers.size(), paths.size());
  for (std::size_t i = 1; i < helpers; ++i) threads.emplace_back(readWith, std::ref(*readers[i]));
  if (!readers.empty()) readWith(*readers[0]);
  threads.clear();
  return readings;
}

}  // namespace pointing
