#include <fcntl.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>
#include <set>
#include <system_error>

#include "boundary/napi_setup.h"
#include "scan/name_pattern.h"
#include "scan/path_kind.h"
#include "scan/tree_scanner.h"

namespace pointing {
namespace {

Napi::Array toArray(Napi::Env env, const std::vector<std::string>& strings) {
  Napi::Array array = Napi::Array::New(env, strings.size());
  for (std::uint32_t i = 0; i < strings.size(); ++i) array.Set(i, Napi::String::New(env, strings[i]));
  return array;
}

Napi::Float64Array toArray(Napi::Env env, const std::vector<double>& numbers) {
  Napi::Float64Array array = Napi::Float64Array::New(env, numbers.size());
  // Empty where the environment is ending.
  if (!array.IsEmpty()) std::copy(numbers.begin(), numbers.end(), array.Data());
  return array;
}

Napi::Object toObject(Napi::Env env, const PassedOver& passed) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("count", static_cast<double>(passed.count));
  object.Set("paths", toArray(env, passed.paths));
  return object;
}

Napi::Object toObject(Napi::Env env, const ScanBatch& batch) {
  Napi::Array unreadable = Napi::Array::New(env, batch.unreadable.size());
  for (std::uint32_t i = 0; i < batch.unreadable.size(); ++i) {
    Napi::Object place = Napi::Object::New(env);
    place.Set("path", batch.unreadable[i].path);
    place.Set("message", batch.unreadable[i].message);
    unreadable.Set(i, place);
  }
  Napi::Object object = Napi::Object::New(env);
  object.Set("paths", toArray(env, batch.paths));
  object.Set("sizeBytes", toArray(env, batch.sizeBytes));
  object.Set("mtimeUs", toArray(env, batch.mtimeUs));
  object.Set("ctimeUs", toArray(env, batch.ctimeUs));
  object.Set("unreadable", unreadable);
  object.Set("directories", toArray(env, batch.directories));
  object.Set("entriesSeen", static_cast<double>(batch.entriesSeen));
  object.Set("linkedDirectories", toObject(env, batch.linkedDirectories));
  object.Set("linksOutside", toObject(env, batch.linksOutside));
  return object;
}

// The text of an argument; throws a TypeError in JavaScript and gives nothing where it is not text for a C
// library.
std::optional<std::string> textArgument(const Napi::CallbackInfo& info, std::size_t index, const char* name) {
  if (info[index].IsString()) {
    std::string text = info[index].As<Napi::String>().Utf8Value();
    if (text.find('\0') == std::string::npos) return text;
  }
  Napi::TypeError::New(info.Env(), std::string(name) + ": expected a string without NUL characters")
      .ThrowAsJavaScriptException();
  return std::nullopt;
}

// What a TreeScanner object and its running call share. The scanner is touched only by the thread that runs
// the call; the flags only by the JavaScript thread.
struct Scan {
  std::optional<TreeScanner> scanner;  // none once closed
  std::string root;
  bool running = false;
  bool closed = false;
};

// One call of next(): walks on a thread of libuv's pool, makes objects on the JavaScript thread.
class NextBatch : public Napi::AsyncWorker {
 public:
  NextBatch(Napi::Env env, std::shared_ptr<Scan> scan, std::size_t maxFiles)
      : AsyncWorker(env, "TreeScanner.next"),
        deferred_(Napi::Promise::Deferred::New(env)),
        scan_(std::move(scan)),
        maxFiles_(maxFiles) {}

  Napi::Promise promise() const { return deferred_.Promise(); }

 protected:
  void Execute() override { outcome_ = scan_->scanner->next(maxFiles_); }

  void OnOK() override {
    const Napi::HandleScope scope(Env());
    scan_->running = false;
    if (scan_->closed) scan_->scanner.reset();
    if (const auto* batch = std::get_if<ScanBatch>(&outcome_)) {
      deferred_.Resolve(toObject(Env(), *batch));
    } else if (const auto* unreadable = std::get_if<RootUnreadable>(&outcome_)) {
      deferred_.Reject(rootError(unreadable->errorNumber).Value());
    } else {
      deferred_.Resolve(Env().Null());
    }
  }

 private:
  Napi::Error rootError(int errorNumber) const {
    Napi::Error error = Napi::Error::New(Env(), "the directory " + scan_->root + " cannot be scanned: " +
                                                    std::generic_category().message(errorNumber));
    const char* name = strerrorname_np(errorNumber);
    error.Set("code", Napi::String::New(Env(), name != nullptr ? name : "UNKNOWN"));
    error.Set("path", Napi::String::New(Env(), scan_->root));
    return error;
  }

  Napi::Promise::Deferred deferred_;
  std::shared_ptr<Scan> scan_;
  std::size_t maxFiles_;
  TreeScanner::Outcome outcome_;
};

// The strings of an array; empty unless it is one.
std::vector<std::string> texts(const Napi::Value& value) {
  std::vector<std::string> found;
  if (!value.IsArray()) return found;
  const auto array = value.As<Napi::Array>();
  for (std::uint32_t i = 0; i < array.Length(); ++i) found.push_back(array.Get(i).ToString());
  return found;
}

// new TreeScanner(root, pattern, followLinks, leaveOut, leaveLinks); next(limit): Promise<batch | null>;
// close().
class JsTreeScanner : public Napi::ObjectWrap<JsTreeScanner> {
 public:
  static Napi::Function define(Napi::Env env) {
    return DefineClass(
        env, "TreeScanner",
        {InstanceMethod<&JsTreeScanner::next>("next"), InstanceMethod<&JsTreeScanner::close>("close")});
  }

