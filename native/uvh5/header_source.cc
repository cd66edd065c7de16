#include "uvh5/header_source.h"

namespace pointing {

Failure wrongType(std::string_view path, std::string_view found, std::string_view expected) {
  return {ErrorCode::bad_type,
          std::string(path).append(" is ").append(found).append(", expected ").append(expected)};
}

Result<std::unique_ptr<NumberArray>> HeaderSource::array(std::string_view path) {
  auto opened = openArray(path);
  if (opened && *opened && (*opened)->length() > kMaxArrayLength) {
    return Failure{ErrorCode::out_of_range, std::string(path) + " claims " +
                                                std::to_string((*opened)->length()) +
                                                " values, more than any array writes"};
  }
  return opened;
}

Result<std::optional<double>> readNumber(HeaderSource& source, std::string_view path) {
  auto scalar = source.scalar(path);
  if (!scalar) return scalar.failure();
  if (!*scalar) return std::optional<double>();
  if (const double* number = std::get_if<double>(&**scalar)) return std::optional(*number);
  return wrongType(path, "text", "a number");
}

Result<std::optional<std::string>> readText(HeaderSource& source, std::string_view path) {
  auto scalar = source.scalar(path);
  if (!scalar) return scalar.failure();
  if (!*scalar) return std::optional<std::string>();
  std::string* text = std::get_if<std::string>(&**scalar);
  if (!text) return wrongType(path, "a number", "text");
  text->resize(withoutPadding(*text).size());
  return std::optional(std::move(*text));
}

}  // namespace pointing
