#include "direct/cached_file.h"

#include <algorithm>
#include <cstring>

namespace pointing {

namespace {

// Of a telescope-size file: all small metadata and the first chunks of time_array and integration_time.
constexpr std::uint64_t kHeadBytes = std::uint64_t{80} * 1024;
// Holds the leaf nodes of both arrays' chunk indexes, which lie within 50 KB of one another.
constexpr std::uint64_t kPageBytes = std::uint64_t{64} * 1024;
// Where no file before was read there.
constexpr std::uint64_t kUnhintedBytes = 4096;
// A telescope's file takes some 2,500 accesses and 2 MB; so much takes a fraction of a second.
constexpr unsigned kMaxAccesses = 1 << 18;
constexpr std::uint64_t kMaxBytesRead = std::uint64_t{256} << 20;
// Looking at the clock takes as long as an access, so that is done now and then.
constexpr unsigned kAccessesPerLook = 256;

}  // namespace

CachedFile::CachedFile() {
  head_.bytes = std::make_unique_for_overwrite<std::byte[]>(kHeadBytes);
  for (Page& page : pages_) page.bytes = std::make_unique_for_overwrite<std::byte[]>(kPageBytes);
}

Status CachedFile::begin(ByteSource& file, const Deadline& deadline) {
  file_ = &file;
  deadline_ = deadline;
  accesses_ = 0;
  bytesRead_ = 0;
  end_ = file.size();
  for (Page& page : pages_) page.range = {};
  touched_ = {};
  head_.range = {0, std::min(end_, kHeadBytes)};
  Status read = readFile(0, {head_.bytes.get(), static_cast<std::size_t>(head_.range.end)});
  if (!read) head_.range = {};
  return read;
}

void CachedFile::learnPages() {
  if (touched_[0].end != 0) hints_ = touched_;
}

Status CachedFile::readAt(std::uint64_t offset, std::span<std::byte> out) {
  Status allowed = checkAccess(offset, out.size());
  if (!allowed) return allowed;
  if (!head_.range.holds(offset, out.size())) remember(offset, out.size());
  if (readCached(offset, out)) return Done{};
  if (out.size() > kPageBytes) return readFile(offset, out);
  Page& page = pages_[nextPage_];
  nextPage_ = (nextPage_ + 1) % kPages;
  const Range range = pageFor(offset, out.size());
  page.range = {};
  Status read = readFile(range.begin, {page.bytes.get(), static_cast<std::size_t>(range.end - range.begin)});
  if (!read) return read;
  page.range = range;
  std::memcpy(out.data(), page.bytes.get() + (offset - range.begin), out.size());
  return Done{};
}

Status CachedFile::readOnce(std::uint64_t offset, std::span<std::byte> out) {
  Status allowed = checkAccess(offset, out.size());
  if (!allowed) return allowed;
  if (readCached(offset, out)) return Done{};
  return readFile(offset, out);
}

Status CachedFile::checkAccess(std::uint64_t offset, std::uint64_t length) {
  if (!contains(offset, length)) return declined("an address lies beyond the end of the file");
  if (++accesses_ > kMaxAccesses) return declined("more pieces than a telescope's file has");
  if (accesses_ % kAccessesPerLook == 0 && deadline_.isPast()) return deadline_.failure(ErrorCode::timeout);
  return Done{};
}

// The only place that waits for the disk.
Status CachedFile::readFile(std::uint64_t offset, std::span<std::byte> out) {
  if (deadline_.isPast()) return deadline_.failure(ErrorCode::timeout);
  bytesRead_ += out.size();
  if (bytesRead_ > kMaxBytesRead) return declined("more to read than in a telescope's file");
  return file_->readAt(offset, out);
}

bool CachedFile::readCached(std::uint64_t offset, std::span<std::byte> out) {
  const auto copyFrom = [&](const Page& page) {
    if (!page.range.holds(offset, out.size())) return false;
    std::memcpy(out.data(), page.bytes.get() + (offset - page.range.begin), out.size());
    return true;
  };
  return copyFrom(head_) || std::ranges::any_of(pages_, copyFrom);
}

// Joins a far access to the place it lies in or near, or makes it a new place. More places than pages: not
// remembered.
void CachedFile::remember(std::uint64_t offset, std::uint64_t length) {
  for (Range& place : touched_) {
    const bool unused = place.end == 0;
    const Range joined = {unused ? offset : std::min(place.begin, offset),
                          std::max(place.end, offset + length)};
    if (joined.end - joined.begin > kPageBytes) continue;
    place = joined;
    return;
  }
}

CachedFile::Range CachedFile::pageFor(std::uint64_t offset, std::uint64_t length) const {
  for (const Range& hint : hints_) {
    const Range here = {hint.begin, std::min(hint.end, end_)};
    if (here.begin < here.end && here.holds(offset, length)) return here;
  }
  return {offset, std::min(offset + std::max(length, kUnhintedBytes), end_)};
}

}  // namespace pointing
