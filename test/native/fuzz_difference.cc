// libFuzzer target: where both readers answer, they give the same to the last bit. libhdf5 runs in a child.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "direct/direct_reader.h"
#include "guarded_libhdf5.h"
#include "memory_source.h"

using namespace pointing;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static DirectReader reader;
  static GuardedLibhdf5 libhdf5;
  if (size == 0) return 0;  // an empty file never reaches a reader
  const auto bytes = std::as_bytes(std::span(data, size));
  MemorySource file(bytes);
  const auto header = reader.readFrom(file);
  if (!header && header.failure().code == ErrorCode::declined) return 0;
  const std::string direct = describe(header);
  auto other = libhdf5.answer(bytes);
  if (!other || *other == direct) return 0;
  // Again, by a child whose memory no file before can have damaged.
  other = libhdf5.freshAnswer(bytes);
  if (!other || *other == direct) return 0;
  std::fprintf(stderr, "direct:  %s\nlibhdf5: %s\n", direct.c_str(), other->c_str());
  std::abort();
}
