#include "simulator/time_chunks.h"

#include <algorithm>

#include "simulator/hdf5_handle.h"

namespace simulator {

pointing::Result<std::vector<TimeChunk>> timeChunks(const std::string& path) {
  const pointing::Failure failure{pointing::ErrorCode::io_error,
                                  "libhdf5 cannot find the chunks of time_array"};
  const FileHandle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT));
  const GroupHandle header(H5Gopen2(file, "Header", H5P_DEFAULT));
  const htri_t exists = H5Lexists(header, "time_array", H5P_DEFAULT);
  if (exists == 0) return std::vector<TimeChunk>{};

  const DatasetHandle times(H5Dopen2(header, "time_array", H5P_DEFAULT));
  const SpaceHandle space(H5Dget_space(times));
  const PropertiesHandle properties(H5Dget_create_plist(times));
  hsize_t nRows = 0;
  hsize_t chunkRows = 0;
  hsize_t nChunks = 0;
  if (H5Sget_simple_extent_dims(space, &nRows, nullptr) != 1 ||
      H5Pget_chunk(properties, 1, &chunkRows) != 1 || H5Dget_num_chunks(times, space, &nChunks) < 0) {
    return failure;
  }

  std::vector<TimeChunk> chunks;
  for (hsize_t i = 0; i < nChunks; ++i) {
    hsize_t firstRow = 0;
    haddr_t offset = HADDR_UNDEF;
    hsize_t bytes = 0;
    unsigned filters = 0;
    if (H5Dget_chunk_info(times, space, i, &firstRow, &filters, &offset, &bytes) < 0) return failure;
    chunks.push_back({offset, firstRow, std::min(chunkRows, nRows - firstRow)});
  }
  return chunks;
}

}  // namespace simulator
