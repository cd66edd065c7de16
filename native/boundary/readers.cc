#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <span>
#include <string>

#include "astrometry/earth_orientation.h"
#include "astrometry/pointing.h"
#include "boundary/napi_setup.h"
#include "direct/direct_reader.h"
#include "libhdf5/libhdf5_reader.h"
#include "libhdf5/memory_limit.h"
#include "uvh5/read_files.h"

namespace pointing {

namespace {

// One result per path, in columns that are views of one ArrayBuffer, so that a worker hands all over in one
// transfer.
class Columns {
 public:
  Columns(Napi::Env env, std::size_t count)
      : count_(count), result_(Napi::Object::New(env)), messages_(Napi::Object::New(env)) {
    constexpr std::size_t kBytesPerFile = 10 * sizeof(double) + sizeof(std::uint32_t) + 2;
    buffer_ = Napi::ArrayBuffer::New(env, count * kBytesPerFile);
    if (count > 0 && !isUsable()) return;
    midTimeMjdUtc_ = add<double>("midTimeMjdUtc");
    raDeg_ = add<double>("raDeg");
    decDeg_ = add<double>("decDeg");
    raIcrsDeg_ = add<double>("raIcrsDeg");
    decIcrsDeg_ = add<double>("decIcrsDeg");
    haDeg_ = add<double>("haDeg");
    lstDeg_ = add<double>("lstDeg");
    sizeBytes_ = add<double>("sizeBytes");
    mtimeUs_ = add<double>("mtimeUs");
    ctimeUs_ = add<double>("ctimeUs");
    nTimes_ = add<std::uint32_t>("nTimes");
    status_ = add<std::uint8_t>("status");
    kind_ = add<std::uint8_t>("kind");
    for (const auto column : {midTimeMjdUtc_, raDeg_, decDeg_, raIcrsDeg_, decIcrsDeg_, haDeg_, lstDeg_}) {
      std::ranges::fill(column, std::numeric_limits<double>::quiet_NaN());
    }
    result_.Set("messages", messages_);
  }

  // False where the environment is being torn down: there is no memory behind the columns.
  bool isUsable() { return !buffer_.IsEmpty() && buffer_.Data() != nullptr; }

  void setStamp(std::size_t i, const FileStamp& stamp) {
    sizeBytes_[i] = static_cast<double>(stamp.sizeBytes);
    mtimeUs_[i] = static_cast<double>(stamp.mtimeUs);
    ctimeUs_[i] = static_cast<double>(stamp.ctimeUs);
  }

  void setPointing(std::size_t i, const PointingHeader& header, const Pointing& pointing) {
    kind_[i] = static_cast<std::uint8_t>(header.kind);
    nTimes_[i] = header.nTimes;
    midTimeMjdUtc_[i] = pointing.midTimeMjdUtc;
    raDeg_[i] = pointing.raDeg;
    decDeg_[i] = pointing.decDeg;
    raIcrsDeg_[i] = pointing.raIcrsDeg;
    decIcrsDeg_[i] = pointing.decIcrsDeg;
    haDeg_[i] = pointing.haDeg;
    lstDeg_[i] = pointing.lstDeg;
  }

  void setFailure(std::size_t i, const Failure& failure) {
    status_[i] = static_cast<std::uint8_t>(failure.code);
    messages_.Set(static_cast<std::uint32_t>(i), failure.message);
  }

  Napi::Object result() const { return result_; }

 private:
  template <typename T>
  std::span<T> add(const char* name) {
    result_.Set(name, Napi::TypedArrayOf<T>::New(result_.Env(), count_, buffer_, used_));
    T* const data = reinterpret_cast<T*>(static_cast<std::byte*>(buffer_.Data()) + used_);
    used_ += count_ * sizeof(T);
    return {data, count_};
  }

  std::size_t count_;
  std::size_t used_ = 0;  // bytes of the buffer
  Napi::Object result_;
  Napi::Object messages_;
  Napi::ArrayBuffer buffer_;
  std::span<double> midTimeMjdUtc_, raDeg_, decDeg_, raIcrsDeg_, decIcrsDeg_, haDeg_, lstDeg_, sizeBytes_,
      mtimeUs_, ctimeUs_;
  std::span<std::uint32_t> nTimes_;
  std::span<std::uint8_t> status_, kind_;  // status: 0 or an ErrorCode
};

// The readers of one JavaScript environment, made when first asked for. A direct reader keeps its hints from
// call to call, so each learns a telescope's layout once.
class Readers {
 public:
  // So many direct readers, or libhdf5, which is one; none for another name.
  std::span<const std::unique_ptr<HeaderReader>> byName(const std::string& name, std::uint32_t count) {
    if (name == "direct") {
      while (direct_.size() < count) direct_.push_back(std::make_unique<DirectReader>());
      return {direct_.data(), count};
    }
    if (name == "libhdf5") return libhdf5_;
    return {};
  }

