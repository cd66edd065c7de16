// bare-preads THREADS OFFSET:LENGTH... : opens each file named on standard input, makes just these preads and
// closes it. What this takes is the least that any reader of these places can take on this disk with so many
// threads. Prints {"files":N,"bytes":N,"seconds":S}; exit status 1 if a file could not be read so, 2 on bad
// usage.
#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

namespace {

struct Place {
  std::int64_t offset;
  std::size_t length;
};

struct Work {
  std::vector<std::string> paths;
  std::vector<Place> places;
  std::atomic<std::size_t> next{0};
  std::atomic<std::uint64_t> bytes{0};
  std::atomic<std::size_t> failed{0};
};

bool readPlaces(int fd, Work& work, std::vector<char>& buffer) {
  for (const Place& place : work.places) {
    if (buffer.size() < place.length) buffer.resize(place.length);
    const ssize_t got = pread(fd, buffer.data(), place.length, place.offset);
    if (got <= 0) return false;
    work.bytes += static_cast<std::uint64_t>(got);
  }
  return true;
}

void readFiles(Work& work) {
  std::vector<char> buffer;
  for (std::size_t i; (i = work.next++) < work.paths.size();) {
    const int fd = open(work.paths[i].c_str(), O_RDONLY | O_CLOEXEC);
    if (fd >= 0) posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM);  // as the reader does: nothing is read ahead
    if (fd < 0 || !readPlaces(fd, work, buffer)) ++work.failed;
    if (fd >= 0) close(fd);
  }
}

}  // namespace

int main(int argc, char** argv) {
  int nThreads = 0;
  Work work;
  bool good = argc >= 3 && std::sscanf(argv[1], "%d", &nThreads) == 1 && nThreads > 0;
  for (int i = 2; i < argc; ++i) {
    long long offset = 0;
    std::size_t length = 0;
    good = good && std::sscanf(argv[i], "%lld:%zu", &offset, &length) == 2;
    work.places.push_back({offset, length});
  }
  if (!good) {
    std::fputs("usage: bare-preads THREADS OFFSET:LENGTH... < list of files\n", stderr);
    return 2;
  }
  for (std::string path; std::getline(std::cin, path);) work.paths.push_back(path);

  const auto start = std::chrono::steady_clock::now();
  std::vector<std::jthread> threads;
  for (int i = 0; i < nThreads; ++i) threads.emplace_back(readFiles, std::ref(work));
  threads.clear();  // waits for all
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  std::printf("{\"files\":%zu,\"bytes\":%llu,\"seconds\":%.6f}\n", work.paths.size(),
              static_cast<unsigned long long>(work.bytes), seconds.count());
  if (work.failed > 0) std::fprintf(stderr, "bare-preads: %zu files could not be read\n", work.failed.load());
  return work.failed > 0 ? 1 : 0;
}
