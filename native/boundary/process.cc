#include <malloc.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <system_error>
#include <vector>

#include "boundary/napi_setup.h"
#include "core/inotify.h"
#include "libhdf5/confinement.h"
#include "service/notify.h"

namespace pointing {

namespace {

// Has the kernel kill this process when the thread that started it ends. Call it from the main thread.
void dieWithParent(const Napi::CallbackInfo&) { prctl(PR_SET_PDEATHSIG, SIGKILL); }

// Ends the process at once, whatever its threads wait for: process.exit() waits for workers first.
void endProcess(const Napi::CallbackInfo& info) {
  _exit(info[0].IsNumber() ? info[0].As<Napi::Number>().Int32Value() : EXIT_FAILURE);
}

// confine(): see confinement.h; gives what is in force. `missing` is null where all is.
Napi::Value confineProcess(const Napi::CallbackInfo& info) {
  const Confinement confinement = confine();
  Napi::Object object = Napi::Object::New(info.Env());
  object.Set("systemCalls", confinement.systemCalls);
  object.Set("landlockVersion", confinement.landlockVersion);
  if (confinement.missing.empty()) {
    object.Set("missing", info.Env().Null());
  } else {
    object.Set("missing", confinement.missing);
  }
  return object;
}

// notifyService(socketName, message): why it could not be sent, or null. Does not wait.
Napi::Value notify(const Napi::CallbackInfo& info) {
  if (!info[0].IsString() || !info[1].IsString()) {
    Napi::TypeError::New(info.Env(), "notifyService: expected the socket's name and a message")
        .ThrowAsJavaScriptException();
    return info.Env().Undefined();
  }
  const std::string problem =
      notifyService(info[0].As<Napi::String>().Utf8Value(), info[1].As<Napi::String>().Utf8Value());
  if (problem.empty()) return info.Env().Null();
  return Napi::String::New(info.Env(), problem);
}

// inotifyError(): why no inotify instance can be created, or null.
Napi::Value inotify(const Napi::CallbackInfo& info) {
  const int error = inotifyError();
  if (error == 0) return info.Env().Null();
  return Napi::String::New(info.Env(), std::generic_category().message(error));
}

// watchForLoss(directories): see inotify.h. Throws a TypeError for anything but an array of descriptors.
Napi::Value loss(const Napi::CallbackInfo& info) {
  std::vector<int> directories;
  const Napi::Array given = info[0].IsArray() ? info[0].As<Napi::Array>() : Napi::Array::New(info.Env());
  for (std::uint32_t i = 0; i < given.Length(); i++) {
    const Napi::Value each = given.Get(i);
    if (each.IsNumber()) directories.push_back(each.As<Napi::Number>().Int32Value());
  }
  if (directories.empty() || directories.size() != given.Length()) {
    Napi::TypeError::New(info.Env(), "watchForLoss: expected an array of descriptors")
        .ThrowAsJavaScriptException();
    return info.Env().Undefined();
  }
  return Napi::Number::New(info.Env(), watchForLoss(directories));
}

// returnLargeBlocks(): glibc would otherwise keep blocks as large as the largest that was ever freed.
void returnLargeBlocks(const Napi::CallbackInfo&) {
#ifdef M_MMAP_THRESHOLD
  constexpr int kLargeBytes = 128 << 10;
  mallopt(M_MMAP_THRESHOLD, kLargeBytes);
#endif
}

}  // namespace

void exportProcess(Napi::Env env, Napi::Object exports) {
  exports.Set("confine", Napi::Function::New(env, confineProcess, "confine"));
  exports.Set("endProcess", Napi::Function::New(env, endProcess, "endProcess"));
  exports.Set("dieWithParent", Napi::Function::New(env, dieWithParent, "dieWithParent"));
  exports.Set("returnLargeBlocks", Napi::Function::New(env, returnLargeBlocks, "returnLargeBlocks"));
  exports.Set("inotifyError", Napi::Function::New(env, inotify, "inotifyError"));
  exports.Set("watchForLoss", Napi::Function::New(env, loss, "watchForLoss"));
  exports.Set("notifyService", Napi::Function::New(env, notify, "notifyService"));
}

}  // namespace pointing
