#include "direct/direct_reader.h"

#include <bit>

#include "direct/direct_source.h"

namespace pointing {

Result<PointingHeader> DirectReader::readFrom(ByteSource& file, const Deadline& deadline) {
  if constexpr (std::endian::native != std::endian::little) return declined("a big-endian host");
  Status begun = cache_.begin(file, deadline);
  if (!begun) return begun.failure();
  auto source = DirectSource::open(cache_);
  if (!source) return source.failure();
  auto header = readPointingHeader(*source);
  if (header) cache_.learnPages();
  return header;
}

}  // namespace pointing
