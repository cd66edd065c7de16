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
  double lonRad = 0;
  double latRad = 0;
  Frame frame = Frame::icrs;
  double equinoxYear = 2000;
};

// In this order (UVH5 memo, "Phase centers"; DSA-110's writer for the first):
//   extra_keywords/{phase_center_dec, ha_phase_center, phase_center_epoch}, any of them: hadec
//   phase_center_catalog: the entry with most rows of phase_center_id_array; proper motions (below an
//   arcsecond
//     since 2000 for all but a few near stars) are left out
//   phase_type drift: zenith; phased: sidereal, phase_center_ra and phase_center_dec
// Failures: no_declination, no_hour_angle; unsupported, naming what is; out_of_range, naming the value; the
// source's.
Result<Direction> readDirection(HeaderSource& source, const Site& site);

}  // namespace pointing
