#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace pointing {

// The error catalogue. src/errors.ts lists the same codes in the same order; a test compares the two.
enum class ErrorCode : std::uint8_t {
  not_hdf5 = 1,
  truncated,
  locked,
  io_error,
  no_header,
  no_time_array,
  no_declination,
  no_hour_angle,
  bad_type,
  out_of_range,
  unsupported,
  crashed,
  timeout,
  // Never shown to a user: the direct reader has met a structure it does not know, and libhdf5 must decide.
  declined = 255,
};

// The names of the codes but `declined`, in the order of ErrorCode from 1.
inline constexpr std::array<std::string_view, 13> kErrorCodeNames = {
    "not_hdf5",      "truncated",      "locked",        "io_error", "no_header",
    "no_time_array", "no_declination", "no_hour_angle", "bad_type", "out_of_range",
    "unsupported",   "crashed",        "timeout"};

struct Failure {
  ErrorCode code;
  std::string message;  // what happened and to what, without the file's path, which the caller knows
};

// A value or the reason there is none. The core throws no exceptions of its own.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Failure failure) : state_(std::in_place_index<1>, std::move(failure)) {}

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }
  T& operator*() & { return *std::get_if<0>(&state_); }
  const T& operator*() const& { return *std::get_if<0>(&state_); }
  T&& operator*() && { return std::move(*std::get_if<0>(&state_)); }
  T* operator->() { return std::get_if<0>(&state_); }
  const T* operator->() const { return std::get_if<0>(&state_); }
  const Failure& failure() const { return *std::get_if<1>(&state_); }

 private:
  std::variant<T, Failure> state_;
};

// The Result of what has no value to give.
struct Done {};
using Status = Result<Done>;

}  // namespace pointing
