#include "core/hdf5_start.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "core/little_endian.h"

namespace pointing {

namespace {

constexpr std::array<unsigned char, 8> kSignature = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

Failure endsTooEarly(std::uint64_t size, std::uint64_t needed) {
  return {ErrorCode::truncated, "is incomplete: " + std::to_string(size) + " of " + std::to_string(needed) +
                                    " bytes are present; retried when it grows"};
}

// Where the fields of a superblock lie (II.A); versions 2 and 3 are laid out alike.
struct SuperblockFields {
  std::uint64_t length;
  std::uint64_t sizeOfOffsets;
  std::uint64_t baseAddress;
  std::uint64_t endOfFile;
};
constexpr SuperblockFields kFields[] = {
    {96, 13, 24, 40}, {100, 13, 28, 44}, {48, 9, 12, 28}, {48, 9, 12, 28}};

// Leaves what it does not know (other sizes of offsets, a base address) to the readers.
Status checkEndOfFile(ByteSource& file) {
  std::array<std::byte, 100> head{};
  const std::uint64_t present = std::min<std::uint64_t>(file.size(), head.size());
  Status read = file.readAt(0, std::span(head).first(static_cast<std::size_t>(present)));
  if (!read) return read;
  const auto version = littleEndianAt<std::uint8_t>(head, 8);
  if (version >= std::size(kFields)) return Done{};
  const SuperblockFields& at = kFields[version];
  if (present < at.length) return endsTooEarly(present, at.length);
  if (littleEndianAt<std::uint8_t>(head, at.sizeOfOffsets) != 8) return Done{};
  if (littleEndianAt<std::uint64_t>(head, at.baseAddress) != 0) return Done{};
  const auto endOfFile = littleEndianAt<std::uint64_t>(head, at.endOfFile);
  if (endOfFile > file.size()) return endsTooEarly(file.size(), endOfFile);
  return Done{};
}

}  // namespace

Result<std::uint64_t> findHdf5Start(ByteSource& file) {
  std::array<std::byte, kSignature.size()> found{};
  if (file.size() < found.size()) {
    const auto present = static_cast<std::size_t>(file.size());
    Status read = file.readAt(0, std::span(found).first(present));
    if (!read) return read.failure();
    if (std::memcmp(found.data(), kSignature.data(), present) == 0) return endsTooEarly(present, 96);
  }
  for (std::uint64_t offset = 0; file.size() >= found.size() && offset <= file.size() - found.size();
       offset = offset == 0 ? 512 : 2 * offset) {
    Status read = file.readAt(offset, found);
    if (!read) return read.failure();
    if (std::memcmp(found.data(), kSignature.data(), found.size()) != 0) continue;
    if (offset == 0) {
      Status complete = checkEndOfFile(file);
      if (!complete) return complete.failure();
    }
    return offset;
  }
  return Failure{ErrorCode::not_hdf5, "is not an HDF5 file: no HDF5 signature"};
}

}  // namespace pointing
