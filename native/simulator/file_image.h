#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"

namespace simulator {

// A file held in memory without its holes, to write many like it.
class FileImage {
 public:
  static pointing::Result<FileImage> read(const std::string& path);

  // Replaces bytes. Places outside the file's content are a caller's error and are ignored.
  void overwrite(std::uint64_t offset, const void* bytes, std::size_t count);

  // Rewrites the file with the same holes.
  std::optional<pointing::Failure> write(const std::string& path) const;

 private:
  struct Extent {
    std::uint64_t offset;
    std::vector<char> bytes;
  };

  std::uint64_t sizeBytes_ = 0;
  std::vector<Extent> extents_;  // by rising offset
};

}  // namespace simulator
