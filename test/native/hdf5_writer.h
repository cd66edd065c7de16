#pragma once
#include <hdf5.h>

#include <span>
#include <string>

namespace pointing {

// How a dataset of numbers lies in its file.
struct Storage {
  hid_t type;               // in the file; H5T_IEEE_F64LE and the like
  hsize_t chunkLength = 0;  // 0: contiguous
  bool gzip = false;
  bool compact = false;
  bool asRow = false;  // of shape (1, length), not (length)
};

// Writes an HDF5 file with libhdf5, one dataset a call; groups on the way are made. A failing call ends the
// program, since then the test is wrong. Strings of variable length go to the global heap.
class Hdf5Writer {
 public:
  // `latest`: superblock 3 and new-style groups instead of the oldest format.
  explicit Hdf5Writer(const std::string& path, bool latest = false);
  Hdf5Writer(const Hdf5Writer&) = delete;
  Hdf5Writer& operator=(const Hdf5Writer&) = delete;
  ~Hdf5Writer();

  void number(const std::string& path, double value, hid_t type, bool oneDimension = false);
  void numbers(const std::string& path, std::span<const double> values, const Storage& storage);
  // `length` values, of which contiguous ones are a hole in the file, and chunks are not there but for the
  // first, since an array of which nothing was ever written counts as absent.
  void claim(const std::string& path, hsize_t length, const Storage& storage);
  void table(const std::string& path, hsize_t rows, hsize_t columns);  // of zeros
  void fixedText(const std::string& path, const std::string& text);
  void heapText(const std::string& path, const std::string& text);
  void null(const std::string& path);  // a dataset without a value
  void group(const std::string& path);
  void softLink(const std::string& path, const std::string& target);
  void externalLink(const std::string& path, const std::string& file, const std::string& target);
  hid_t file() const { return file_; }

 private:
  void write(const std::string& path, hid_t fileType, hid_t space, hid_t properties, hid_t memoryType,
             const void* data);

  hid_t file_;
  hid_t links_;  // makes intermediate groups
};

}  // namespace pointing
