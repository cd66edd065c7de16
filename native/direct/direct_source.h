#pragma once
#include <map>
#include <string>

#include "direct/cached_file.h"
#include "direct/group.h"
#include "direct/object_header.h"
#include "direct/superblock.h"
#include "uvh5/header_source.h"

namespace pointing {

// The header of a file in the structures that the DSA-110 correlator's HDF5 writes. Refers to the file.
class DirectSource : public HeaderSource {
 public:
  static Result<DirectSource> open(CachedFile& file);

  Result<bool> has(std::string_view path) override;
  Result<std::optional<Scalar>> scalar(std::string_view path) override;
  Result<std::optional<std::vector<std::string>>> names(std::string_view path) override;

 private:
  Result<std::unique_ptr<NumberArray>> openArray(std::string_view path) override;
  DirectSource(CachedFile& file, const Superblock& superblock) : file_(&file), superblock_(superblock) {}
  Result<std::optional<ObjectHeader>> object(std::string_view path);
  Result<std::optional<Group>> group(std::string_view path);

  CachedFile* file_;
  Superblock superblock_;
  std::map<std::string, std::optional<Group>, std::less<>>
      groups_;  // by path, as far as looked up; empty: absent
};

}  // namespace pointing
