#include "direct/tree_node.h"

#include <array>
#include <cstring>

#include "core/little_endian.h"

namespace pointing {

Result<TreeNode> readTreeNode(CachedFile& file, std::uint64_t address, TreeType type, std::uint64_t keyBytes,
                              unsigned maxEntries) {
  std::array<std::byte, 24> bytes;
  Status read = file.readAt(address, bytes);
  if (!read) return read.failure();
  const TreeNode node = {.address = address,
                         .level = littleEndianAt<std::uint8_t>(bytes, 5),
                         .entries = littleEndianAt<std::uint16_t>(bytes, 6),
                         .keyBytes = keyBytes};
  if (std::memcmp(bytes.data(), "TREE", 4) != 0 ||
      littleEndianAt<std::uint8_t>(bytes, 4) != std::uint8_t(type)) {
    return declined("no B-tree node where one should be");
  }
  if (node.level > kMaxTreeLevel || node.entries == 0 || node.entries > maxEntries) {
    return declined("an empty, deep or overfull B-tree node");
  }
  // libhdf5 reads nodes whole, so one that is cut off by the end of the file must not be answered from.
  if (!file.contains(address, node.keyAt(maxEntries) + keyBytes - address))
    return declined("a B-tree node cut off");
  return node;
}

}  // namespace pointing
