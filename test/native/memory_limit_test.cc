#include "libhdf5/memory_limit.h"

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/result.h"

using namespace pointing;

namespace {

bool canAllocate(std::size_t bytes) {
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return false;
  munmap(memory, bytes);
  return true;
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
