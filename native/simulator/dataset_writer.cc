#include "simulator/dataset_writer.h"

#include <cerrno>
#include <cstdint>
#include <system_error>

#include "simulator/chunk_shape.h"

namespace simulator {
namespace {

constexpr unsigned kGzipLevel = 4;

SpaceHandle makeSpace(const Shape& shape, const Shape& maximum) {
  return SpaceHandle(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), maximum.data()));
}

PropertiesHandle creationProperties() {
  PropertiesHandle properties(H5Pcreate(H5P_DATASET_CREATE));
  H5Pset_obj_track_times(properties, false);
  return properties;
}

Shape withRows(hsize_t nRows, const Shape& rowShape) {
  Shape shape{nRows};
  shape.insert(shape.end(), rowShape.begin(), rowShape.end());
  return shape;
}

Shape currentShape(hid_t dataset) {
  const SpaceHandle space(H5Dget_space(dataset));
  const int rank = H5Sget_simple_extent_ndims(space);
  Shape shape(rank < 0 ? 0 : static_cast<std::size_t>(rank));
  H5Sget_simple_extent_dims(space, shape.data(), nullptr);
  return shape;
}

void setAutomaticChunks(hid_t properties, const Shape& shape, hid_t type) {
  const Shape chunk = automaticChunkShape(shape, H5Tget_size(type));
  H5Pset_chunk(properties, static_cast<int>(chunk.size()), chunk.data());
}

DatasetHandle create(hid_t group, const char* name, hid_t type, const Shape& rowShape, hid_t properties) {
  const SpaceHandle space = makeSpace(withRows(0, rowShape), withRows(H5S_UNLIMITED, rowShape));
  return DatasetHandle(H5Dcreate2(group, name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT));
}

}  // namespace

DatasetWriter::DatasetWriter(const std::vector<std::string>& skipped) {
  for (const std::string& name : skipped) skipped_[name] = false;
}

void DatasetWriter::put(hid_t group, const char* name, hid_t type, const Shape& shape, const void* values) {
  if (isSkipped(name)) return;
  const SpaceHandle space = makeSpace(shape, shape);
  // h5py gives a dataset its name only after its value.
  const DatasetHandle dataset(H5Dcreate_anon(group, type, space, creationProperties(), H5P_DEFAULT));
  check(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0 &&
            H5Olink(dataset, group, name, H5P_DEFAULT, H5P_DEFAULT) >= 0,
        name);
}

void DatasetWriter::putNumber(hid_t group, const char* name, double value, const Shape& shape) {
  put(group, name, H5T_NATIVE_DOUBLE, shape, &value);
}

void DatasetWriter::putCount(hid_t group, const char* name, hsize_t value) {
  const auto count = static_cast<std::int64_t>(value);
  put(group, name, H5T_NATIVE_INT64, {}, &count);
}

void DatasetWriter::putText(hid_t group, const char* name, const std::string& value) {
  const TypeHandle type(H5Tcopy(H5T_C_S1));
  H5Tset_size(type, value.size());
  H5Tset_strpad(type, H5T_STR_NULLPAD);
  put(group, name, type, {}, value.data());
}

void DatasetWriter::putVariableText(hid_t group, const char* name, const char* value) {
  const TypeHandle type(H5Tcopy(H5T_C_S1));
  H5Tset_size(type, H5T_VARIABLE);
  H5Tset_cset(type, H5T_CSET_UTF8);
  put(group, name, type, {}, &value);
}

void DatasetWriter::overwriteCount(hid_t group, const char* name, hsize_t value) {
  if (isSkipped(name)) return;
  const auto count = static_cast<std::int64_t>(value);
  const DatasetHandle dataset(H5Dopen2(group, name, H5P_DEFAULT));
  check(H5Dwrite(dataset, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, &count) >= 0, name);
}

void DatasetWriter::makeGrowing(hid_t group, const char* name, hid_t type, const Shape& rowShape,
                                bool compressed) {
  if (isSkipped(name)) return;
  const PropertiesHandle properties = creationProperties();
  setAutomaticChunks(properties, withRows(0, rowShape), type);
  H5Pset_fill_time(properties, H5D_FILL_TIME_ALLOC);
  if (compressed) {
    H5Pset_shuffle(properties);
    H5Pset_deflate(properties, kGzipLevel);
  }
  check(create(group, name, type, rowShape, properties) >= 0, name);
}

void DatasetWriter::appendRows(hid_t group, const char* name, hid_t type, hsize_t nRows, const void* values) {
  if (isSkipped(name)) return;
  // Reopened for each append, as h5py does: closing it writes its chunks and so fixes their places.
  const DatasetHandle dataset(H5Dopen2(group, name, H5P_DEFAULT));
  Shape shape = currentShape(dataset);
  if (!check(!shape.empty(), name)) return;
  Shape start(shape.size(), 0);
  start[0] = shape[0];
  shape[0] += nRows;
  H5Dset_extent(dataset, shape.data());

  shape[0] = nRows;
  const SpaceHandle inMemory = makeSpace(shape, shape);
  const SpaceHandle inFile(H5Dget_space(dataset));
  H5Sselect_hyperslab(inFile, H5S_SELECT_SET, start.data(), nullptr, shape.data(), nullptr);
  check(H5Dwrite(dataset, type, inMemory, inFile, H5P_DEFAULT, values) >= 0, name);
}

void DatasetWriter::makeHole(hid_t group, const char* name, hid_t type, const Shape& rowShape) {
  if (isSkipped(name)) return;
  const PropertiesHandle properties(H5Pcreate(H5P_DATASET_CREATE));
  setAutomaticChunks(properties, withRows(0, rowShape), type);
  H5Pset_alloc_time(properties, H5D_ALLOC_TIME_EARLY);
  H5Pset_fill_time(properties, H5D_FILL_TIME_NEVER);
  check(create(group, name, type, rowShape, properties) >= 0, name);
}

void DatasetWriter::growHole(hid_t group, const char* name, hsize_t nRows) {
  if (isSkipped(name)) return;
  const DatasetHandle dataset(H5Dopen2(group, name, H5P_DEFAULT));
  Shape shape = currentShape(dataset);
  if (!check(!shape.empty(), name)) return;
  shape[0] += nRows;
  check(H5Dset_extent(dataset, shape.data()) >= 0, name);
}

GroupHandle DatasetWriter::makeGroup(hid_t parent, const char* name) {
  GroupHandle group(H5Gcreate2(parent, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
  check(group >= 0, name);
  return group;
}

bool DatasetWriter::check(bool good, const std::string& what) {
  if (!good && fault_.empty())
    fault_ = errno == 0 ? what : what + ": " + std::generic_category().message(errno);
  return good;
}

std::string DatasetWriter::fault() const {
  if (!fault_.empty()) return fault_;
  for (const auto& [name, met] : skipped_) {
    if (!met) return "a file without " + name + ": it never has a dataset of that name";
  }
  return {};
}

bool DatasetWriter::isSkipped(const char* name) {
  const auto found = skipped_.find(name);
  if (found == skipped_.end()) return false;
  found->second = true;
  return true;
}

}  // namespace simulator
