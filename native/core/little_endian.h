#pragma once
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstring>
#include <span>

namespace pointing {

static_assert(std::endian::native == std::endian::little,
              "HDF5's fields are little-endian and read in place");

// The number at `offset` of `bytes`. The caller has made sure that it lies within.
template <typename T>
  requires std::integral<T> || std::floating_point<T>
T littleEndianAt(std::span<const std::byte> bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

}  // namespace pointing
