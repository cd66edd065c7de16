#include "direct/dataset_messages.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <initializer_list>

#include "core/little_endian.h"
#include "direct/cached_file.h"

namespace pointing {

namespace {

constexpr std::uint64_t kUnlimited = ~std::uint64_t{0};

bool isOneOf(std::uint32_t value, std::initializer_list<std::uint32_t> allowed) {
  return std::ranges::find(allowed, value) != allowed.end();
}

// Class bit fields and properties of IEEE 754 numbers as IV.A.2.d lays them out: byte order, padding and
// normalization, sign position; size; bit offset and precision; places and sizes of exponent and mantissa;
// bias.
constexpr std::array<std::uint8_t, 19> kFloat32 = {0x20, 31, 0, 4, 0,  0,   0, 0, 0, 32,
                                                   0,    23, 8, 0, 23, 127, 0, 0, 0};
constexpr std::array<std::uint8_t, 19> kFloat64 = {0x20, 63, 0,  8, 0,  0,    0,    0, 0, 64,
                                                   0,    52, 11, 0, 52, 0xff, 0x03, 0, 0};

}  // namespace

// IV.A.2.b
Result<Dataspace> parseDataspace(std::span<const std::byte> body) {
  if (body.size() < 8) return declined("a short dataspace");
  const auto version = littleEndianAt<std::uint8_t>(body, 0);
  const auto rank = littleEndianAt<std::uint8_t>(body, 1);
  const auto flags = littleEndianAt<std::uint8_t>(body, 2);
  const auto type = littleEndianAt<std::uint8_t>(body, 3);
  if (!isOneOf(version, {1, 2}) || flags > 1) return declined("an unknown dataspace");
  const std::size_t header = version == 1 ? 8 : 4;
  if (version == 2) {
    if (type > 2 || (type == 1) != (rank > 0)) return declined("an unknown dataspace");
    if (type == 2) return Dataspace{.rank = 0, .isNull = true, .elements = 0};
  }
  if (body.size() < header + std::size_t{rank} * 8 * (flags + 1u))
    return declined("a short or large dataspace");
  std::uint64_t elements = 1;
  for (std::size_t i = 0; i < rank; ++i) {
    const auto size = littleEndianAt<std::uint64_t>(body, header + 8 * i);
    const auto limit = flags ? littleEndianAt<std::uint64_t>(body, header + 8 * (rank + i)) : kUnlimited;
    if (size > limit) return declined("a dataspace over its own limits");
    if (size == 1) continue;
    if (elements != 1) return declined("more than one dimension");
    elements = size;
  }
  return Dataspace{.rank = rank, .isNull = false, .elements = elements};
}

// IV.A.2.d
Result<Datatype> parseDatatype(std::span<const std::byte> body) {
  if (body.size() < 8) return declined("a short datatype");
  const auto classAndVersion = littleEndianAt<std::uint8_t>(body, 0);
  const auto bits = littleEndianAt<std::uint32_t>(body, 0) >> 8;
  const auto size = littleEndianAt<std::uint32_t>(body, 4);
  if (!isOneOf(classAndVersion >> 4, {1, 2, 3})) return declined("an unknown version of datatype");
  switch (classAndVersion & 0x0f) {
    case 0: {  // fixed-point; bit 3: signed; the others: big-endian, padding
      constexpr std::uint32_t kSigned = 8;
      if (body.size() < 12 || !isOneOf(bits, {0, kSigned}) || !isOneOf(size, {1, 2, 4, 8}) ||
          littleEndianAt<std::uint16_t>(body, 8) != 0 ||
          littleEndianAt<std::uint16_t>(body, 10) != 8 * size) {
        return declined("an unusual integer");
      }
      return Datatype{bits == kSigned ? ElementKind::signedInteger : ElementKind::unsignedInteger, size};
    }
    case 1: {
      const auto& expected = size == 4 ? kFloat32 : kFloat64;
      if (body.size() < 1 + expected.size() ||
          std::memcmp(body.data() + 1, expected.data(), expected.size()) != 0) {
        return declined("an unusual floating-point number");
      }
      return Datatype{ElementKind::floating, size};
    }
    case 3:  // bits 0-3: padding by NUL or spaces; 4-7: ASCII or UTF-8
      if ((bits & 0x0f) > 2 || (bits >> 4) > 1 || size == 0) return declined("an unusual string");
      return Datatype{ElementKind::text, size};
    case 9: {  // variable length; bits 0-3: 1 for a string; then the type of its characters
      if (body.size() < 16 || (bits & 0x0f) != 1 || ((bits >> 4) & 0x0f) > 2 || (bits >> 8) > 1 ||
          size != 16 || !isOneOf(littleEndianAt<std::uint8_t>(body, 8) & 0x0f, {0, 3}) ||
          littleEndianAt<std::uint32_t>(body, 12) != 1) {
        return declined("an unusual variable-length type");
      }
      return Datatype{ElementKind::heapText, size};
    }
    default:
      return declined("a class of datatype other than numbers and strings");
  }
}

// IV.A.2.i, version 3
Result<Layout> parseLayout(std::span<const std::byte> body, std::uint64_t address) {
  if (body.size() < 8 || littleEndianAt<std::uint8_t>(body, 0) != 3)
    return declined("a layout other than version 3");
  switch (littleEndianAt<std::uint8_t>(body, 1)) {
    case 0:  // compact: the data follow
      if (littleEndianAt<std::uint16_t>(body, 2) > body.size() - 4) return declined("long compact data");
      return Layout{.isChunked = false,
                    .address = address + 4,
                    .sizeBytes = littleEndianAt<std::uint16_t>(body, 2),
                    .chunkLength = 0,
                    .elementBytes = 0};
    case 1:
      if (body.size() < 18) return declined("a short layout");
      return Layout{.isChunked = false,
                    .address = littleEndianAt<std::uint64_t>(body, 2),
                    .sizeBytes = littleEndianAt<std::uint64_t>(body, 10),
                    .chunkLength = 0,
                    .elementBytes = 0};
    case 2: {  // chunked; an element counts as one more dimension
      if (body.size() < 19 || littleEndianAt<std::uint8_t>(body, 2) != 2) {
        return declined("chunks of more than one dimension");
      }
      const Layout layout = {.isChunked = true,
                             .address = littleEndianAt<std::uint64_t>(body, 3),
                             .sizeBytes = 0,
                             .chunkLength = littleEndianAt<std::uint32_t>(body, 11),
                             .elementBytes = littleEndianAt<std::uint32_t>(body, 15)};
      if (layout.chunkLength == 0 || layout.elementBytes == 0) return declined("chunks without elements");
      return layout;
    }
    default:
      return declined("an unknown layout");
  }
}

}  // namespace pointing
