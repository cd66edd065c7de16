#pragma once
#include <string>

#include "core/result.h"
#include "uvh5/header_source.h"
#include "uvh5/pointing_header.h"

namespace pointing {

// cat_pm_ra and cat_pm_dec (milliarcseconds a year; the first as dRA/dt, which is what pyuvdata passes to
// ERFA), cat_dist (parsecs) and cat_vrad (km/s) of a catalogue entry; what is absent is 0. Failures:
// out_of_range: not finite, or a negative distance; the source's.
Result<SpaceMotion> readSpaceMotion(HeaderSource& source, const std::string& entry);

}  // namespace pointing
