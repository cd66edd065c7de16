#include "boundary/napi_setup.h"

namespace pointing {

void exportAstrometry(Napi::Env, Napi::Object) {}

}  // namespace pointing
