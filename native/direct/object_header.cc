#include "direct/object_header.h"

#include <algorithm>
#include <array>

#include "core/little_endian.h"

namespace pointing {

namespace {

// Message types, IV.A.2.
enum MessageType : std::uint16_t {
  kDataspace = 0x01,
  kLinkInformation = 0x02,
  kDatatype = 0x03,
  kLink = 0x06,
  kExternalFiles = 0x07,
  kLayout = 0x08,
  kFilters = 0x0b,
  kContinuation = 0x10,
  kSymbolTable = 0x11,
  kLastKnown = 0x18,
};

constexpr std::uint8_t kConstantFlag = 1;  // the only message flag that changes nothing for a reader
constexpr std::size_t kMaxBlocks = 16;
constexpr std::uint64_t kMaxBlockBytes = 1 << 20;
constexpr std::size_t kMaxMessageBytes = 128;  // of those looked into
constexpr unsigned kMaxMessages = 4096;

// The first part of a header and its continuations, read in the order in which they are named.
struct Blocks {
  struct Block {
    std::uint64_t address;
    std::uint64_t length;
  };
  std::array<Block, kMaxBlocks> blocks;
  std::size_t count = 0;

  bool add(std::uint64_t address, std::uint64_t length) {
    if (count == kMaxBlocks || length > kMaxBlockBytes) return false;
    blocks[count++] = {address, length};
    return true;
  }
};

Status readMessage(std::uint16_t type, std::uint64_t address, std::span<const std::byte> body,
                   ObjectHeader& header, Blocks& blocks) {
  const auto keepFirst = [](auto& kept, auto parsed) -> Status {
    if (!parsed) return parsed.failure();
    if (!kept) kept = *parsed;
    return Done{};
  };
  switch (type) {
    case kDataspace:
      return keepFirst(header.dataspace, parseDataspace(body));
    case kDatatype:
      return keepFirst(header.datatype, parseDatatype(body));
    case kLayout:
      return keepFirst(header.layout, parseLayout(body, address));
    case kSymbolTable:
      if (body.size() < 16) return declined("a short symbol table message");
      return keepFirst(header.symbolTable,
                       Result<SymbolTable>(SymbolTable{littleEndianAt<std::uint64_t>(body, 0),
                                                       littleEndianAt<std::uint64_t>(body, 8)}));
    case kContinuation:
      if (body.size() < 16 ||
          !blocks.add(littleEndianAt<std::uint64_t>(body, 0), littleEndianAt<std::uint64_t>(body, 8))) {
        return declined("an object header with too many or too large continuations");
      }
      return Done{};
    default:
      return declined("a new-style group, filters or external storage");
  }
}

bool concernsUs(std::uint16_t type) {
  switch (type) {
    case kDataspace:
    case kLinkInformation:
    case kDatatype:
    case kLink:
    case kExternalFiles:
    case kLayout:
    case kFilters:
    case kContinuation:
    case kSymbolTable:
      return true;
    default:
      return false;
  }
}

}  // namespace

Result<ObjectHeader> readObjectHeader(CachedFile& file, std::uint64_t address) {
  // Version, reserved, number of messages, reference count, size of the first block, 4 bytes of padding.
  std::array<std::byte, 16> prefix;
  Status read = file.readAt(address, prefix);
  if (!read) return read.failure();
  if (littleEndianAt<std::uint8_t>(prefix, 0) != 1) return declined("an object header other than version 1");
  Blocks blocks;
  if (!blocks.add(address + prefix.size(), littleEndianAt<std::uint32_t>(prefix, 8))) {
    return declined("a large object header");
  }

  ObjectHeader header;
  unsigned messages = 0;
  for (std::size_t i = 0; i < blocks.count; ++i) {
    const auto [begin, length] = blocks.blocks[i];
    if (!file.contains(begin, length)) return declined("an object header beyond the end of the file");
    for (std::uint64_t at = 0; at < length;) {
      std::array<std::byte, 8> head;  // type, length of the body, flags
      if (length - at < head.size() || ++messages > kMaxMessages)
        return declined("a malformed object header");
      read = file.readAt(begin + at, head);
      if (!read) return read.failure();
      at += head.size();
      const auto type = littleEndianAt<std::uint16_t>(head, 0);
      const auto bytes = littleEndianAt<std::uint16_t>(head, 2);
      const auto flags = littleEndianAt<std::uint8_t>(head, 4);
      if (bytes % 8 != 0 || bytes > length - at || type > kLastKnown) return declined("a malformed message");
      if (concernsUs(type)) {
        if ((flags & ~kConstantFlag) != 0) return declined("a shared message");
        std::array<std::byte, kMaxMessageBytes> body;
        const auto kept = std::span(body).first(std::min<std::size_t>(bytes, kMaxMessageBytes));
        read = file.readAt(begin + at, kept);
        if (read) read = readMessage(type, begin + at, kept, header, blocks);
        if (!read) return read.failure();
      }
      at += bytes;
    }
  }
  if (messages != littleEndianAt<std::uint16_t>(prefix, 2)) return declined("a wrong count of messages");
  return header;
}

}  // namespace pointing
