#include "direct/chunk_index.h"

#include <array>

#include "core/little_endian.h"
#include "direct/tree_node.h"

namespace pointing {

namespace {

constexpr unsigned kMaxEntries = 64;  // twice the K of 32 that superblock 0 cannot change

// What a chunk's key says: its size, which filters were skipped, where it begins in the dataset (in elements)
// and, as if an element's bytes were a second dimension, in the element.
struct Key {
  std::uint32_t chunkBytes;
  std::uint32_t filterMask;
  std::uint64_t firstElement;
  std::uint64_t byteInElement;
};
constexpr std::uint64_t kKeyBytes = 24;

Result<Key> readKey(CachedFile& file, std::uint64_t address) {
  std::array<std::byte, kKeyBytes> bytes;
  Status read = file.readAt(address, bytes);
  if (!read) return read.failure();
  return Key{littleEndianAt<std::uint32_t>(bytes, 0), littleEndianAt<std::uint32_t>(bytes, 4),
             littleEndianAt<std::uint64_t>(bytes, 8), littleEndianAt<std::uint64_t>(bytes, 16)};
}

}  // namespace

Result<std::uint64_t> findChunk(CachedFile& file, const Layout& layout, std::uint64_t chunk) {
  const std::uint64_t chunkBytes = layout.chunkLength * layout.elementBytes;
  std::uint64_t address = layout.address;
  for (int level = kMaxTreeLevel + 1;;) {
    auto node = readTreeNode(file, address, TreeType::chunks, kKeyBytes, kMaxEntries);
    if (!node) return node.failure();
    if (node->level >= level) return declined("a B-tree node on a wrong level");
    level = node->level;
    // Child i holds the chunks from key i on and before key i + 1.
    std::uint64_t low = 0, high = node->entries, middle = 0;
    bool found = false;
    Key left{};
    while (low < high && !found) {
      middle = (low + high) / 2;
      auto leftKey = readKey(file, node->keyAt(middle));
      auto rightKey = readKey(file, node->keyAt(middle + 1));
      if (!leftKey) return leftKey.failure();
      if (!rightKey) return rightKey.failure();
      left = *leftKey;
      const std::uint64_t leftChunk = left.firstElement / layout.chunkLength;
      const std::uint64_t rightChunk = rightKey->firstElement / layout.chunkLength;
      // Only the key behind the last chunk points into an element; then the chunk before it is of the same
      // number.
      if (chunk > rightChunk || (chunk == rightChunk && rightKey->byteInElement < layout.elementBytes)) {
        low = middle + 1;
      } else if (chunk < leftChunk) {
        high = middle;
      } else {
        found = true;
      }
    }
    if (!found) return declined("a missing chunk");
    auto child = file.number<std::uint64_t>(node->childAt(middle));
    if (!child) return child.failure();
    address = *child;
    if (level > 0) continue;
    if (left.firstElement != chunk * layout.chunkLength || left.byteInElement != 0 || left.filterMask != 0 ||
        left.chunkBytes != chunkBytes || !file.contains(address, chunkBytes)) {
      return declined("a missing, filtered or cut off chunk");
    }
    return address;
  }
}

}  // namespace pointing
