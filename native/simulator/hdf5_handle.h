#pragma once
#include <hdf5.h>

#include <utility>

namespace simulator {

// Owns one libhdf5 identifier and closes it. A negative one means that the call which made it failed: libhdf5
// then refuses every later call with it, so a chain of calls need be checked only at its end.
template <herr_t (*close)(hid_t)>
class Hdf5Handle {
 public:
  Hdf5Handle() = default;
  explicit Hdf5Handle(hid_t id) : id_(id) {}
  Hdf5Handle(Hdf5Handle&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)) {}
  Hdf5Handle& operator=(Hdf5Handle&& other) noexcept {
    std::swap(id_, other.id_);
    return *this;
  }
  ~Hdf5Handle() { release(); }

  // Closes it now and says whether that went well: for a file this is when its last bytes are written.
  bool release() { return id_ < 0 || close(std::exchange(id_, H5I_INVALID_HID)) >= 0; }
  operator hid_t() const { return id_; }

 private:
  hid_t id_ = H5I_INVALID_HID;
};

using FileHandle = Hdf5Handle<H5Fclose>;
using GroupHandle = Hdf5Handle<H5Gclose>;
using DatasetHandle = Hdf5Handle<H5Dclose>;
using SpaceHandle = Hdf5Handle<H5Sclose>;
using TypeHandle = Hdf5Handle<H5Tclose>;
using PropertiesHandle = Hdf5Handle<H5Pclose>;

}  // namespace simulator
