#include "libhdf5/error_stack.h"

#include <hdf5.h>

#include <string>

#include "libhdf5/memory_limit.h"

namespace pointing {

namespace {

struct Innermost {
  hid_t major = H5I_INVALID_HID;
  hid_t minor = H5I_INVALID_HID;
  std::string description;
};

// Called from the innermost error outwards. Failures to load a plugin only say that a filter is not
// installed, which the next error says better.
herr_t keepFirst(unsigned, const H5E_error2_t* error, void* result) {
  Innermost& kept = *static_cast<Innermost*>(result);
  if (kept.description.empty() && error->desc && error->maj_num != H5E_PLUGIN) {
    kept = {error->maj_num, error->min_num, error->desc};
  }
  return 0;
}

// By its superblock. To libhdf5 a file that the system refuses to open is an error of the same kind, but
// only here its text names the program that clears the mark.
bool isMarkedOpen(const Innermost& error) {
  return error.minor == H5E_CANTOPENFILE && error.description.find("h5clear") != std::string::npos;
}

ErrorCode classify(const Innermost& error) {
  const bool isOutOfMemory = error.minor == H5E_NOSPACE || error.minor == H5E_CANTALLOC;
  if (isOutOfMemory) return isHostShortOfMemory() ? ErrorCode::io_error : ErrorCode::unsupported;
  if (isMarkedOpen(error)) return ErrorCode::locked;
  if (error.minor == H5E_READERROR && error.major == H5E_IO) return ErrorCode::io_error;
  if (error.minor == H5E_CANTOPENFILE) return ErrorCode::io_error;
  if (error.minor == H5E_TRUNCATED) return ErrorCode::truncated;
  if (error.minor == H5E_READERROR && error.major == H5E_PLINE) return ErrorCode::unsupported;
  if (error.minor == H5E_NOFILTER || error.minor == H5E_VERSION) return ErrorCode::unsupported;
  return ErrorCode::not_hdf5;
}

}  // namespace

Failure takeHdf5Failure(std::string_view doing) {
  Innermost error;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keepFirst, &error);
  H5Eclear2(H5E_DEFAULT);
  if (error.description.empty()) error.description = "no reason given";
  const ErrorCode code = classify(error);
  if (isMarkedOpen(error)) {
    return {
        code,
        "is marked as open for writing; if no program writes it, its writer died: check the file, then clear "
        "the mark with \"h5clear -s FILE\""};
  }
  std::string message(code == ErrorCode::not_hdf5 ? "is damaged: " : "");
  return {code, message.append("HDF5 failed to ").append(doing).append(": ").append(error.description)};
}

}  // namespace pointing
