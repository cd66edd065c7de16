#include <algorithm>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "astrometry/earth_orientation.h"
#include "astrometry/pointing.h"
#include "boundary/napi_setup.h"
#include "boundary/pointing_columns.h"
#include "direct/direct_reader.h"
#include "libhdf5/libhdf5_reader.h"
#include "libhdf5/memory_limit.h"
#include "uvh5/file_readers.h"

namespace pointing {

namespace {

// Of the whole process: a file that hangs one worker's thread is not for the next worker to try.
const std::shared_ptr<HangingReads>& hangingReads() {
  static const auto reads = std::make_shared<HangingReads>();
  return reads;
}

// The readers of one JavaScript environment. A direct reader keeps its hints from call to call, so each
// learns a telescope's layout once.
struct Readers {
  FileReaders direct{[] { return std::make_unique<DirectReader>(); }, hangingReads()};
  Libhdf5Reader libhdf5;

  std::vector<FileReading> readByLibhdf5(std::span<const std::string> paths, const ReadLimits& limits) {
    std::vector<FileReading> readings;
    for (const std::string& path : paths) readings.push_back(readHeaderOf(path, libhdf5, limits));
    return readings;
  }
};

constexpr std::uint32_t kMaxAtOnce = FileReaders::kMaxThreads;

Napi::Value throwTypeError(Napi::Env env, const char* message) {
  Napi::TypeError::New(env, message).ThrowAsJavaScriptException();
  return env.Undefined();
}

// (paths: string[], reader: "direct" | "libhdf5", atOnce: number, secondsPerFile: number, root?: string) ->
// columns; see PointingColumns. Returns when all are read or given up: with `atOnce` threads by the direct
// reader, on the calling thread by libhdf5. Files outside `root` are not read.
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
  const std::uint32_t atOnce = std::clamp(info[2].As<Napi::Number>().Uint32Value(), 1u, kMaxAtOnce);
  ReadLimits limits{.secondsPerFile = info[3].As<Napi::Number>().DoubleValue(), .root = {}};
  if (info[4].IsString()) limits.root = info[4].As<Napi::String>();
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
      reader == "direct" ? readers.direct.read(paths, atOnce, limits) : readers.readByLibhdf5(paths, limits);
  PointingColumns columns(env, paths.size());
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

// Asked for, since libhdf5 starts up to answer, which takes memory in every environment that asks.
Napi::Value hdf5Version(const Napi::CallbackInfo& info) {
  return Napi::String::New(info.Env(), libhdf5Version());
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

  exports.Set("qualityWords", qualityWords(env));

  auto versions = Napi::Object::New(env);
  versions.DefineProperty(Napi::PropertyDescriptor::Accessor<hdf5Version>("hdf5", napi_enumerable));
  exports.Set("versions", versions);
}

}  // namespace pointing
