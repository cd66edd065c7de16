#include <mutex>

#include "astrometry/earth_orientation.h"
#include "astrometry/leap_seconds.h"

namespace pointing {
namespace {

// What this process computes with; set once, under the mutex.
struct Loaded {
  std::mutex mutex;
  std::shared_ptr<const EarthOrientationTable> table;
  std::string tablePath;
  std::string leapSecondsPath;
  double leapSecondsExpireMjdUtc = 0;
};

Loaded& loaded() {
  static Loaded instance;
  return instance;
}

}  // namespace

Result<std::shared_ptr<const EarthOrientationTable>> loadEarthOrientation(
    const std::string& tablePath, const std::string& leapSecondsPath) {
  Loaded& now = loaded();
  const std::lock_guard lock(now.mutex);
  if (now.table) {
    if (now.tablePath == tablePath && now.leapSecondsPath == leapSecondsPath) return now.table;
    return Failure{ErrorCode::unsupported,
                   "this process already uses " + now.tablePath + "; start another process for " + tablePath};
  }
  const Result<LeapSeconds> leapSeconds = LeapSeconds::fromFile(leapSecondsPath);
  if (!leapSeconds) return leapSeconds.failure();
  Result<EarthOrientationTable> table = EarthOrientationTable::fromFile(tablePath);
  if (!table) return table.failure();
  giveLeapSecondsToErfa(*leapSeconds);
  now.table = std::make_shared<const EarthOrientationTable>(std::move(*table));
  now.tablePath = tablePath;
  now.leapSecondsPath = leapSecondsPath;
  now.leapSecondsExpireMjdUtc = leapSeconds->expireMjdUtc;
  return now.table;
}

std::shared_ptr<const EarthOrientationTable> earthOrientation() {
  const std::lock_guard lock(loaded().mutex);
  return loaded().table;
}

double leapSecondsExpireMjdUtc() {
  const std::lock_guard lock(loaded().mutex);
  return loaded().leapSecondsExpireMjdUtc;
}

}  // namespace pointing
