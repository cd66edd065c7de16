#include "scan/utf8.h"

#include <cstdio>

namespace pointing {
namespace {

unsigned char byteAt(std::string_view bytes, std::size_t i) { return static_cast<unsigned char>(bytes[i]); }

// Bytes in the sequence that starts with `lead`; 0 where none does.
std::size_t sequenceLength(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

// RFC 3629 section 4: after some leads the second byte has a narrower range than 80 to BF.
bool isSecondByte(unsigned char lead, unsigned char second) {
  const int min = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const int max = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  return second >= min && second <= max;
}

}  // namespace

bool isUtf8(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size();) {
    const unsigned char lead = byteAt(bytes, i);
    const std::size_t length = sequenceLength(lead);
    if (length == 0 || length > bytes.size() - i) return false;
    if (length > 1 && !isSecondByte(lead, byteAt(bytes, i + 1))) return false;
    for (std::size_t k = 2; k < length; ++k) {
      if ((byteAt(bytes, i + k) & 0xC0) != 0x80) return false;
    }
    i += length;
  }
  return true;
}

std::string escapeBytes(std::string_view bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    char escaped[5];
    std::snprintf(escaped, sizeof escaped, "\\x%02x", byteAt(bytes, i));
    text += byteAt(bytes, i) < 0x80 ? std::string(1, bytes[i]) : escaped;
  }
  return text;
}

}  // namespace pointing
