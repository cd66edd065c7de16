#pragma once
#include <optional>

#include "core/result.h"
#include "uvh5/header_source.h"
#include "uvh5/pointing_header.h"

namespace pointing {

// Header/telescope_name and antenna_diameters. Values that are absent, of an unexpected kind or not from 0.1
// to 1000 m are left out; only a file that cannot be read at all is a failure.
Result<Instrument> readInstrument(HeaderSource& source);

// From the lower edge of the lowest channel to the upper edge of the highest, by Header/freq_array (the
// centres) and channel_width, one for all or one each. Empty: as above, or not within 1 MHz to 1 THz.
Result<std::optional<Band>> readBand(HeaderSource& source);

}  // namespace pointing
