// evict-cache: has the kernel forget the contents of the files named on standard input, once they are safe on
// disk, and looks whether it did. Prints {"files":N,"residentPages":N}; exit status 1 if a file could not be
// opened or mapped. Names and inodes stay in memory: only root could drop those, and only for the whole
// machine.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

namespace {

constexpr int kAttempts = 20;
constexpr useconds_t kPauseUs = 5000;

// Pages of the file in memory; -1 if they cannot be counted.
long residentPages(int fd) {
  struct stat status;
  if (fstat(fd, &status) < 0) return -1;
  if (status.st_size == 0) return 0;
  const auto length = static_cast<std::size_t>(status.st_size);
  const auto pageBytes = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  void* map = mmap(nullptr, length, PROT_READ, MAP_SHARED, fd, 0);
  if (map == MAP_FAILED) return -1;
  std::vector<unsigned char> pages((length + pageBytes - 1) / pageBytes);
  const bool counted = mincore(map, length, pages.data()) == 0;
  munmap(map, length);
  return counted ? std::count_if(pages.begin(), pages.end(), [](unsigned char p) { return (p & 1) != 0; })
                 : -1;
}

long evict(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  // Dirty pages cannot be dropped, and a page that the kernel holds just now takes a second call a little
  // later.
  long left = fdatasync(fd) == 0 ? 1 : -1;
  for (int attempt = 0; attempt < kAttempts && left > 0; ++attempt) {
    if (attempt > 0) usleep(kPauseUs);
    posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    left = residentPages(fd);
  }
  close(fd);
  return left;
}

}  // namespace

int main() {
  std::size_t nFiles = 0;
  std::size_t nFailed = 0;
  long resident = 0;
  for (std::string path; std::getline(std::cin, path); ++nFiles) {
    const long left = evict(path);
    nFailed += left < 0 ? 1 : 0;
    resident += std::max(left, 0L);
  }
  std::printf("{\"files\":%zu,\"residentPages\":%ld}\n", nFiles, resident);
  if (nFailed > 0) std::fprintf(stderr, "evict-cache: %zu files could not be opened or mapped\n", nFailed);
  return nFailed > 0 ? 1 : 0;
}
