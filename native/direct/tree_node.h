#pragma once
#include <cstdint>

#include "direct/cached_file.h"

namespace pointing {

// A node of a version 1 B-tree (HDF5 File Format Specification v3.0, III.A.1):
// "TREE", node type, level, entries used, two siblings, then key 0, child 0, key 1, ... child N-1, key N.
struct TreeNode {
  std::uint64_t address;
  std::uint8_t level;  // 0: its children are symbol table nodes or chunks
  std::uint16_t entries;
  std::uint64_t keyBytes;

  std::uint64_t keyAt(std::uint64_t index) const { return address + 24 + index * (keyBytes + 8); }
  std::uint64_t childAt(std::uint64_t index) const { return keyAt(index) + keyBytes; }
};

enum class TreeType : std::uint8_t { group = 0, chunks = 1 };

// declined: not such a node, an empty one, or one that claims more than maxEntries children.
Result<TreeNode> readTreeNode(CachedFile& file, std::uint64_t address, TreeType type, std::uint64_t keyBytes,
                              unsigned maxEntries);

// No file needs deeper trees: 5 levels of 32 children hold 33 million.
inline constexpr std::uint8_t kMaxTreeLevel = 8;

}  // namespace pointing
