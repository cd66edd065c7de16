#pragma once
#include <optional>
#include <string_view>

#include "core/result.h"
#include "uvh5/header_source.h"
#include "uvh5/pointing_header.h"

namespace pointing {

// A direction fixed on the sky.
struct PhaseCenter {
  double lonRad;
  double latRad;
  Frame frame;
  double equinoxYear;  // Julian epoch; means something for fk5 alone
};

// The phase centre by UVH5's own keywords: phase_center_catalog, or phase_type and phase_center_ra/dec in
// older files. Empty: the data are not phased, the telescope looks at the zenith (drift, unprojected).
Result<std::optional<PhaseCenter>> readPhaseCenter(HeaderSource& source);

// out_of_range where the angle is not finite or its size is over `limitDeg` degrees.
Status checkAngle(std::string_view path, double angleRad, double limitDeg);

}  // namespace pointing
