#include "scan/name_pattern.h"

#include <fnmatch.h>

namespace pointing {

bool matches(const std::string& name, const std::string& pattern) {
  return fnmatch(pattern.c_str(), name.c_str(), FNM_PERIOD) == 0 &&
         name.find("_incomplete") == std::string::npos;
}

}  // namespace pointing
