#pragma once
#include <concepts>
#include <cstddef>
#include <cstring>
#include <span>

namespace pointing {

// The number at `offset` of `bytes`. The caller has made sure that it lies within.
template <typename T>
  requires std::integral<T> || std::floating_point<T>
T littleEndianAt(std::span<const std::byte> bytes, std::size_t offset) {
  // HDF5's fields are read in place; DirectReader declines where that would be wrong.
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

}  // namespace pointing
