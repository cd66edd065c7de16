#pragma once
#include <string_view>
#include <variant>

#include "core/result.h"
#include "uvh5/header_source.h"
#include "uvh5/pointing_header.h"

namespace pointing {

// The data are not phased: the telescope looks at the zenith (drift, unprojected).
struct Unphased {};

// A direction fixed to the ground (driftscan).
struct Horizontal {
  double azimuthRad;  // from north through east
  double altitudeRad;
};

using PhasedTo = std::variant<Unphased, Horizontal, PhaseCenter>;

// The phase centre by UVH5's own keywords: phase_center_catalog, or phase_type and phase_center_ra/dec in
// older files. There, where no frame is named, phase_center_epoch tells it as EQUINOX does in FITS: before
// 1984 fk4, later fk5, but 2000, pyuvdata's own, icrs. Failures: unsupported (another type, frame or epoch,
// or a key missing), no_declination, out_of_range, and the source's.
Result<PhasedTo> readPhaseCenter(HeaderSource& source);

// out_of_range where the angle is not finite or its size is over `limitDeg` degrees.
Status checkAngle(std::string_view path, double angleRad, double limitDeg);

}  // namespace pointing