 private:
  std::vector<std::unique_ptr<HeaderReader>> direct_;
  std::array<std::unique_ptr<HeaderReader>, 1> libhdf5_{std::make_unique<Libhdf5Reader>()};
};

constexpr std::uint32_t kMostAtOnce = 256;

Napi::Value throwTypeError(Napi::Env env, const char* message) {
  Napi::TypeError::New(env, message).ThrowAsJavaScriptException();
  return env.Undefined();
}

// (paths: string[], reader: "direct" | "libhdf5", atOnce: number) -> columns; see Columns. Returns when all
// are read: with `atOnce` threads by the direct reader, on the calling thread by libhdf5.
Napi::Value readPointings(const Napi::CallbackInfo& info, Readers& readers) {
  const Napi::Env env = info.Env();
  if (!info[0].IsArray() || !info[1].IsString() || !info[2].IsNumber()) {
    return throwTypeError(
        env,
        "readPointings expects an array of paths, the name of a reader and how many to read "
        "at once");
  }
  const std::uint32_t atOnce = std::clamp(info[2].As<Napi::Number>().Uint32Value(), 1u, kMostAtOnce);
  const auto chosen = readers.byName(info[1].As<Napi::String>(), atOnce);
  if (chosen.empty())
    return throwTypeError(env, "readPointings knows the readers \"direct\" and \"libhdf5\"");
  const auto earth = earthOrientation();
  if (earth == nullptr)
    return throwTypeError(env, "readPointings needs loadEarthOrientation to be called first");

  const auto array = info[0].As<Napi::Array>();
  std::vector<std::string> paths;
  paths.reserve(array.Length());
  for (std::uint32_t i = 0; i < array.Length(); ++i) {
    const Napi::HandleScope scope(env);
    const Napi::Value path = array[i];
    if (!path.IsString()) return throwTypeError(env, "readPointings expects paths that are strings");
    paths.push_back(path.As<Napi::String>());
  }

  const std::vector<FileReading> readings = readHeadersOf(paths, chosen);
  Columns columns(env, paths.size());
  if (!paths.empty() && !columns.isUsable()) return env.Undefined();
  for (std::size_t i = 0; i < readings.size(); ++i) {
    const Napi::HandleScope scope(env);
    const auto& [stamp, header] = readings[i];
    columns.setStamp(i, stamp);
    if (!header) {
      columns.setFailure(i, header.failure());
      continue;
    }
    // Here, not in the reading threads: the calling thread keeps the astrometry of the days before.
    const auto pointing = pointingOf(*header, *earth);
    if (pointing) {
      columns.setPointing(i, *header, *pointing);
    } else {
      columns.setFailure(i, pointing.failure());
    }
  }
  return columns.result();
}

// (bytes: number): see limitMemory.
Napi::Value limitMemoryTo(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsNumber() || !(info[0].As<Napi::Number>().DoubleValue() >= 0)) {
    return throwTypeError(env, "limitMemory expects a number of bytes");
  }
  const Status limited = limitMemory(static_cast<std::uint64_t>(info[0].As<Napi::Number>().DoubleValue()));
  if (!limited) Napi::Error::New(env, limited.failure().message).ThrowAsJavaScriptException();
  return env.Undefined();
}

}  // namespace

void exportReaders(Napi::Env env, Napi::Object exports) {
  const auto read = [readers = std::make_shared<Readers>()](const Napi::CallbackInfo& info) {
    return readPointings(info, *readers);
  };
  exports.Set("readPointings", Napi::Function::New(env, read, "readPointings"));
  exports.Set("limitMemory", Napi::Function::New(env, limitMemoryTo, "limitMemory"));

  auto codes = Napi::Array::New(env, kErrorCodeNames.size());
  for (std::uint32_t i = 0; i < kErrorCodeNames.size(); ++i) codes[i] = std::string(kErrorCodeNames[i]);
  exports.Set("errorCodes", codes);

  auto versions = Napi::Object::New(env);
  versions.Set("hdf5", libhdf5Version());
  exports.Set("versions", versions);
}

}  // namespace pointing