  explicit JsTreeScanner(const Napi::CallbackInfo& info) : ObjectWrap(info) {
    const auto root = textArgument(info, 0, "root");
    if (!root) return;
    const auto pattern = textArgument(info, 1, "pattern");
    if (!pattern) return;
    std::set<std::string> leaveOut;
    for (std::string& path : texts(info[3])) leaveOut.insert(std::move(path));
    scan_ = std::make_shared<Scan>(Scan{
        TreeScanner(*root, *pattern, info[2].ToBoolean(), std::move(leaveOut), info[4].ToBoolean()), *root});
  }

 private:
  Napi::Value next(const Napi::CallbackInfo& info) {
    constexpr double kMaxFiles = 1e6;
    const double limit = info[0].IsNumber() ? info[0].As<Napi::Number>().DoubleValue() : 0;
    if (!(limit >= 1 && limit <= kMaxFiles)) {
      Napi::RangeError::New(info.Env(), "limit: expected a number from 1 to 1000000")
          .ThrowAsJavaScriptException();
      return info.Env().Undefined();
    }
    if (scan_->running) {
      Napi::Error::New(info.Env(), "the scan is busy: wait for the last next() before the following one")
          .ThrowAsJavaScriptException();
      return info.Env().Undefined();
    }
    if (scan_->closed) {
      const auto nothing = Napi::Promise::Deferred::New(info.Env());
      nothing.Resolve(info.Env().Null());
      return nothing.Promise();
    }
    scan_->running = true;
    auto* worker =
        new NextBatch(info.Env(), scan_, static_cast<std::size_t>(limit));  // deletes itself when done
    worker->Queue();
    return worker->promise();
  }

  // A running call still ends as if nothing had happened.
  void close(const Napi::CallbackInfo&) {
    scan_->closed = true;
    if (!scan_->running) scan_->scanner.reset();
  }

  std::shared_ptr<Scan> scan_;  // a running call keeps it alive should this object be collected meanwhile
};

Napi::Value matchesName(const Napi::CallbackInfo& info) {
  const auto name = textArgument(info, 0, "name");
  if (!name) return info.Env().Undefined();
  const auto pattern = textArgument(info, 1, "pattern");
  if (!pattern) return info.Env().Undefined();
  return Napi::Boolean::New(info.Env(), matches(*name, *pattern));
}

const char* nameOf(PathKind kind) {
  switch (kind) {
    case PathKind::file:
      return "file";
    case PathKind::directory:
      return "directory";
    case PathKind::linkedDirectory:
      return "linked_directory";
    case PathKind::outside:
      return "outside";
    case PathKind::other:
      return "other";
    case PathKind::vanished:
      return "vanished";
    case PathKind::unreadable:
      break;
  }
  return "unreadable";
}

Napi::Object toObject(Napi::Env env, const PathLook& look) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("kind", nameOf(look.kind));
  if (look.kind == PathKind::file) {
    object.Set("sizeBytes", static_cast<double>(look.stamp.sizeBytes));
    object.Set("mtimeUs", static_cast<double>(look.stamp.mtimeUs));
    object.Set("ctimeUs", static_cast<double>(look.stamp.ctimeUs));
  }
  if (look.errorNumber != 0) object.Set("message", std::generic_category().message(look.errorNumber));
  return object;
}

// One call of lookAtPaths(), on a thread of libuv's pool, where a dead file system holds it up.
class LookAtPaths : public Napi::AsyncWorker {
 public:
  LookAtPaths(Napi::Env env, std::vector<std::string> paths, std::string root, bool followLinks)
      : AsyncWorker(env, "lookAtPaths"),
        deferred_(Napi::Promise::Deferred::New(env)),
        paths_(std::move(paths)),
        root_(std::move(root)),
        followLinks_(followLinks) {}

  Napi::Promise promise() const { return deferred_.Promise(); }

 protected:
  void Execute() override {
    const LinkRules rules{.followLinks = followLinks_, .root = WatchedRoot::at(root_)};
    for (const std::string& path : paths_) looks_.push_back(lookAt(AT_FDCWD, path, rules));
  }

  void OnOK() override {
    const Napi::HandleScope scope(Env());
    Napi::Array looks = Napi::Array::New(Env(), looks_.size());
    for (std::uint32_t i = 0; i < looks_.size(); ++i) looks.Set(i, toObject(Env(), looks_[i]));
    deferred_.Resolve(looks);
  }

 private:
  Napi::Promise::Deferred deferred_;
  std::vector<std::string> paths_;
  std::string root_;
  bool followLinks_;
  std::vector<PathLook> looks_;
};

// lookAtPaths(paths, root, followLinks): Promise<look[]>, one for each path; see path_kind.h.
Napi::Value lookAtPaths(const Napi::CallbackInfo& info) {
  const auto root = textArgument(info, 1, "root");
  if (!root) return info.Env().Undefined();
  auto* worker = new LookAtPaths(info.Env(), texts(info[0]), *root, info[2].ToBoolean());  // deletes itself
  worker->Queue();
  return worker->promise();
}

}  // namespace

void exportScanner(Napi::Env env, Napi::Object exports) {
  exports.Set("TreeScanner", JsTreeScanner::define(env));
  exports.Set("lookAtPaths", Napi::Function::New(env, lookAtPaths, "lookAtPaths"));
  exports.Set("matches", Napi::Function::New(env, matchesName, "matches"));
}

}  // namespace pointing
