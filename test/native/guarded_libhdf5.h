#pragma once
#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "core/result.h"
#include "uvh5/pointing_header.h"

namespace pointing {

// What an answer says of pointing as one line, the same for two answers only if they are equal to the last
// bit.
std::string describe(const Result<PointingHeader>& header);
// The same of the rest. In a damaged file libhdf5 may find absent what the direct reader can read.
std::string describeInstrument(const Result<PointingHeader>& header);

// libhdf5's answer to damaged files, from a child process, since some crash it or keep it busy forever. The
// child lives on from case to case and is replaced when it dies.
class GuardedLibhdf5 {
 public:
  GuardedLibhdf5();
  GuardedLibhdf5(const GuardedLibhdf5&) = delete;
  GuardedLibhdf5& operator=(const GuardedLibhdf5&) = delete;
  ~GuardedLibhdf5();

  // Empty: it crashed, took more than half a second, or found the file's structure damaged or unknown to it;
  // then it says nothing of what the file holds.
  std::optional<std::string> answer(std::span<const std::byte> file) { return answer(file, file.size()); }
  // Of a file that goes on as a hole up to `size`.
  std::optional<std::string> answer(std::span<const std::byte> file, std::uint64_t size);
  // The same, by a child that has seen no other file.
  std::optional<std::string> freshAnswer(std::span<const std::byte> file) {
    return freshAnswer(file, file.size());
  }
  std::optional<std::string> freshAnswer(std::span<const std::byte> file, std::uint64_t size);
  unsigned deaths() const { return deaths_; }

 private:
  void start();
  void stop();

  std::string path_;  // of a temporary file that the child reads: libhdf5 opens none without a name
  int file_;
  int toChild_ = -1;
  int fromChild_ = -1;
  pid_t child_ = -1;
  unsigned deaths_ = 0;
};

}  // namespace pointing
