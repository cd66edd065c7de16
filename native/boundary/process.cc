#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <system_error>

#include "boundary/napi_setup.h"
#include "core/inotify.h"
#include "service/notify.h"

namespace pointing {

namespace {

// Has the kernel kill this process when the thread that started it ends. Call it from the main thread.
void dieWithParent(const Napi::CallbackInfo&) { prctl(PR_SET_PDEATHSIG, SIGKILL); }

// endNow(status): ends the process without exit handlers and without joining threads, which could wait for a dead file system.
void endNow(const Napi::CallbackInfo& info) { _exit(info[0].ToNumber().Int32Value()); }

// notifyService(socketName, message): why it could not be sent, or null. Does not wait.
Napi::Value notify(const Napi::CallbackInfo& info) {
  if (!info[0].IsString() || !info[1].IsString()) {
    Napi::TypeError::New(info.Env(), "notifyService: expected the socket's name and a message")
        .ThrowAsJavaScriptException();
    return info.Env().Undefined();
  }
  const std::string trouble =
      notifyService(info[0].As<Napi::String>().Utf8Value(), info[1].As<Napi::String>().Utf8Value());
  if (trouble.empty()) return info.Env().Null();
  return Napi::String::New(info.Env(), trouble);
}

// inotifyTrouble(): why no inotify instance can be had, or null.
Napi::Value inotify(const Napi::CallbackInfo& info) {
  const int error = inotifyTrouble();
  if (error == 0) return info.Env().Null();
  return Napi::String::New(info.Env(), std::generic_category().message(error));
}

}  // namespace

void exportProcess(Napi::Env env, Napi::Object exports) {
  exports.Set("dieWithParent", Napi::Function::New(env, dieWithParent, "dieWithParent"));
  exports.Set("endNow", Napi::Function::New(env, endNow, "endNow"));
  exports.Set("inotifyTrouble", Napi::Function::New(env, inotify, "inotifyTrouble"));
  exports.Set("notifyService", Napi::Function::New(env, notify, "notifyService"));
}

}  // namespace pointing
