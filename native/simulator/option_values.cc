#include "simulator/option_values.h"

#include <charconv>
#include <cmath>
#include <ctime>

namespace simulator {
namespace {

template <typename T>
std::optional<T> parseWhole(std::string_view text, T min, T max) {
  T value{};
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  // The negation also refuses a value that is not a number.
  if (error != std::errc{} || rest != end || !(value >= min && value <= max)) return std::nullopt;
  return value;
}

}  // namespace

std::optional<double> parseNumber(std::string_view text, double min, double max) {
  return parseWhole(text, min, max);
}

std::optional<std::uint64_t> parseCount(std::string_view text, std::uint64_t min, std::uint64_t max) {
  return parseWhole(text, min, max);
}

std::optional<double> parseUtc(const std::string& text) {
  std::tm utc{};
  const char* rest = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &utc);
  if (rest == nullptr || *rest != '\0') return std::nullopt;
  const std::tm given = utc;
  const std::time_t seconds = timegm(&utc);
  // timegm carries a day that the month does not have into the next month.
  if (utc.tm_mday != given.tm_mday || utc.tm_sec != given.tm_sec) return std::nullopt;
  return static_cast<double>(seconds);
}

std::optional<Arrival> parseArrival(std::string_view text) {
  if (text == "rename") return Arrival::rename;
  if (text == "in-place") return Arrival::inPlace;
  if (text == "rsync") return Arrival::rsync;
  return std::nullopt;
}

std::optional<std::vector<DeclinationStep>> parseDeclinationSteps(std::string_view text) {
  std::vector<DeclinationStep> steps;
  for (const std::string_view step : split(text, ',')) {
    const auto parts = split(step, ':');
    if (parts.size() != 2) return std::nullopt;
    const auto decDeg = parseNumber(parts[0], -90, 90);
    const auto count = parseCount(parts[1], 1, UINT32_MAX);
    if (!decDeg || !count) return std::nullopt;
    steps.push_back({*decDeg, *count});
  }
  return steps;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

}  // namespace simulator
