#pragma once
#include <span>
#include <string>

namespace pointing {

// A UVH5 file of some kilobytes on disk that claims, or costs its reader, very much more.
struct HostileKind {
  const char* name;
  const char* code;  // what reading it must end as: a code of the catalogue, or "read"
  void (*write)(const std::string& path);
};

std::span<const HostileKind> hostileKinds();

}  // namespace pointing
