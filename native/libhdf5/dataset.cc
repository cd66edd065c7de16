#include "libhdf5/dataset.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "libhdf5/error_stack.h"

namespace pointing {

namespace {

// Why the way in which a dataset's values are stored keeps them from being read.
Status checkStorage(const ObjectHandle& dataset, const TypeHandle& type, std::string_view path) {
  const auto unsupported = [&](const std::string& why) {
    return Failure{ErrorCode::unsupported, std::string(path) + why};
  };
  const PropertiesHandle properties(H5Dget_create_plist(dataset.get()));
  const H5D_layout_t layout = H5Pget_layout(properties.get());
  if (layout == H5D_VIRTUAL || H5Pget_external_count(properties.get()) > 0) {
    return unsupported(" stores its values in other files");
  }
  if (layout != H5D_CHUNKED || H5Pget_nfilters(properties.get()) <= 0) return Done{};
  std::array<hsize_t, H5S_MAX_RANK> sides;
  const int rank = H5Pget_chunk(properties.get(), static_cast<int>(sides.size()), sides.data());
  std::uint64_t bytes = H5Tget_size(type.get());
  for (int i = 0; i < rank && bytes <= kMaxFilteredChunkBytes; ++i) {
    bytes *= sides[static_cast<std::size_t>(i)];
  }
  if (bytes <= kMaxFilteredChunkBytes) return Done{};
  return unsupported(" is compressed in chunks of more than " + std::to_string(kMaxFilteredChunkBytes >> 20) +
                     " MiB; write it in smaller ones");
}

// A string of variable length that libhdf5 has allocated.
struct HeapString {
  char* characters = nullptr;
  ~HeapString() { H5free_memory(characters); }
};

}  // namespace

Result<Dataset> Dataset::open(ObjectHandle object, std::string_view path, const Deadline& deadline) {
  const std::string doing = "open " + std::string(path);
  if (H5Iget_type(object.get()) != H5I_DATASET) return wrongType(path, "not a dataset", "one");
  TypeHandle type(H5Dget_type(object.get()));
  if (!type.valid()) return takeHdf5Failure(doing);
  // First: to find the extent of a virtual dataset, libhdf5 opens the files that hold its values.
  Status readable = checkStorage(object, type, path);
  if (!readable) return readable.failure();
  SpaceHandle space(H5Dget_space(object.get()));
  if (!space.valid()) return takeHdf5Failure(doing);
  if (H5Sget_simple_extent_type(space.get()) == H5S_NULL) {
    return Dataset(std::move(object), std::move(type), std::move(space), 0, path, deadline);
  }
  std::array<hsize_t, H5S_MAX_RANK> sizes;
  const int rank = H5Sget_simple_extent_dims(space.get(), sizes.data(), nullptr);
  if (rank < 0) return takeHdf5Failure(doing);
  const auto shape = std::span(sizes).first(static_cast<std::size_t>(rank));
  const auto isLong = [](hsize_t size) { return size != 1; };
  if (std::ranges::count_if(shape, isLong) > 1) {
    return wrongType(path, "an array of " + std::to_string(rank) + " dimensions", "one at most");
  }
  const auto longest = std::ranges::find_if(shape, isLong);
  Dataset dataset(std::move(object), std::move(type), std::move(space), 1, path, deadline);
  if (longest != shape.end()) {
    dataset.length_ = *longest;
    dataset.longDimension_ = static_cast<std::size_t>(longest - shape.begin());
  }
  return dataset;
}

bool Dataset::isWritten() const {
  if (H5Dget_storage_size(object_.get()) > 0) return true;
  // 0 stands for an error too, such as a damaged part of an index: reading will tell.
  if (H5Eget_num(H5E_DEFAULT) > 0) return true;
  const PropertiesHandle properties(H5Dget_create_plist(object_.get()));
  H5D_fill_value_t fill = H5D_FILL_VALUE_DEFAULT;
  return H5Pfill_value_defined(properties.get(), &fill) >= 0 && fill == H5D_FILL_VALUE_USER_DEFINED;
}

bool Dataset::isNumber() const {
  const H5T_class_t kind = H5Tget_class(type_.get());
  return kind == H5T_INTEGER || kind == H5T_FLOAT;
}

bool Dataset::holdsDoubles() const {
  constexpr std::size_t kMantissaBits = 52;
  std::size_t sign, exponent, exponentBits, mantissa, mantissaBits;
  return H5Tget_class(type_.get()) == H5T_FLOAT &&
         H5Tget_fields(type_.get(), &sign, &exponent, &exponentBits, &mantissa, &mantissaBits) >= 0 &&
         mantissaBits >= kMantissaBits;
}

bool Dataset::isText() const { return H5Tget_class(type_.get()) == H5T_STRING; }

Result<double> Dataset::at(std::uint64_t index) {
  double value;
  Status read = readNumbers(index, {&value, 1});
  if (!read) return read.failure();
  return value;
}

Status Dataset::checkChunks() const {
  const PropertiesHandle properties(H5Dget_create_plist(object_.get()));
  if (H5Pget_layout(properties.get()) != H5D_CHUNKED) return Done{};
  std::array<hsize_t, H5S_MAX_RANK> sides;
  const int rank = H5Pget_chunk(properties.get(), static_cast<int>(sides.size()), sides.data());
  if (rank < 0) return takeHdf5Failure("find the chunks of " + path_);
  if (length_ / std::max<hsize_t>(sides[longDimension_], 1) <= kMaxChunks) return Done{};
  return Failure{ErrorCode::unsupported, path_ + " is stored in more than " + std::to_string(kMaxChunks) +
                                             " chunks; write it in larger ones"};
}

Status Dataset::forEachPiece(const Visitor& visit) {
  constexpr std::uint64_t kPieceLength = 8192;
  Status readable = checkChunks();
  if (!readable) return readable;
  std::vector<double> values(kPieceLength);
  for (std::uint64_t start = 0; start < length_; start += kPieceLength) {
    if (deadline_.isPast()) return deadline_.failure(ErrorCode::timeout);
    const auto piece = std::span(values).first(std::min(kPieceLength, length_ - start));
    Status read = readNumbers(start, piece);
    if (!read) return read;
    if (!visit(piece)) break;
  }
  return Done{};
}

Status Dataset::readNumbers(std::uint64_t first, std::span<double> values) {
  const hsize_t count = values.size();
  const SpaceHandle memory(H5Screate_simple(1, &count, nullptr));
  std::array<hsize_t, H5S_MAX_RANK> starts{}, counts;
  counts.fill(1);
  starts[longDimension_] = first;
  counts[longDimension_] = count;
  const bool isArray = H5Sget_simple_extent_ndims(space_.get()) > 0;
  if (isArray &&
      H5Sselect_hyperslab(space_.get(), H5S_SELECT_SET, starts.data(), nullptr, counts.data(), nullptr) < 0) {
    return takeHdf5Failure("select from " + path_);
  }
  if (H5Dread(object_.get(), H5T_NATIVE_DOUBLE, memory.get(), space_.get(), H5P_DEFAULT, values.data()) < 0) {
    return takeHdf5Failure("read " + path_);
  }
  return Done{};
}

Result<std::string> Dataset::text() {
  if (H5Tis_variable_str(type_.get()) > 0) {
    HeapString text;
    if (H5Dread(object_.get(), type_.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, &text.characters) < 0) {
      return takeHdf5Failure("read " + path_);
    }
    const std::size_t bytes = text.characters ? strnlen(text.characters, kMaxTextBytes + 1) : 0;
    if (bytes > kMaxTextBytes) return wrongType(path_, "a long text", "one of 256 bytes at most");
    return std::string(text.characters ? text.characters : "", bytes);
  }
  std::array<char, kMaxTextBytes> text;
  const std::size_t bytes = H5Tget_size(type_.get());
  if (bytes > text.size()) return wrongType(path_, "a long text", "one of 256 bytes at most");
  if (H5Dread(object_.get(), type_.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, text.data()) < 0) {
    return takeHdf5Failure("read " + path_);
  }
  return std::string(text.data(), strnlen(text.data(), bytes));
}

}  // namespace pointing
