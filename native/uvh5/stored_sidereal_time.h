#pragma once
#include <optional>

#include "core/result.h"
#include "uvh5/header_source.h"
#include "uvh5/pointing_header.h"

namespace pointing {

// The value in the middle of Header/lst_array (UVH5 memo: local sidereal time of each row of time_array,
// radians) with its time; empty: the file has no such array. Failures: out_of_range: not as long as
// time_array, or not finite there; the source's.
Result<std::optional<StoredSiderealTime>> readStoredSiderealTime(HeaderSource& source);

}  // namespace pointing
