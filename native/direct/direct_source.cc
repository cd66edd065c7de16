#include "direct/direct_source.h"

#include <array>

#include "core/little_endian.h"
#include "direct/direct_array.h"
#include "direct/global_heap.h"

namespace pointing {

Result<DirectSource> DirectSource::open(CachedFile& file) {
  auto superblock = readSuperblock(file);
  if (!superblock) return superblock.failure();
  return DirectSource(file, *superblock);
}

Result<bool> DirectSource::has(std::string_view path) {
  auto found = object(path);
  if (!found) return found.failure();
  return found->has_value();
}

Result<std::optional<Scalar>> DirectSource::scalar(std::string_view path) {
  auto found = object(path);
  if (!found) return found.failure();
  if (!*found) return std::optional<Scalar>();
  if (!(*found)->isDataset()) return declined("not a dataset");
  const Datatype& type = *(*found)->datatype;
  if (type.isNumber()) {
    auto values = DirectArray::open(*file_, **found);
    if (!values) return values.failure();
    if (values->length() == 0) return std::optional<Scalar>();
    if (values->length() != 1) return declined("an array for a scalar");
    auto value = values->at(0);
    if (!value) return value.failure();
    return std::optional<Scalar>(*value);
  }
  const Dataspace& space = *(*found)->dataspace;
  const Layout& layout = *(*found)->layout;
  if (space.isNull) return std::optional<Scalar>();
  if (space.elements != 1 || layout.isChunked || layout.sizeBytes != type.sizeBytes ||
      !file_->contains(layout.address, layout.sizeBytes)) {
    return declined("an unusual string");
  }
  if (type.kind == ElementKind::heapText) {
    auto text = readHeapText(*file_, layout.address);
    if (!text) return text.failure();
    return std::optional<Scalar>(*std::move(text));
  }
  std::array<char, kMaxTextBytes> text;
  if (type.sizeBytes > text.size()) return declined("a long string");
  Status read = file_->readAt(layout.address, std::as_writable_bytes(std::span(text).first(type.sizeBytes)));
  if (!read) return read.failure();
  return std::optional<Scalar>(std::string(text.data(), strnlen(text.data(), type.sizeBytes)));
}

Result<std::unique_ptr<NumberArray>> DirectSource::openArray(std::string_view path) {
  auto found = object(path);
  if (!found) return found.failure();
  if (!*found) return std::unique_ptr<NumberArray>();
  if (!(*found)->isDataset() || !(*found)->datatype->isNumber()) return declined("not an array of numbers");
  auto opened = DirectArray::open(*file_, **found);
  if (!opened) return opened.failure();
  return std::unique_ptr<NumberArray>(std::make_unique<DirectArray>(*std::move(opened)));
}

Result<std::optional<std::vector<std::string>>> DirectSource::names(std::string_view path) {
  auto found = group(path);
  if (!found) return found.failure();
  if (!*found) return std::optional<std::vector<std::string>>();
  auto names = (*found)->names();
  if (!names) return names.failure();
  return std::optional(*std::move(names));
}

Result<std::optional<ObjectHeader>> DirectSource::object(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::string_view name = slash == path.npos ? path : path.substr(slash + 1);
  if (name.empty() || name == ".") return declined("a path with an empty part");
  auto parent = group(slash == path.npos ? std::string_view() : path.substr(0, slash));
  if (!parent) return parent.failure();
  if (!*parent) return std::optional<ObjectHeader>();
  auto address = (*parent)->find(name);
  if (!address) return address.failure();
  if (!*address) return std::optional<ObjectHeader>();
  auto header = readObjectHeader(*file_, **address);
  if (!header) return header.failure();
  if (!header->isGroup() && !header->isDataset()) return declined("neither a group nor a dataset");
  return std::optional(*header);
}

Result<std::optional<Group>> DirectSource::group(std::string_view path) {
  if (const auto known = groups_.find(path); known != groups_.end()) return known->second;
  std::optional<ObjectHeader> header;
  if (path.empty()) {
    auto root = readObjectHeader(*file_, superblock_.rootHeader);
    if (!root) return root.failure();
    header = *root;
  } else {
    auto found = object(path);
    if (!found) return found.failure();
    header = *found;
  }
  std::optional<Group> result;
  if (header) {
    if (!header->isGroup()) return declined("a dataset for a group");
    auto opened = Group::open(*file_, superblock_, *header->symbolTable);
    if (!opened) return opened.failure();
    result = *opened;
  }
  groups_.emplace(path, result);
  return result;
}

}  // namespace pointing
