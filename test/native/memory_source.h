#pragma once
#include <cstring>
#include <span>

#include "core/byte_source.h"

namespace pointing {

// A file in memory, which outlives it. Counts its reads.
class MemorySource : public ByteSource {
 public:
  explicit MemorySource(std::span<const std::byte> bytes) : bytes_(bytes) {}

  std::uint64_t size() const override { return bytes_.size(); }
  Status readAt(std::uint64_t offset, std::span<std::byte> out) override {
    ++reads;
    std::memcpy(out.data(), bytes_.data() + offset, out.size());
    return Done{};
  }

  unsigned reads = 0;

 private:
  std::span<const std::byte> bytes_;
};

}  // namespace pointing
