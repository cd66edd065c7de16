#include "core/text.h"

#include <charconv>

namespace pointing {

std::string formatNumber(double value) {
  char buffer[32];
  const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  return std::string(buffer, end);
}

std::string printable(std::string_view text) {
  constexpr std::size_t kMaxBytes = 64;
  std::string result(text.substr(0, kMaxBytes));
  for (char& c : result) {
    if (c < ' ' || c > '~') c = '?';
  }
  if (text.size() > kMaxBytes) result += "...";
  return result;
}

}  // namespace pointing
