#pragma once
#include <map>
#include <string>
#include <vector>

#include "core/result.h"
#include "simulator/hdf5_handle.h"

namespace simulator {

using Shape = std::vector<hsize_t>;

// Makes and fills datasets by the calls of libhdf5 that h5py makes, in h5py's order, since these decide where
// each byte of the file lies. Types are those of libhdf5; shapes are elements along each axis, {} for a
// scalar.
//
// The first call that fails is remembered and later ones are vain; fault() tells what could not be written.
class DatasetWriter {
 public:
  // skipped: names of datasets to leave out; naming one that is never made is a fault.
  explicit DatasetWriter(const std::vector<std::string>& skipped);

  // A dataset of fixed shape, with its value.
  void put(hid_t group, const char* name, hid_t type, const Shape& shape, const void* values);
  void putNumber(hid_t group, const char* name, double value, const Shape& shape = {});
  void putCount(hid_t group, const char* name, hsize_t value);
  void putText(hid_t group, const char* name, const std::string& value);   // bytes of fixed length
  void putVariableText(hid_t group, const char* name, const char* value);  // kept in the file's global heap

  void overwriteCount(hid_t group, const char* name, hsize_t value);

  // A dataset with no rows yet and chunks of h5py's choice. rowShape: the axes after the first.
  void makeGrowing(hid_t group, const char* name, hid_t type, const Shape& rowShape, bool compressed = false);
  void appendRows(hid_t group, const char* name, hid_t type, hsize_t nRows, const void* values);

  // The same, of space that is taken as it grows and never written: a hole in the file.
  void makeHole(hid_t group, const char* name, hid_t type, const Shape& rowShape);
  void growHole(hid_t group, const char* name, hsize_t nRows);

  GroupHandle makeGroup(hid_t parent, const char* name);
  // Remembers `what`, with the system's reason if it has one, if this is the first failure.
  bool check(bool good, const std::string& what);
  std::string fault() const;  // empty on success

 private:
  bool isSkipped(const char* name);

  std::map<std::string, bool> skipped_;  // whether the name was met yet
  std::string fault_;
};

}  // namespace simulator
