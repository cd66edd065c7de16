#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "simulator/dataset_writer.h"
#include "simulator/file_layout.h"
#include "simulator/observation.h"

namespace simulator {

// One UVH5 file while the correlator writes it: the constructor makes every dataset, each append adds one
// integration to those that grow, and close ends the file. Chunks of the growing datasets interleave and
// scatter over it, and the space of the visibilities, flags and sample counts is taken but never written, so
// that a file of the telescope's size costs little disk.
//
// Faults are kept until close.
class Uvh5File {
 public:
  Uvh5File(const std::string& path, const FileLayout& layout, const Observation& observation);

  void append();
  void flush();  // shows other processes what was appended so far
  std::optional<pointing::Failure> close();

 private:
  void makeArrayDescription();
  void makeSpectrum();
  void makeKeywords();
  void makeData();

  FileLayout layout_;
  Observation observation_;
  std::vector<double> midTimesJdUtc_;   // of each integration
  hsize_t nTimes_ = 0;                  // integrations written
  std::vector<std::int64_t> antenna1_;  // of each baseline
  std::vector<std::int64_t> antenna2_;
  DatasetWriter writer_;
  FileHandle file_;
  GroupHandle header_;
  GroupHandle keywords_;
  GroupHandle data_;
};

}  // namespace simulator
