#pragma once
#include "direct/cached_file.h"
#include "direct/object_header.h"
#include "uvh5/header_source.h"

namespace pointing {

// Numbers stored contiguous, compact, or in unfiltered chunks of one dimension; a scalar is an array of one,
// a null dataspace an array of none. Refers to the file.
class DirectArray : public NumberArray {
 public:
  // `header` is a dataset's, of numbers. declined: more dimensions, sizes that do not agree, no storage.
  static Result<DirectArray> open(CachedFile& file, const ObjectHeader& header);

  std::uint64_t length() const override { return length_; }
  bool holdsDoubles() const override { return type_.kind == ElementKind::floating && type_.sizeBytes == 8; }
  Result<double> at(std::uint64_t index) override;
  // declined: very long, which libhdf5 may take its time for.
  Status forEachPiece(const Visitor& visit) override;

 private:
  DirectArray(CachedFile& file, const Datatype& type, const Layout& layout, std::uint64_t length)
      : file_(&file), type_(type), layout_(layout), length_(length) {}
  // Where element `index` lies, and how many from there on lie together.
  struct Run {
    std::uint64_t address;
    std::uint64_t length;
  };
  Result<Run> runAt(std::uint64_t index);

  CachedFile* file_;
  Datatype type_;
  Layout layout_;
  std::uint64_t length_;
};

}  // namespace pointing
