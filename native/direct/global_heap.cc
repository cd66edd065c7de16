#include "direct/global_heap.h"

#include <array>
#include <cstring>
#include <span>

#include "core/little_endian.h"
#include "uvh5/header_source.h"

namespace pointing {

namespace {

constexpr std::uint64_t kMinCollectionBytes = 4096;
constexpr std::uint64_t kMaxCollectionBytes = std::uint64_t{64} * 1024;
constexpr std::uint64_t kHeaderBytes = 16;  // of a collection, and of each object in it

}  // namespace

Result<std::string> readHeapText(CachedFile& file, std::uint64_t reference) {
  std::array<std::byte, 16> bytes;
  Status read = file.readAt(reference, bytes);
  if (!read) return read.failure();
  const auto length = littleEndianAt<std::uint32_t>(bytes, 0);
  const auto collection = littleEndianAt<std::uint64_t>(bytes, 4);
  const auto wanted = littleEndianAt<std::uint32_t>(bytes, 12);
  if (length == 0 || length > kMaxTextBytes || wanted == 0) return declined("an empty or long heap string");

  std::array<std::byte, kHeaderBytes> header;  // "GCOL", version, reserved, size
  read = file.readAt(collection, header);
  if (!read) return read.failure();
  constexpr std::array<std::uint8_t, 8> kVersion1 = {'G', 'C', 'O', 'L', 1, 0, 0, 0};
  const auto collectionBytes = littleEndianAt<std::uint64_t>(header, 8);
  if (std::memcmp(header.data(), kVersion1.data(), kVersion1.size()) != 0 ||
      collectionBytes < kMinCollectionBytes || collectionBytes > kMaxCollectionBytes ||
      !file.contains(collection, collectionBytes)) {
    return declined("an unknown, large or cut off global heap");
  }

  // To the end, since of several objects with one index libhdf5 takes the last.
  std::uint64_t text = 0;
  for (std::uint64_t at = kHeaderBytes; collectionBytes - at >= kHeaderBytes;) {
    read = file.readAt(collection + at, header);  // index, references, reserved, size
    if (!read) return read.failure();
    const auto index = littleEndianAt<std::uint16_t>(header, 0);
    const auto size = littleEndianAt<std::uint64_t>(header, 8);
    if (index == 0 && size != collectionBytes - at) return declined("free space within a heap");
    if (index == 0) break;
    const std::uint64_t room = collectionBytes - at - kHeaderBytes;
    const std::uint64_t padded = (size + 7) / 8 * 8;
    if (size > room || padded > room) return declined("a heap object beyond its collection");
    if (index == wanted) {
      if (size != length) return declined("a heap string of another length");
      text = collection + at + kHeaderBytes;
    }
    at += kHeaderBytes + padded;
  }
  if (text == 0) return declined("a heap string that is not there");
  std::array<char, kMaxTextBytes> characters;
  read = file.readAt(text, std::as_writable_bytes(std::span(characters).first(length)));
  if (!read) return read.failure();
  return std::string(characters.data(), strnlen(characters.data(), length));
}

}  // namespace pointing
