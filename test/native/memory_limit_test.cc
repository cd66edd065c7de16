#include "libhdf5/memory_limit.h"

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <functional>

#include "core/result.h"
#include "hostile_files.h"
#include "libhdf5/libhdf5_reader.h"
#include "scratch_directory.h"
#include "support.h"

using namespace pointing;

namespace {

bool canAllocate(std::size_t bytes) {
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return false;
  munmap(memory, bytes);
  return true;
}

std::uint64_t addressSpaceBytes() {
  std::uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

TEST_CASE("after limitMemory a process can grow by so much and no more") {
  const pid_t child = fork();
  if (child == 0) {
    const bool limited = limitMemory(64 << 20).ok();
    const bool bounded = !canAllocate(80 << 20), usable = canAllocate(32 << 20);
    _exit(limited && bounded && usable ? 0 : 1);
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("a host that cannot give what a process's own limit leaves it is short of memory") {
  const pid_t child = fork();
  if (child == 0) {
    const bool enough = limitMemory(256 << 20).ok() && !isHostShortOfMemory();
    // As a host whose memory is committed: the address space of this process is nearly used up.
    const rlimit addresses{.rlim_cur = addressSpaceBytes() + (64 << 20), .rlim_max = RLIM_INFINITY};
    const bool isShort = setrlimit(RLIMIT_AS, &addresses) == 0 && isHostShortOfMemory();
    _exit(enough && isShort ? 0 : 1);
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("a file that needs more than its process may have is to blame, and the host where it has no more") {
  const ScratchDirectory directory;
  const std::string path = directory / "chunk.hdf5";
  for (const HostileKind& kind : hostileKinds()) {
    if (kind.name == std::string_view("times-in-32-MiB")) kind.write(path);
  }
  const auto codeAfter = [&](const std::function<bool()>& limit) {
    const pid_t child = fork();
    if (child == 0) {
      if (!limit()) _exit(99);
      Libhdf5Reader reader;
      const auto header = readHeaderOf(path, reader).header;
      _exit(header ? 0 : static_cast<int>(header.failure().code));
    }
    int status = -1;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    return WEXITSTATUS(status);
  };
  CHECK(codeAfter([] { return limitMemory(16 << 20).ok(); }) == static_cast<int>(ErrorCode::unsupported));
  CHECK(codeAfter([] {
          const rlimit addresses{.rlim_cur = addressSpaceBytes() + (16 << 20), .rlim_max = RLIM_INFINITY};
          return limitMemory(256 << 20).ok() && setrlimit(RLIMIT_AS, &addresses) == 0;
        }) == static_cast<int>(ErrorCode::io_error));
}
