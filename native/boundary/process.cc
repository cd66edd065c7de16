#include <sys/prctl.h>

#include <csignal>

#include "boundary/napi_setup.h"

namespace pointing {

namespace {

// Has the kernel kill this process when the thread that started it ends. Call it from the main thread.
void dieWithParent(const Napi::CallbackInfo&) { prctl(PR_SET_PDEATHSIG, SIGKILL); }

}  // namespace

void exportProcess(Napi::Env env, Napi::Object exports) {
  exports.Set("dieWithParent", Napi::Function::New(env, dieWithParent, "dieWithParent"));
}

}  // namespace pointing
