#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "simulator/options.h"

namespace simulator {

// Each reads a whole text and gives nothing where it is malformed or out of range.

std::optional<double> parseNumber(std::string_view text, double min, double max);
std::optional<std::uint64_t> parseCount(std::string_view text, std::uint64_t min, std::uint64_t max);
std::optional<double> parseUtc(const std::string& text);  // 2025-10-01T00:00:00 as Unix time, seconds
std::optional<Arrival> parseArrival(std::string_view text);
std::optional<std::vector<DeclinationStep>> parseDeclinationSteps(
    std::string_view text);  // 54.57:100,16.24:50

std::vector<std::string_view> split(std::string_view text, char separator);

}  // namespace simulator
