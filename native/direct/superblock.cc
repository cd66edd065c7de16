#include "direct/superblock.h"

#include <array>
#include <cstring>

#include "core/hdf5_start.h"
#include "core/little_endian.h"
#include "direct/object_header.h"

namespace pointing {

namespace {

constexpr std::uint64_t kUndefined = ~std::uint64_t{0};

// Symbol table entry, III.C: what its scratch-pad space holds.
constexpr std::uint32_t kNothingCached = 0;
constexpr std::uint32_t kSymbolTableCached = 1;

}  // namespace

Result<Superblock> readSuperblock(CachedFile& file) {
  auto start = findHdf5Start(file);
  if (!start) return start.failure();
  if (*start != 0) return declined("a user block");
  std::array<std::byte, 96> bytes;
  Status read = file.readAt(0, bytes);
  if (!read) return read.failure();

  // Versions of superblock, free-space storage, root group and shared headers; sizes of offsets and lengths.
  constexpr std::array<std::uint8_t, 8> kVersionsAndSizes = {0, 0, 0, 0, 0, 8, 8, 0};
  if (std::memcmp(bytes.data() + 8, kVersionsAndSizes.data(), kVersionsAndSizes.size()) != 0) {
    return declined("a superblock other than version 0 with 8-byte offsets and lengths");
  }
  const Superblock superblock = {.rootHeader = littleEndianAt<std::uint64_t>(bytes, 64),
                                 .groupLeafK = littleEndianAt<std::uint16_t>(bytes, 16),
                                 .groupNodeK = littleEndianAt<std::uint16_t>(bytes, 18)};
  const auto consistencyFlags = littleEndianAt<std::uint32_t>(bytes, 20);
  const auto baseAddress = littleEndianAt<std::uint64_t>(bytes, 24);
  const auto endOfFile = littleEndianAt<std::uint64_t>(bytes, 40);
  const auto driverInformation = littleEndianAt<std::uint64_t>(bytes, 48);
  if (superblock.groupLeafK == 0 || superblock.groupNodeK == 0 || consistencyFlags != 0 || baseAddress != 0 ||
      driverInformation != kUndefined) {
    return declined("a superblock with flags, a base address or a driver");
  }
  file.setEnd(endOfFile);  // findHdf5Start has seen that the file is not shorter

  // libhdf5 may take the root group's addresses from this copy of them, so the two must agree.
  const auto cached = littleEndianAt<std::uint32_t>(bytes, 72);
  if (cached == kSymbolTableCached) {
    auto root = readObjectHeader(file, superblock.rootHeader);
    if (!root) return root.failure();
    if (!root->symbolTable || root->symbolTable->tree != littleEndianAt<std::uint64_t>(bytes, 80) ||
        root->symbolTable->heap != littleEndianAt<std::uint64_t>(bytes, 88)) {
      return declined("a root group whose cached addresses differ");
    }
  } else if (cached != kNothingCached) {
    return declined("a root group that is a link");
  }
  return superblock;
}

}  // namespace pointing
