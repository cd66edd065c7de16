#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "core/byte_source.h"
#include "core/deadline.h"
#include "core/little_endian.h"

namespace pointing {

// The direct reader's only way to a file's bytes: every access is checked against the file's end, and few of
// them cost a pread. The head of a file is read in one; a place farther on is read as a page, as large as
// what the file before needed there, since files of one shape keep their structures at the same offsets. That
// memory is a hint: it decides how much is read at once, never what. Owns its buffers (about 330 KB), borrows
// the file. One thread.
//
// All loops of the direct reader come through here, so this is where their work is bounded: by a number of
// accesses and bytes, which keeps the time short whatever a file claims, and by the deadline, against a slow
// disk.
class CachedFile : public ByteSource {
 public:
  CachedFile();

  // Begins with another file, which must outlive its use here.
  Status begin(ByteSource& file, const Deadline& deadline);
  // Nothing at or beyond this address is given any more.
  void setEnd(std::uint64_t end) { end_ = end; }
  // Remembers the far places of this file for the next one.
  void learnPages();

  std::uint64_t size() const override { return end_; }
  // declined: not all of it is within the file, or the file takes more accesses than one of a telescope's;
  // timeout: the deadline is past, by the disk's fault, since the work is bounded; it is worth another try.
  Status readAt(std::uint64_t offset, std::span<std::byte> out) override;
  // The same for a place that is read once: it takes no page.
  Status readOnce(std::uint64_t offset, std::span<std::byte> out);
  bool contains(std::uint64_t offset, std::uint64_t length) const {
    return offset <= end_ && length <= end_ - offset;
  }

  template <typename T>
  Result<T> number(std::uint64_t offset) {
    std::array<std::byte, sizeof(T)> bytes;
    Status read = readAt(offset, bytes);
    if (!read) return read.failure();
    return littleEndianAt<T>(bytes, 0);
  }

 private:
  struct Range {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    bool holds(std::uint64_t offset, std::uint64_t length) const {
      return offset >= begin && offset <= end && length <= end - offset;
    }
  };
  struct Page {
    Range range;
    std::unique_ptr<std::byte[]> bytes;
  };
  static constexpr std::size_t kPages = 4;

  Status checkAccess(std::uint64_t offset, std::uint64_t length);
  Status readFile(std::uint64_t offset, std::span<std::byte> out);
  bool readCached(std::uint64_t offset, std::span<std::byte> out);
  void remember(std::uint64_t offset, std::uint64_t length);
  Range pageFor(std::uint64_t offset, std::uint64_t length) const;

  ByteSource* file_ = nullptr;  // borrowed, from begin() on
  std::uint64_t end_ = 0;
  Deadline deadline_ = Deadline::never();
  unsigned accesses_ = 0;
  std::uint64_t bytesRead_ = 0;
  Page head_;
  std::array<Page, kPages> pages_;
  std::size_t nextPage_ = 0;
  std::array<Range, kPages> touched_;  // far places of this file
  std::array<Range, kPages> hints_;    // far places of the file before
};

// The failure of all the direct reader does not know: libhdf5 decides.
inline Failure declined(const char* why) { return {ErrorCode::declined, why}; }

}  // namespace pointing
