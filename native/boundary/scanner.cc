#include "boundary/napi_setup.h"

namespace pointing {

void exportScanner(Napi::Env, Napi::Object) {}

}  // namespace pointing
