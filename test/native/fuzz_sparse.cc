// libFuzzer target: a file of any size, of which the input is the head and the rest a hole. Its last byte
// gives the size. The direct reader keeps within its bounds of work, which stand for time, and where both
// readers answer they give the same.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "direct/direct_reader.h"
#include "guarded_libhdf5.h"
#include "memory_source.h"

using namespace pointing;

namespace {

// As in cached_file.cc, with room for the access that notices.
constexpr unsigned kMaxReads = (1 << 18) + 16;
constexpr std::uint64_t kMaxBytesRead = std::uint64_t{260} << 20;
constexpr unsigned kMaxDoublings = 43;  // ext4 has files of up to 16 TiB
constexpr std::size_t kEndOfFileAddress = 40, kSuperblockBytes = 96;

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t length) {
  static DirectReader reader;
  static GuardedLibhdf5 libhdf5;
  if (length <= kSuperblockBytes) return 0;
  const std::uint64_t claimed = std::uint64_t{1} << data[length - 1] % (kMaxDoublings + 1);
  const std::uint64_t size = std::max<std::uint64_t>(claimed, length);
  std::vector<std::byte> head(length);
  std::memcpy(head.data(), data, length);
  // Of superblock 0: all of the file is in use.
  for (unsigned i = 0; i < 8; ++i) head[kEndOfFileAddress + i] = static_cast<std::byte>(size >> 8 * i & 0xff);

  MemorySource file(head, size);
  const auto header = reader.readFrom(file);
  require(file.reads <= kMaxReads, "too many reads");
  require(file.bytesRead <= kMaxBytesRead, "too much read");
  if (!header && header.failure().code == ErrorCode::declined) return 0;
  const std::string direct = describe(header);
  auto other = libhdf5.answer(head, size);
  if (other && *other != direct) other = libhdf5.freshAnswer(head, size);
  if (!other || *other == direct) return 0;
  std::fprintf(stderr, "size %llu\ndirect:  %s\nlibhdf5: %s\n", static_cast<unsigned long long>(size),
               direct.c_str(), other->c_str());
  std::abort();
}
