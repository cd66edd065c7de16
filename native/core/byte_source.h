#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/result.h"

namespace pointing {

// Bytes that can be read at any offset: a file, or memory in tests and fuzzers. Its size does not change.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual std::uint64_t size() const = 0;
  // Fills all of `out` from `offset`; the caller keeps within size(). Failures: io_error, locked (a file that
  // became shorter since it was opened).
  virtual Status readAt(std::uint64_t offset, std::span<std::byte> out) = 0;
};

}  // namespace pointing
