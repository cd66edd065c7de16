#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/result.h"

namespace pointing {

using Scalar = std::variant<double, std::string>;

// Bounds that every source keeps, whatever a file says.
inline constexpr std::size_t kMaxTextBytes = 256;
inline constexpr std::size_t kMaxNames = 1024;
// More than any array's telescope writes (baselines x integrations), few enough to be read in seconds.
inline constexpr std::uint64_t kMaxArrayLength = std::uint64_t{1} << 27;

// A dataset of numbers with at most one dimension longer than one, each converted to double. It refers to its
// source and file.
class NumberArray {
 public:
  using Visitor = std::function<bool(std::span<const double>)>;

  virtual ~NumberArray() = default;
  virtual std::uint64_t length() const = 0;
  // Whether a value in the file has all the digits of a double: floating-point, 8 bytes or more.
  virtual bool holdsDoubles() const = 0;
  virtual Result<double> at(std::uint64_t index) = 0;  // index < length()
  // Hands over all values in order, in pieces of a bounded size, until the visitor gives false.
  virtual Status forEachPiece(const Visitor& visit) = 0;
};

// What an HDF5 file holds, by path from its root ("Header/latitude"). Two readers give it; what it means is
// decided once, in readPointingHeader, so that their answers are the same.
//
// An absent object is an empty optional (a null pointer for arrays), as are a scalar without a value, and a
// dataset that was never written. Failures: bad_type: of another class or shape than asked; unsupported,
// not_hdf5, io_error: the file cannot be read; timeout: the time allowed for it is over; declined: only from
// the direct reader, a structure it does not know. One thread at a time.
class HeaderSource {
 public:
  virtual ~HeaderSource() = default;
  virtual Result<bool> has(std::string_view path) = 0;
  // A dataset of one element, number or text of at most kMaxTextBytes. Text ends at its first NUL.
  virtual Result<std::optional<Scalar>> scalar(std::string_view path) = 0;
  // out_of_range: it claims more than kMaxArrayLength values, however few bytes they take in the file.
  Result<std::unique_ptr<NumberArray>> array(std::string_view path);
  // Names in a group, at most kMaxNames.
  virtual Result<std::optional<std::vector<std::string>>> names(std::string_view path) = 0;

 private:
  virtual Result<std::unique_ptr<NumberArray>> openArray(std::string_view path) = 0;
};

// Text without the spaces that pad it.
inline std::string_view withoutPadding(std::string_view text) {
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

// A scalar that must be a number (or text), else bad_type. Text comes without padding.
Result<std::optional<double>> readNumber(HeaderSource& source, std::string_view path);
Result<std::optional<std::string>> readText(HeaderSource& source, std::string_view path);

// What a file can do without counts as absent where it is of another kind than asked.
template <typename T>
Result<T> orAbsent(Result<T> found) {
  if (found.ok()) return found;
  const ErrorCode code = found.failure().code;
  if (code == ErrorCode::bad_type || code == ErrorCode::out_of_range) return T{};
  return found;
}

// The failure of a dataset of another kind than asked.
Failure wrongType(std::string_view path, std::string_view found, std::string_view expected);

}  // namespace pointing
