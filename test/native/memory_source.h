#pragma once
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>

#include "core/byte_source.h"

namespace pointing {

// A file in memory, which outlives it, and behind that a hole of any size. Counts its reads.
class MemorySource : public ByteSource {
 public:
  explicit MemorySource(std::span<const std::byte> bytes, std::uint64_t size = 0)
      : bytes_(bytes), size_(std::max<std::uint64_t>(size, bytes.size())) {}

  std::uint64_t size() const override { return size_; }
  Status readAt(std::uint64_t offset, std::span<std::byte> out) override {
    ++reads;
    bytesRead += out.size();
    if (offset > size_ || out.size() > size_ - offset) std::abort();
    const std::uint64_t present = offset < bytes_.size() ? bytes_.size() - offset : 0;
    const std::size_t copied = std::min<std::uint64_t>(present, out.size());
    if (copied > 0) std::memcpy(out.data(), bytes_.data() + offset, copied);
    std::fill(out.begin() + static_cast<std::ptrdiff_t>(copied), out.end(), std::byte{0});
    return Done{};
  }

  unsigned reads = 0;
  std::uint64_t bytesRead = 0;

 private:
  std::span<const std::byte> bytes_;
  std::uint64_t size_;
};

}  // namespace pointing
