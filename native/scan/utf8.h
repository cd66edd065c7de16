#pragma once
#include <string>
#include <string_view>

namespace pointing {

// As in RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
bool isUtf8(std::string_view bytes);

// Text to show: each byte beyond ASCII becomes \xNN.
std::string escapeBytes(std::string_view bytes);

}  // namespace pointing
