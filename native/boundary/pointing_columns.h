#ifndef POINTING_BOUNDARY_POINTING_COLUMNS_H_
#define POINTING_BOUNDARY_POINTING_COLUMNS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <tuple>

#include "astrometry/pointing.h"
#include "boundary/napi_setup.h"
#include "core/result.h"
#include "uvh5/file_readers.h"

namespace pointing {

// The words for the bits of the column `quality`, in their order.
Napi::Array qualityWords(Napi::Env env);

// The instruments of many files, which are few: each once, in the order met.
class Instruments {
 public:
  explicit Instruments(Napi::Env env) : array_(Napi::Array::New(env)) {}

  std::uint32_t indexOf(const PointingHeader& header);
  Napi::Array array() const { return array_; }

 private:
  using Key = std::tuple<std::string, double, double, double, std::optional<double>>;

  Napi::Object toObject(const PointingHeader& header) const;

  Napi::Array array_;
  std::map<Key, std::uint32_t> indexes_;
};

// One result per path, in columns that are views of one ArrayBuffer, so that a worker hands all over in one
// transfer. NaN stands for what a file does not say.
class PointingColumns {
 public:
  PointingColumns(Napi::Env env, std::size_t count);

  // False where the environment is being torn down: there is no memory behind the columns.
  bool isUsable() { return !buffer_.IsEmpty() && buffer_.Data() != nullptr; }

  void setStamp(std::size_t i, const FileStamp& stamp);
  void setPointing(std::size_t i, const PointingHeader& header, const Pointing& pointing);
  void setFailure(std::size_t i, const Failure& failure);

  Napi::Object result() const { return result_; }

 private:
  template <typename T>
  std::span<T> add(const char* name);

  std::size_t count_;
  std::size_t used_ = 0;  // bytes of the buffer
  Napi::Object result_;
  Napi::Object messages_;
  Instruments instruments_;
  Napi::ArrayBuffer buffer_;
  std::span<double> midTimeMjdUtc_, raDeg_, decDeg_, raIcrsDeg_, decIcrsDeg_, haDeg_, lstDeg_, sizeBytes_,
      mtimeUs_, ctimeUs_, durationSeconds_, minFrequencyHz_, maxFrequencyHz_;
  std::span<std::uint32_t> nTimes_, instrument_;     // instrument: an index into `instruments`
  std::span<std::uint8_t> status_, kind_, quality_;  // status: 0 or an ErrorCode; quality: bits of Quality
};

}  // namespace pointing

#endif
