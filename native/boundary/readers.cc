#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <tuple>
#include <vector>

#include "astrometry/earth_orientation.h"
#include "astrometry/pointing.h"
#include "boundary/napi_setup.h"
#include "direct/direct_reader.h"
#include "libhdf5/libhdf5_reader.h"
#include "libhdf5/memory_limit.h"
#include "uvh5/file_readers.h"

namespace pointing {

namespace {

// What is known of how good a value is, a bit each of the column `quality`; JavaScript has the words in the
// order of the bits.
enum Quality : std::uint8_t {
  kEven = 1 << 0,          // the first and the last time gave the mid time
  kMean = 1 << 1,          // the mid time is the mean of all times
  kGaps = 1 << 2,          // times are missing between the first and the last
  kPredicted = 1 << 3,     // the Earth's rotation is an IERS prediction
  kExtrapolated = 1 << 4,  // the Earth's rotation is outside the IERS table
};
constexpr std::array<const char*, 5> kQualityWords = {"even", "mean", "gaps", "iers_predicted",
                                                      "iers_extrapolated"};

std::uint8_t qualityOf(const PointingHeader& header, const Pointing& pointing) {
  unsigned quality = header.isEvenlySampled ? kEven : kMean;
  if (header.hasGaps) quality |= kGaps;
  if (pointing.earthOrientation == EarthOrientationOrigin::predicted) quality |= kPredicted;
  if (pointing.earthOrientation == EarthOrientationOrigin::extrapolated) quality |= kExtrapolated;
  return static_cast<std::uint8_t>(quality);
}

// The instruments of many files, which are few: each once, in the order met.
class Instruments {
 public:
  explicit Instruments(Napi::Env env) : array_(Napi::Array::New(env)) {}

  std::uint32_t indexOf(const PointingHeader& header) {
    const auto& [name, dishM] = header.instrument;
    const Site& site = header.site;
    Key key{name, site.latitudeDeg, site.longitudeDeg, site.altitudeM, dishM};
    const auto [place, isNew] = indexes_.try_emplace(std::move(key), array_.Length());
    if (isNew) array_.Set(place->second, toObject(header));
    return place->second;
  }

  Napi::Array array() const { return array_; }

 private:
  using Key = std::tuple<std::string, double, double, double, std::optional<double>>;

  Napi::Object toObject(const PointingHeader& header) const {
    const Napi::Env env = array_.Env();
    Napi::Object site = Napi::Object::New(env);
    site.Set("latitudeDeg", header.site.latitudeDeg);
    site.Set("longitudeDeg", header.site.longitudeDeg);
    site.Set("altitudeM", header.site.altitudeM);
    Napi::Object instrument = Napi::Object::New(env);
    instrument.Set("name", header.instrument.name);
    instrument.Set("site", site);
    const auto& dishM = header.instrument.dishM;
    instrument.Set("dishM", dishM ? Napi::Value(Napi::Number::New(env, *dishM)) : env.Null());
    return instrument;
  }

  Napi::Array array_;
  std::map<Key, std::uint32_t> indexes_;
};

// One result per path, in columns that are views of one ArrayBuffer, so that a worker hands all over in one
// transfer. NaN stands for what a file does not say.
class Columns {
 public:
  Columns(Napi::Env env, std::size_t count)
      : count_(count), result_(Napi::Object::New(env)), messages_(Napi::Object::New(env)), instruments_(env) {
    constexpr std::size_t kBytesPerFile = 13 * sizeof(double) + 2 * sizeof(std::uint32_t) + 3;
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
    durationSeconds_ = add<double>("durationSeconds");
    minFrequencyHz_ = add<double>("minFrequencyHz");
    maxFrequencyHz_ = add<double>("maxFrequencyHz");
    nTimes_ = add<std::uint32_t>("nTimes");
    instrument_ = add<std::uint32_t>("instrument");
    status_ = add<std::uint8_t>("status");
    kind_ = add<std::uint8_t>("kind");
    quality_ = add<std::uint8_t>("quality");
    for (const auto column : {midTimeMjdUtc_, raDeg_, decDeg_, raIcrsDeg_, decIcrsDeg_, haDeg_, lstDeg_,
                              durationSeconds_, minFrequencyHz_, maxFrequencyHz_}) {
      std::ranges::fill(column, std::numeric_limits<double>::quiet_NaN());
    }
    result_.Set("messages", messages_);
    result_.Set("instruments", instruments_.array());
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
    quality_[i] = qualityOf(header, pointing);
    instrument_[i] = instruments_.indexOf(header);
    if (header.durationS) durationSeconds_[i] = *header.durationS;
    if (header.band) {
      minFrequencyHz_[i] = header.band->lowestHz;
      maxFrequencyHz_[i] = header.band->highestHz;
    }
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
  Instruments instruments_;
  Napi::ArrayBuffer buffer_;
  std::span<double> midTimeMjdUtc_, raDeg_, decDeg_, raIcrsDeg_, decIcrsDeg_, haDeg_, lstDeg_, sizeBytes_,
      mtimeUs_, ctimeUs_, durationSeconds_, minFrequencyHz_, maxFrequencyHz_;
  std::span<std::uint32_t> nTimes_, instrument_;     // instrument: an index into `instruments`
  std::span<std::uint8_t> status_, kind_, quality_;  // status: 0 or an ErrorCode; quality: bits of Quality
};

// The readers of one JavaScript environment. A direct reader keeps its hints from call to call, so each
// learns a telescope's layout once.
struct Readers {
  FileReaders direct{[] { return std::make_unique<DirectReader>(); }};
  Libhdf5Reader libhdf5;

