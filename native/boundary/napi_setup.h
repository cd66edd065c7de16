#pragma once
// The only place that includes N-API, so that its settings hold everywhere.
#define NAPI_VERSION 8
#define NAPI_DISABLE_CPP_EXCEPTIONS
#define NODE_ADDON_API_DISABLE_DEPRECATED
// A worker thread that is terminated while native code runs for it can take neither a result nor an
// exception: without this the whole process would be aborted.
#define NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS
#include <napi.h>

namespace pointing {

// Each adds its functions to the addon's exports. Called once per JavaScript environment (main thread or
// worker).
void exportReaders(Napi::Env env, Napi::Object exports);
void exportAstrometry(Napi::Env env, Napi::Object exports);
void exportProcess(Napi::Env env, Napi::Object exports);
void exportScanner(Napi::Env env, Napi::Object exports);

}  // namespace pointing
