#include "direct/direct_reader.h"

#include <bit>

#include "direct/direct_source.h"

namespace pointing {

Result<PointingHeader> DirectReader::readFrom(ByteSource& file) {
  if constexpr (std::endian::native != std::endian::little) {
    return declined("this host's byte order is not little-endian");
  }
  Status begun = cache_.begin(file);
  if (!begun) return begun.failure();
  auto source = DirectSource::open(cache_);
  if (!source) return source.failure();
  auto header = readPointingHeader(*source);
  if (header) cache_.learnPages();
  return header;
}

}  // namespace pointing
