#include "simulator/correlator.h"

#include <chrono>
#include <thread>

#include "simulator/uvh5_file.h"

namespace simulator {

std::optional<pointing::Failure> Correlator::write(const std::string& path, const Observation& observation) {
  if (model_ && model_->decDeg == observation.decDeg && model_->haDeg == observation.haDeg) {
    return writeFromModel(path, observation);
  }
  if (auto failure = writeThroughLibhdf5(path, observation)) return failure;
  // Compressed times differ in length too, and a slow writer has to be libhdf5 itself.
  if (layout_.compressTimes || pauseMs_ > 0) return std::nullopt;
  return keepAsModel(path, observation);
}

std::optional<pointing::Failure> Correlator::writeThroughLibhdf5(const std::string& path,
                                                                 const Observation& observation) {
  Uvh5File file(path, layout_, observation);
  for (hsize_t i = 0; i < layout_.nTimes; ++i) {
    file.append();
    if (pauseMs_ == 0) continue;
    file.flush();
    std::this_thread::sleep_for(std::chrono::milliseconds(pauseMs_));
  }
  return file.close();
}

std::optional<pointing::Failure> Correlator::keepAsModel(const std::string& path,
                                                         const Observation& observation) {
  auto image = FileImage::read(path);
  if (!image) return image.failure();
  auto chunks = timeChunks(path);
  if (!chunks) return chunks.failure();
  model_ = Model{observation.decDeg, observation.haDeg, std::move(*image), std::move(*chunks)};
  return std::nullopt;
}

std::optional<pointing::Failure> Correlator::writeFromModel(const std::string& path,
                                                            const Observation& observation) {
  const std::vector<double> times = midTimesJdUtc(layout_, observation);
  for (const TimeChunk& chunk : model_->timeChunks) {
    std::vector<double> rows(chunk.nRows);
    for (std::uint64_t i = 0; i < chunk.nRows; ++i)
      rows[i] = times[(chunk.firstRow + i) / layout_.nBaselines()];
    model_->image.overwrite(chunk.fileOffset, rows.data(), rows.size() * sizeof(double));
  }
  return model_->image.write(path);
}

}  // namespace simulator
