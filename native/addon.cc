#include "boundary/napi_setup.h"

static Napi::Object init(Napi::Env env, Napi::Object exports) {
  pointing::exportReaders(env, exports);
  pointing::exportAstrometry(env, exports);
  pointing::exportProcess(env, exports);
  pointing::exportScanner(env, exports);
  return exports;
}

NODE_API_MODULE(pointing_monitor, init)
