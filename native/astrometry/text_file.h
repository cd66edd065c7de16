#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace pointing {

// The whole of a vendored text file. Fails with io_error if it cannot be read, bad_type if it is above
// maxBytes; the message names the path.
Result<std::string> readTextFile(const std::string& path, std::size_t maxBytes);

// Takes the next line, without its end, off the front of text. Nothing when text is empty.
std::optional<std::string_view> takeLine(std::string_view& text);

// Takes the next word off the front of line; empty when only blanks are left.
std::string_view takeWord(std::string_view& line);

// Takes the next word as a number; nothing if there is none or not all of the word is a number.
std::optional<double> takeNumber(std::string_view& line);

}  // namespace pointing
