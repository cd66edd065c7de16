#pragma once
#include <string>
#include <string_view>

namespace pointing {

// The shortest decimal text that reads back as the same number; nan and inf by name.
std::string formatNumber(double value);

// Text out of a file made fit for a one-line message: at most 64 bytes, everything but printable ASCII as
// '?'.
std::string printable(std::string_view text);

}  // namespace pointing
