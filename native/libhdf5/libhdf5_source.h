#pragma once
#include "core/deadline.h"
#include "libhdf5/handle.h"
#include "uvh5/header_source.h"

namespace pointing {

// The header of a file as libhdf5 reads it, whatever its layout, filters, byte order and number types. It
// never opens another file: external links, external storage and virtual datasets are unsupported. Refers to
// the file's handle.
class Libhdf5Source : public HeaderSource {
 public:
  Libhdf5Source(const FileHandle& file, const Deadline& deadline);
  Libhdf5Source(const Libhdf5Source&) = delete;
  Libhdf5Source& operator=(const Libhdf5Source&) = delete;

  Result<bool> has(std::string_view path) override;
  Result<std::optional<Scalar>> scalar(std::string_view path) override;
  Result<std::optional<std::vector<std::string>>> names(std::string_view path) override;

 private:
  Result<std::unique_ptr<NumberArray>> openArray(std::string_view path) override;
  Result<ObjectHandle> object(std::string_view path);  // an invalid handle: absent

  Failure takeFailure(std::string_view doing, std::string_view path);

  const FileHandle* file_;
  Deadline deadline_;
  PropertiesHandle linkAccess_;
  bool metExternalLink_ = false;  // set by libhdf5 through linkAccess_
};

}  // namespace pointing
