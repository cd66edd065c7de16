#include "astrometry/text_file.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <memory>

namespace pointing {
namespace {

constexpr bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

Result<std::string> readTextFile(const std::string& path, std::size_t maxBytes) {
  const auto unreadable = [&path] {
    return Failure{ErrorCode::io_error, "cannot read " + path + ": " + std::strerror(errno)};
  };
  const std::unique_ptr<std::FILE, FileCloser> file(std::fopen(path.c_str(), "rbe"));
  if (!file) return unreadable();
  std::string text;
  std::array<char, 1 << 16> chunk;
  while (const std::size_t size = std::fread(chunk.data(), 1, chunk.size(), file.get())) {
    text.append(chunk.data(), size);
    if (text.size() > maxBytes) {
      return Failure{ErrorCode::bad_type, path + " has more than " + std::to_string(maxBytes) + " bytes"};
    }
  }
  if (std::ferror(file.get())) return unreadable();
  return text;
}

std::optional<std::string_view> takeLine(std::string_view& text) {
  if (text.empty()) return std::nullopt;
  const std::string_view line = text.substr(0, text.find('\n'));
  text.remove_prefix(line.size() < text.size() ? line.size() + 1 : line.size());
  return line;
}

std::string_view takeWord(std::string_view& line) {
  const auto start = std::find_if_not(line.begin(), line.end(), isBlank);
  const auto end = std::find_if(start, line.end(), isBlank);
  const std::string_view word(start, end);
  line = std::string_view(end, line.end());
  return word;
}

std::optional<double> takeNumber(std::string_view& line) {
  const std::string_view word = takeWord(line);
  double value = 0.0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
  return value;
}

}  // namespace pointing
