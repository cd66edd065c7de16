#pragma once
#include <string>

namespace pointing {

// Whether a file's base name is one that the pattern means: a shell glob (POSIX fnmatch). A hidden name needs
// a pattern that begins with a dot, and a name with `_incomplete` in it, which the correlator is still
// writing, never matches. Bytes are compared as they are, without a locale.
bool matches(const std::string& name, const std::string& pattern);

}  // namespace pointing
