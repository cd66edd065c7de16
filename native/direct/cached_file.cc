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

}  // namespace

CachedFile::CachedFile() {
  head_.bytes = std::make_unique_for_overwrite<std::byte[]>(kHeadBytes);
  for (Page& page : pages_) page.bytes = std::make_unique_for_overwrite<std::byte[]>(kPageBytes);
}

Status CachedFile::begin(ByteSource& file) {
  file_ = &file;
  end_ = file.size();
  for (Page& page : pages_) page.range = {};
  touched_ = {};
  head_.range = {0, std::min(end_, kHeadBytes)};
  Status read = file.readAt(0, {head_.bytes.get(), static_cast<std::size_t>(head_.range.end)});
  if (!read) head_.range = {};
  return read;
}

void CachedFile::learnPages() {
  if (touched_[0].end != 0) hints_ = touched_;
}

Status CachedFile::readAt(std::uint64_t offset, std::span<std::byte> out) {
  if (!contains(offset, out.size())) return declined("an address lies beyond the end of the file");
  if (!head_.range.holds(offset, out.size())) remember(offset, out.size());
  if (readCached(offset, out)) return Done{};
  if (out.size() > kPageBytes) return file_->readAt(offset, out);
  Page& page = pages_[nextPage_];
  nextPage_ = (nextPage_ + 1) % kPages;
  const Range range = pageFor(offset, out.size());
  page.range = {};
  Status read =
      file_->readAt(range.begin, {page.bytes.get(), static_cast<std::size_t>(range.end - range.begin)});
  if (!read) return read;
  page.range = range;
  std::memcpy(out.data(), page.bytes.get() + (offset - range.begin), out.size());
  return Done{};
}

Status CachedFile::readOnce(std::uint64_t offset, std::span<std::byte> out) {
  if (!contains(offset, out.size())) return declined("an address lies beyond the end of the file");
  if (readCached(offset, out)) return Done{};
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
