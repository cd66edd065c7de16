#include "direct/direct_array.h"

#include <algorithm>
#include <array>
#include <vector>

#include "core/little_endian.h"
#include "direct/chunk_index.h"

namespace pointing {

namespace {

// Far above a telescope's (baselines x integrations, some 100,000), and read in a fraction of a second.
constexpr std::uint64_t kMaxWholeLength = std::uint64_t{1} << 22;

double toDouble(std::span<const std::byte> bytes, const Datatype& type) {
  const auto as = [&]<typename T>(T) { return static_cast<double>(littleEndianAt<T>(bytes, 0)); };
  switch (type.kind) {
    case ElementKind::floating:
      return type.sizeBytes == 4 ? as(float{}) : as(double{});
    case ElementKind::signedInteger:
      if (type.sizeBytes == 1) return as(std::int8_t{});
      if (type.sizeBytes == 2) return as(std::int16_t{});
      return type.sizeBytes == 4 ? as(std::int32_t{}) : as(std::int64_t{});
    default:
      if (type.sizeBytes == 1) return as(std::uint8_t{});
      if (type.sizeBytes == 2) return as(std::uint16_t{});
      return type.sizeBytes == 4 ? as(std::uint32_t{}) : as(std::uint64_t{});
  }
}

}  // namespace

Result<DirectArray> DirectArray::open(CachedFile& file, const ObjectHeader& header) {
  const Dataspace& space = *header.dataspace;
  const Datatype& type = *header.datatype;
  const Layout& layout = *header.layout;
  DirectArray array(file, type, layout, space.elements);
  if (space.elements == 0) return array;
  if (layout.isChunked) {
    if (space.rank != 1 || layout.elementBytes != type.sizeBytes) return declined("chunks of another shape");
  } else if (space.elements > layout.sizeBytes || space.elements * type.sizeBytes != layout.sizeBytes ||
             !file.contains(layout.address, layout.sizeBytes)) {
    return declined("data of another size, or cut off");
  }
  return array;
}

Result<DirectArray::Run> DirectArray::runAt(std::uint64_t index) {
  if (!layout_.isChunked) return Run{layout_.address + index * type_.sizeBytes, length_ - index};
  auto chunk = findChunk(*file_, layout_, index / layout_.chunkLength);
  if (!chunk) return chunk.failure();
  const std::uint64_t inChunk = index % layout_.chunkLength;
  return Run{*chunk + inChunk * type_.sizeBytes, std::min(layout_.chunkLength - inChunk, length_ - index)};
}

Result<double> DirectArray::at(std::uint64_t index) {
  auto run = runAt(index);
  if (!run) return run.failure();
  std::array<std::byte, 8> bytes;
  const auto element = std::span(bytes).first(type_.sizeBytes);
  Status read = file_->readAt(run->address, element);
  if (!read) return read.failure();
  return toDouble(element, type_);
}

Status DirectArray::forEachPiece(const Visitor& visit) {
  constexpr std::uint64_t kPieceLength = 4096;
  if (length_ > kMaxWholeLength) return declined("a very long array");
  const auto longestPiece = static_cast<std::size_t>(std::min(kPieceLength, length_));
  std::vector<std::byte> bytes(longestPiece * type_.sizeBytes);
  std::vector<double> values(longestPiece);
  for (std::uint64_t index = 0; index < length_;) {
    auto run = runAt(index);
    if (!run) return run.failure();
    for (std::uint64_t done = 0; done < run->length;) {
      const auto count = static_cast<std::size_t>(std::min(kPieceLength, run->length - done));
      const auto piece = std::span(bytes).first(count * type_.sizeBytes);
      Status read = file_->readOnce(run->address + done * type_.sizeBytes, piece);
      if (!read) return read;
      for (std::size_t i = 0; i < count; ++i) values[i] = toDouble(piece.subspan(i * type_.sizeBytes), type_);
      if (!visit(std::span(values).first(count))) return Done{};
      done += count;
    }
    index += run->length;
  }
  return Done{};
}

}  // namespace pointing
