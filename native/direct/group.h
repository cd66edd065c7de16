#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "direct/cached_file.h"
#include "direct/object_header.h"
#include "direct/superblock.h"
#include "direct/tree_node.h"

namespace pointing {

// An old-style group (HDF5 File Format Specification v3.0): a version 1 B-tree (III.A.1) whose leaves are
// symbol table nodes (III.B, III.C), with the names in a local heap (III.D). Refers to the file it was read
// from.
//
// A name is looked for as libhdf5 does, by binary search over keys and entries, so that even in a damaged
// group both find the same object or none.
class Group {
 public:
  static Result<Group> open(CachedFile& file, const Superblock& superblock, const SymbolTable& table);

  // Address of a member's object header; empty: no such member. declined: a soft or external link.
  Result<std::optional<std::uint64_t>> find(std::string_view name) const;
  // declined: more than kMaxNames members, or one with a name over kMaxTextBytes.
  Result<std::vector<std::string>> names() const;

 private:
  struct SymbolNode {
    std::uint64_t address;
    std::uint16_t entries;
  };

  Group(CachedFile& file, const Superblock& superblock) : file_(&file), superblock_(superblock) {}
  Result<TreeNode> treeNode(std::uint64_t address) const;
  Result<SymbolNode> symbolNode(std::uint64_t address) const;
  // Below, at or above zero as `name` sorts before, is, or sorts after the name at this offset of the heap.
  Result<int> compare(std::string_view name, std::uint64_t heapOffset) const;
  Result<std::string> nameAt(std::uint64_t heapOffset) const;
  Result<std::optional<std::uint64_t>> findInSymbols(const SymbolNode& node, std::string_view name) const;
  Status collectNames(const TreeNode& node, unsigned& visited, std::vector<std::string>& names) const;

  CachedFile* file_;
  Superblock superblock_;
  std::uint64_t tree_ = 0;
  std::uint64_t namesAddress_ = 0;
  std::uint64_t namesBytes_ = 0;
};

}  // namespace pointing
