#include "direct/group.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "core/little_endian.h"
#include "uvh5/header_source.h"

namespace pointing {

namespace {

constexpr std::uint64_t kSymbolBytes = 40;
constexpr std::uint16_t kMaxK = 1024;  // a bound for a node's size; 4 and 16 are usual
constexpr unsigned kMaxVisitedNodes = 1024;

// Scratch-pad contents of a symbol table entry (III.C) that make it a hard link.
bool isHardLink(std::uint32_t cacheType) { return cacheType == 0 || cacheType == 1; }

}  // namespace

Result<Group> Group::open(CachedFile& file, const Superblock& superblock, const SymbolTable& table) {
  if (superblock.groupLeafK > kMaxK || superblock.groupNodeK > kMaxK)
    return declined("very large group nodes");
  // Local heap: "HEAP", version and padding, size of the names, free list, address of the names.
  std::array<std::byte, 32> heap;
  Status read = file.readAt(table.heap, heap);
  if (!read) return read.failure();
  constexpr std::array<std::uint8_t, 8> kHeapVersion0 = {'H', 'E', 'A', 'P', 0, 0, 0, 0};
  Group group(file, superblock);
  group.tree_ = table.tree;
  group.namesBytes_ = littleEndianAt<std::uint64_t>(heap, 8);
  group.namesAddress_ = littleEndianAt<std::uint64_t>(heap, 24);
  if (std::memcmp(heap.data(), kHeapVersion0.data(), kHeapVersion0.size()) != 0 ||
      !file.contains(group.namesAddress_, group.namesBytes_)) {
    return declined("an unknown or cut off local heap");
  }
  return group;
}

Result<TreeNode> Group::treeNode(std::uint64_t address) const {
  constexpr std::uint64_t kKeyBytes = 8;  // a key is the heap offset of a name
  return readTreeNode(*file_, address, TreeType::group, kKeyBytes, 2u * superblock_.groupNodeK);
}

Result<Group::SymbolNode> Group::symbolNode(std::uint64_t address) const {
  std::array<std::byte, 8> bytes;  // "SNOD", version, reserved, entries
  Status read = file_->readAt(address, bytes);
  if (!read) return read.failure();
  const unsigned capacity = 2u * superblock_.groupLeafK;
  const auto entries = littleEndianAt<std::uint16_t>(bytes, 6);
  if (std::memcmp(bytes.data(), "SNOD\1", 5) != 0 || entries > capacity ||
      !file_->contains(address, bytes.size() + capacity * kSymbolBytes)) {
    return declined("an unknown or cut off symbol table node");
  }
  return SymbolNode{address + bytes.size(), entries};
}

Result<int> Group::compare(std::string_view name, std::uint64_t heapOffset) const {
  std::array<char, kMaxTextBytes + 1> there;
  if (heapOffset > namesBytes_ || name.size() >= there.size()) return declined("a name outside its heap");
  const std::size_t bytes = std::min<std::uint64_t>(name.size() + 1, namesBytes_ - heapOffset);
  Status read =
      file_->readAt(namesAddress_ + heapOffset, std::as_writable_bytes(std::span(there).first(bytes)));
  if (!read) return read.failure();
  for (std::size_t i = 0; i < bytes; ++i) {
    const int mine = i < name.size() ? static_cast<unsigned char>(name[i]) : 0;
    const int theirs = static_cast<unsigned char>(there[i]);
    if (mine != theirs) return mine - theirs;
    if (mine == 0) return 0;
  }
  return declined("a name without an end");
}

Result<std::optional<std::uint64_t>> Group::find(std::string_view name) const {
  const std::optional<std::uint64_t> absent;
  std::uint64_t address = tree_;
  for (int level = kMaxTreeLevel + 1; level > 0;) {
    auto node = treeNode(address);
    if (!node) return node.failure();
    if (node->level >= level) return declined("a B-tree node on a wrong level");
    level = node->level;
    // Child i holds the names after key i up to and with key i + 1.
    std::uint64_t low = 0, high = node->entries, middle = 0;
    bool found = false;
    while (low < high && !found) {
      middle = (low + high) / 2;
      auto left = file_->number<std::uint64_t>(node->keyAt(middle));
      auto right = file_->number<std::uint64_t>(node->keyAt(middle + 1));
      if (!left) return left.failure();
      if (!right) return right.failure();
      auto toLeft = compare(name, *left);
      if (!toLeft) return toLeft.failure();
      if (*toLeft <= 0) {
        high = middle;
        continue;
      }
      auto toRight = compare(name, *right);
      if (!toRight) return toRight.failure();
      if (*toRight > 0) {
        low = middle + 1;
      } else {
        found = true;
      }
    }
    if (!found) return absent;
    auto child = file_->number<std::uint64_t>(node->childAt(middle));
    if (!child) return child.failure();
    address = *child;
  }
  auto symbols = symbolNode(address);
  if (!symbols) return symbols.failure();
  return findInSymbols(*symbols, name);
}

Result<std::optional<std::uint64_t>> Group::findInSymbols(const SymbolNode& node,
                                                          std::string_view name) const {
  for (std::uint64_t low = 0, high = node.entries; low < high;) {
    const std::uint64_t middle = (low + high) / 2;
    std::array<std::byte, kSymbolBytes>
        symbol;  // heap offset of the name, address, what is cached, padding, cache
    Status read = file_->readAt(node.address + middle * kSymbolBytes, symbol);
    if (!read) return read.failure();
    auto order = compare(name, littleEndianAt<std::uint64_t>(symbol, 0));
    if (!order) return order.failure();
    if (*order < 0) {
      high = middle;
    } else if (*order > 0) {
      low = middle + 1;
    } else {
      if (!isHardLink(littleEndianAt<std::uint32_t>(symbol, 16))) return declined("a soft link");
      return std::optional(littleEndianAt<std::uint64_t>(symbol, 8));
    }
  }
  return std::optional<std::uint64_t>();
}

Result<std::vector<std::string>> Group::names() const {
  auto root = treeNode(tree_);
  if (!root) return root.failure();
  unsigned visited = 0;
  std::vector<std::string> names;
  Status collected = collectNames(*root, visited, names);
  if (!collected) return collected.failure();
  return names;
}

// The depth of the recursion is bounded by the levels, which must fall.
Status Group::collectNames(const TreeNode& node, unsigned& visited, std::vector<std::string>& names) const {
  for (std::uint64_t i = 0; i < node.entries; ++i) {
    if (++visited > kMaxVisitedNodes) return declined("a group with very many members");
    auto child = file_->number<std::uint64_t>(node.childAt(i));
    if (!child) return child.failure();
    if (node.level > 0) {
      auto inner = treeNode(*child);
      if (!inner) return inner.failure();
      if (inner->level >= node.level) return declined("a B-tree node on a wrong level");
      Status collected = collectNames(*inner, visited, names);
      if (!collected) return collected;
      continue;
    }
    auto symbols = symbolNode(*child);
    if (!symbols) return symbols.failure();
    for (std::uint64_t symbol = 0; symbol < symbols->entries; ++symbol) {
      auto offset = file_->number<std::uint64_t>(symbols->address + symbol * kSymbolBytes);
      if (!offset) return offset.failure();
      auto name = nameAt(*offset);
      if (!name) return name.failure();
      if (names.size() == kMaxNames) return declined("a group with very many members");
      names.push_back(*std::move(name));
    }
  }
  return Done{};
}

Result<std::string> Group::nameAt(std::uint64_t heapOffset) const {
  std::array<char, kMaxTextBytes + 1> name;
  if (heapOffset > namesBytes_) return declined("a name outside its heap");
  const std::size_t bytes = std::min<std::uint64_t>(name.size(), namesBytes_ - heapOffset);
  Status read =
      file_->readAt(namesAddress_ + heapOffset, std::as_writable_bytes(std::span(name).first(bytes)));
  if (!read) return read.failure();
  const std::size_t length = strnlen(name.data(), bytes);
  if (length == bytes) return declined("a name without an end");
  return std::string(name.data(), length);
}

}  // namespace pointing
