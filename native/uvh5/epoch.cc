#include "uvh5/epoch.h"

#include <charconv>
#include <string>

#include "core/text.h"

namespace pointing {

Result<std::optional<Epoch>> readEpoch(HeaderSource& source, std::string_view path, Frame frame) {
  auto scalar = source.scalar(path);
  if (!scalar) return scalar.failure();
  if (!*scalar) return std::optional<Epoch>();
  Epoch epoch{.year = 0, .isBesselian = frame == Frame::fk4};
  if (const double* number = std::get_if<double>(&**scalar)) {
    epoch.year = *number;
    return std::optional(epoch);
  }
  std::string_view text = withoutPadding(std::get<std::string>(**scalar));
  if (text.starts_with('J') || text.starts_with('B')) {
    epoch.isBesselian = text.front() == 'B';
    text.remove_prefix(1);
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), epoch.year);
  if (error == std::errc() && end == text.data() + text.size()) return std::optional(epoch);
  return Failure{ErrorCode::unsupported, std::string(path) + " is \"" +
                                             printable(std::get<std::string>(**scalar)) +
                                             "\"; known are years such as 2000, J2000 and B1950"};
}

}  // namespace pointing
