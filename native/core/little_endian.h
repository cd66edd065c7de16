#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <span>

namespace pointing {

// The little-endian number at `offset` of `bytes`, aligned or not, on any host. The caller has made sure that
// it lies within.
template <typename T>
  requires std::integral<T> || std::floating_point<T>
T littleEndianAt(std::span<const std::byte> bytes, std::size_t offset) {
  std::array<std::byte, sizeof(T)> number;
  std::memcpy(number.data(), bytes.data() + offset, number.size());
  if constexpr (std::endian::native == std::endian::big) std::ranges::reverse(number);
  return std::bit_cast<T>(number);
}

}  // namespace pointing
