#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "simulator/file_image.h"
#include "simulator/file_layout.h"
#include "simulator/observation.h"
#include "simulator/time_chunks.h"

namespace simulator {

// Writes whole files of one layout. Files of one direction differ only in their times, so after the first
// they are written from memory, byte for byte as libhdf5 would write them and many times faster.
class Correlator {
 public:
  // pauseMs: to wait between integrations, each shown to readers as soon as it is appended; 0 for as fast as
  // can be.
  Correlator(FileLayout layout, int pauseMs) : layout_(std::move(layout)), pauseMs_(pauseMs) {}

  // The failure's message does not name the path.
  std::optional<pointing::Failure> write(const std::string& path, const Observation& observation);

 private:
  struct Model {
    double decDeg;
    double haDeg;
    FileImage image;
    std::vector<TimeChunk> timeChunks;
  };

  std::optional<pointing::Failure> writeThroughLibhdf5(const std::string& path,
                                                       const Observation& observation);
  std::optional<pointing::Failure> writeFromModel(const std::string& path, const Observation& observation);
  std::optional<pointing::Failure> keepAsModel(const std::string& path, const Observation& observation);

  FileLayout layout_;
  int pauseMs_;
  std::optional<Model> model_;
};

}  // namespace simulator
