#pragma once
#include <hdf5.h>

#include <optional>
#include <string>
#include <vector>

namespace simulator {

// The telescope's own size: 145 MB a file, nearly all of it the hole of the visibilities.
inline constexpr hsize_t kTelescopeAnts = 96;
inline constexpr hsize_t kTelescopeFreqs = 48;

// What decides where things lie in a file: two files of the same layout differ only in values.
struct FileLayout {
  hsize_t nAnts = 12;
  hsize_t nTimes = 24;  // integrations
  hsize_t nFreqs = 4;
  hsize_t nPols = 2;
  hsize_t nAntsTelescope = 117;
  bool compressTimes = false;        // gzip and shuffle on time_array
  bool latestFormat = false;         // libhdf5's newest structures in place of the oldest
  bool epochAsNumber = false;        // phase_center_epoch is 2000, as until 2022-01-18, not HADEC
  bool keywordsAsArrays = false;     // phase_center_dec and ha_phase_center of shape (1,), not 0-d
  std::optional<hsize_t> gapAfter;   // six integrations are missing after this one, counted from 0
  std::vector<std::string> skipped;  // names of datasets to leave out

  hsize_t nBaselines() const { return nAnts * (nAnts + 1) / 2; }  // autocorrelations included
};

}  // namespace simulator
