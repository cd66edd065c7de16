#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/result.h"

namespace pointing {

// The messages that describe a dataset (HDF5 File Format Specification v3.0, IV.A.2). Each parser declines
// what it does not know and reads nothing beyond `body`, which may be longer than the message needs or cut
// off.

struct Dataspace {
  std::uint8_t rank;       // at most one dimension is longer than 1
  bool isNull;             // no value at all
  std::uint64_t elements;  // 1 for rank 0
};

enum class ElementKind : std::uint8_t {
  floating,       // IEEE 754, little-endian, 4 or 8 bytes
  signedInteger,  // little-endian two's complement, 1 to 8 bytes, no padding bits
  unsignedInteger,
  text,      // sizeBytes characters in the dataset itself
  heapText,  // a variable-length string: 16 bytes that point into a global heap
};

struct Datatype {
  ElementKind kind;
  std::uint32_t sizeBytes;

  bool isNumber() const { return kind != ElementKind::text && kind != ElementKind::heapText; }
};

struct Layout {
  bool isChunked;
  std::uint64_t address;       // of the data, or of the B-tree that finds chunks
  std::uint64_t sizeBytes;     // of the data, where not chunked
  std::uint64_t chunkLength;   // elements of a one-dimensional chunk
  std::uint32_t elementBytes;  // where chunked
};

Result<Dataspace> parseDataspace(std::span<const std::byte> body);
Result<Datatype> parseDatatype(std::span<const std::byte> body);
// `address`: of the body in the file, where compact data lie.
Result<Layout> parseLayout(std::span<const std::byte> body, std::uint64_t address);

}  // namespace pointing
