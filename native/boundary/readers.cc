#include "boundary/napi_setup.h"

namespace pointing {

void exportReaders(Napi::Env, Napi::Object) {}

}  // namespace pointing