  std::vector<FileReading> readByLibhdf5(std::span<const std::string> paths, const ReadLimits& limits) {
    std::vector<FileReading> readings;
    for (const std::string& path : paths) readings.push_back(readHeaderOf(path, libhdf5, limits));
    return readings;
  }
};

constexpr std::uint32_t kMostAtOnce = FileReaders::kMaxThreads;

Napi::Value throwTypeError(Napi::Env env, const char* message) {
  Napi::TypeError::New(env, message).ThrowAsJavaScriptException();
  return env.Undefined();
}

// (paths: string[], reader: "direct" | "libhdf5", atOnce: number, secondsPerFile: number, root?: string) ->
// columns; see Columns. Returns when all are read or given up: with `atOnce` threads by the direct reader, on
// the calling thread by libhdf5. Files outside `root` are not read.
Napi::Value readPointings(const Napi::CallbackInfo& info, Readers& readers) {
  const Napi::Env env = info.Env();
  if (!info[0].IsArray() || !info[1].IsString() || !info[2].IsNumber() || !info[3].IsNumber()) {
    return throwTypeError(
        env,
        "readPointings expects an array of paths, the name of a reader, how many to read at "
        "once and the seconds allowed for each");
  }
  const std::string reader = info[1].As<Napi::String>();
  if (reader != "direct" && reader != "libhdf5")
    return throwTypeError(env, "readPointings: the reader must be \"direct\" or \"libhdf5\"");
  const std::uint32_t atOnce = std::clamp(info[2].As<Napi::Number>().Uint32Value(), 1u, kMostAtOnce);
  ReadLimits limits{.secondsPerFile = info[3].As<Napi::Number>().DoubleValue(), .root = {}};
  std::optional<Failure> noRoot;
  if (info[4].IsString()) {
    limits.root = WatchedRoot::at(info[4].As<Napi::String>());
    if (!limits.root) {
      noRoot = Failure{ErrorCode::io_error, "was not read: the watched directory cannot be opened: " +
                                                std::generic_category().message(errno)};
    }
  }
  const auto earth = earthOrientation();
  if (earth == nullptr) return throwTypeError(env, "readPointings: call loadEarthOrientation first");

  const auto array = info[0].As<Napi::Array>();
  std::vector<std::string> paths;
  paths.reserve(array.Length());
  for (std::uint32_t i = 0; i < array.Length(); ++i) {
    const Napi::HandleScope scope(env);
    const Napi::Value path = array[i];
    if (!path.IsString()) return throwTypeError(env, "readPointings: paths must be strings");
    paths.push_back(path.As<Napi::String>());
  }

  const std::vector<FileReading> readings =
      noRoot               ? std::vector<FileReading>(paths.size(), FileReading{{}, *noRoot})
      : reader == "direct" ? readers.direct.read(paths, atOnce, limits)
                           : readers.readByLibhdf5(paths, limits);
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

  auto words = Napi::Array::New(env, kQualityWords.size());
  for (std::uint32_t i = 0; i < kQualityWords.size(); ++i) words[i] = kQualityWords[i];
  exports.Set("qualityWords", words);

  auto versions = Napi::Object::New(env);
  versions.Set("hdf5", libhdf5Version());
  exports.Set("versions", versions);
}

}  // namespace pointing
