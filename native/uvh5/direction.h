#pragma once
#include "core/result.h"
#include "uvh5/header_source.h"
#include "uvh5/pointing_header.h"

namespace pointing {

// Where a UVH5 header says that the telescope pointed; of the angles only those of its kind are set.
struct Direction {
  Kind kind;
  double haRad = 0;
  double decRad = 0;
  PhaseCenter center = {};
};

// In this order (UVH5 memo, "Phase centers"; DSA-110's writer for the first):
//   extra_keywords/phase_center_dec or ha_phase_center, or phase_center_epoch "HADEC": hadec. The epoch may
//     also be the number 2000, which that writer stored until 2022-01-18 for the same thing
//   phase_center_catalog: the entry that most rows of phase_center_id_array use
//   phase_type drift: zenith; phased: sidereal, phase_center_ra and phase_center_dec
// Failures: no_declination, no_hour_angle; unsupported, naming what is; out_of_range, naming the value; the
// source's.
Result<Direction> readDirection(HeaderSource& source, const Site& site);

}  // namespace pointing
