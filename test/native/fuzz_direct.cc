// libFuzzer target: any bytes as a file for the direct reader, which must stay within its bounds and its
// time. One reader lives through all cases, so that hints learnt from one file meet every other.
#include <cstddef>
#include <cstdint>

#include "direct/direct_reader.h"
#include "memory_source.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static pointing::DirectReader reader;
  pointing::MemorySource file(std::as_bytes(std::span(data, size)));
  (void)reader.readFrom(file).ok();
  return 0;
}
