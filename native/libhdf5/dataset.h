#pragma once
#include <string>
#include <string_view>

#include "core/deadline.h"
#include "libhdf5/handle.h"
#include "uvh5/header_source.h"

namespace pointing {

// A compressed chunk is decompressed whole, into libhdf5's cache, which is as large as this. The child that
// libhdf5 runs in has memory for some of them.
inline constexpr std::uint64_t kMaxFilteredChunkBytes = std::uint64_t{64} << 20;

// Of an array that is read whole: libhdf5 takes up to some microseconds for each, whatever it holds.
inline constexpr std::uint64_t kMaxChunks = std::uint64_t{1} << 22;

// An open dataset with at most one dimension longer than one.
class Dataset : public NumberArray {
 public:
  // bad_type: not a dataset, or more dimensions; unsupported: its values lie in other files, or compressed in
  // chunks over kMaxFilteredChunkBytes.
  static Result<Dataset> open(ObjectHandle object, std::string_view path, const Deadline& deadline);

  // Whether a value was ever written, or the writer has said what stands for one that was not; else libhdf5
  // would give 0. True as well where space was set aside when the dataset was made: compact, or by request.
  bool isWritten() const;
  bool isNumber() const;
  bool isText() const;
  std::uint64_t length() const override { return length_; }  // 0 for a null dataspace
  bool holdsDoubles() const override;
  const std::string& path() const { return path_; }

  Result<double> at(std::uint64_t index) override;
  // unsupported: more than kMaxChunks. timeout: the deadline passed meanwhile. A call of libhdf5 itself is
  // not interrupted.
  Status forEachPiece(const Visitor& visit) override;
  // The only element, text. bad_type: longer than kMaxTextBytes.
  Result<std::string> text();

 private:
  Dataset(ObjectHandle object, TypeHandle type, SpaceHandle space, std::uint64_t length,
          std::string_view path, const Deadline& deadline)
      : object_(std::move(object)),
        type_(std::move(type)),
        space_(std::move(space)),
        length_(length),
        path_(path),
        deadline_(deadline) {}
  Status checkChunks() const;
  Status readNumbers(std::uint64_t first, std::span<double> values);

  ObjectHandle object_;
  TypeHandle type_;
  SpaceHandle space_;
  std::uint64_t length_;
  std::size_t longDimension_ = 0;
  std::string path_;
  Deadline deadline_;
};

}  // namespace pointing
