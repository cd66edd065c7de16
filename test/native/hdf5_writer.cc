#include "hdf5_writer.h"

#include <cstdio>
#include <cstdlib>
#include <vector>

namespace pointing {

namespace {

hid_t checked(hid_t id) {
  if (id >= 0) return id;
  H5Eprint2(H5E_DEFAULT, stderr);
  std::abort();
}

}  // namespace

Hdf5Writer::Hdf5Writer(const std::string& path, bool latest) {
  const hid_t access = checked(H5Pcreate(H5P_FILE_ACCESS));
  // Said here, as libhdf5's own default differs from version to version.
  checked(H5Pset_libver_bounds(access, latest ? H5F_LIBVER_LATEST : H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST));
  file_ = checked(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access));
  H5Pclose(access);
  links_ = checked(H5Pcreate(H5P_LINK_CREATE));
  checked(H5Pset_create_intermediate_group(links_, 1));
}

Hdf5Writer::~Hdf5Writer() {
  H5Pclose(links_);
  checked(H5Fclose(file_));
}

void Hdf5Writer::write(const std::string& path, hid_t fileType, hid_t space, hid_t properties,
                       hid_t memoryType, const void* data) {
  const hid_t dataset =
      checked(H5Dcreate2(file_, path.c_str(), fileType, checked(space), links_, properties, H5P_DEFAULT));
  if (data) checked(H5Dwrite(dataset, memoryType, H5S_ALL, H5S_ALL, H5P_DEFAULT, data));
  H5Dclose(dataset);
  H5Sclose(space);
}

void Hdf5Writer::number(const std::string& path, double value, hid_t type, bool oneDimension) {
  const hsize_t one = 1;
  write(path, type, oneDimension ? H5Screate_simple(1, &one, nullptr) : H5Screate(H5S_SCALAR), H5P_DEFAULT,
        H5T_NATIVE_DOUBLE, &value);
}

void Hdf5Writer::numbers(const std::string& path, std::span<const double> values, const Storage& storage) {
  const hsize_t size = values.size(), unlimited = H5S_UNLIMITED;
  const hid_t properties = checked(H5Pcreate(H5P_DATASET_CREATE));
  if (storage.compact) checked(H5Pset_layout(properties, H5D_COMPACT));
  if (storage.chunkLength) checked(H5Pset_chunk(properties, 1, &storage.chunkLength));
  if (storage.gzip) checked(H5Pset_deflate(properties, 1));
  const hsize_t row[] = {1, size};
  const hid_t space = storage.asRow ? H5Screate_simple(2, row, nullptr)
                                    : H5Screate_simple(1, &size, storage.chunkLength ? &unlimited : nullptr);
  write(path, storage.type, space, properties, H5T_NATIVE_DOUBLE, values.data());
  H5Pclose(properties);
}

void Hdf5Writer::claim(const std::string& path, hsize_t length, const Storage& storage) {
  const hsize_t unlimited = H5S_UNLIMITED;
  const hid_t properties = checked(H5Pcreate(H5P_DATASET_CREATE));
  checked(H5Pset_fill_time(properties, H5D_FILL_TIME_NEVER));
  if (storage.chunkLength) {
    checked(H5Pset_chunk(properties, 1, &storage.chunkLength));
  } else {
    checked(H5Pset_alloc_time(properties, H5D_ALLOC_TIME_EARLY));
  }
  if (storage.gzip) checked(H5Pset_deflate(properties, 1));
  write(path, storage.type, H5Screate_simple(1, &length, storage.chunkLength ? &unlimited : nullptr),
        properties, storage.type, nullptr);
  H5Pclose(properties);
  if (!storage.chunkLength) return;
  const hid_t dataset = checked(H5Dopen2(file_, path.c_str(), H5P_DEFAULT));
  const hid_t space = checked(H5Dget_space(dataset)), scalar = checked(H5Screate(H5S_SCALAR));
  const hsize_t first = 0;
  const double zero = 0;
  checked(H5Sselect_elements(space, H5S_SELECT_SET, 1, &first));
  checked(H5Dwrite(dataset, H5T_NATIVE_DOUBLE, scalar, space, H5P_DEFAULT, &zero));
  H5Sclose(scalar);
  H5Sclose(space);
  H5Dclose(dataset);
}

void Hdf5Writer::table(const std::string& path, hsize_t rows, hsize_t columns) {
  const hsize_t sizes[] = {rows, columns};
  const std::vector<double> values(rows * columns);
  write(path, H5T_IEEE_F64LE, H5Screate_simple(2, sizes, nullptr), H5P_DEFAULT, H5T_NATIVE_DOUBLE,
        values.data());
}

void Hdf5Writer::fixedText(const std::string& path, const std::string& text) {
  const hid_t type = checked(H5Tcopy(H5T_C_S1));
  checked(H5Tset_size(type, text.size()));
  checked(H5Tset_strpad(type, H5T_STR_NULLPAD));
  write(path, type, H5Screate(H5S_SCALAR), H5P_DEFAULT, type, text.data());
  H5Tclose(type);
}

void Hdf5Writer::heapText(const std::string& path, const std::string& text) {
  const hid_t type = checked(H5Tcopy(H5T_C_S1));
  checked(H5Tset_size(type, H5T_VARIABLE));
  const char* characters = text.c_str();
  write(path, type, H5Screate(H5S_SCALAR), H5P_DEFAULT, type, &characters);
  H5Tclose(type);
}

void Hdf5Writer::null(const std::string& path) {
  write(path, H5T_IEEE_F64LE, H5Screate(H5S_NULL), H5P_DEFAULT, H5T_NATIVE_DOUBLE, nullptr);
}

void Hdf5Writer::group(const std::string& path) {
  H5Gclose(checked(H5Gcreate2(file_, path.c_str(), links_, H5P_DEFAULT, H5P_DEFAULT)));
}

void Hdf5Writer::softLink(const std::string& path, const std::string& target) {
  checked(H5Lcreate_soft(target.c_str(), file_, path.c_str(), links_, H5P_DEFAULT));
}

void Hdf5Writer::externalLink(const std::string& path, const std::string& file, const std::string& target) {
  checked(H5Lcreate_external(file.c_str(), target.c_str(), file_, path.c_str(), links_, H5P_DEFAULT));
}

}  // namespace pointing
