#pragma once
#include <optional>
#include <string_view>

#include "core/result.h"
#include "uvh5/header_source.h"
#include "uvh5/pointing_header.h"

namespace pointing {

// An epoch as UVH5 stores it: a number of years, or text such as J2000.0 or B1950. A number is Julian, but
// Besselian in fk4 (UVH5 memo, "cat_epoch"). Empty: absent. Failures: unsupported, text of another form; the
// source's.
Result<std::optional<Epoch>> readEpoch(HeaderSource& source, std::string_view path, Frame frame);

}  // namespace pointing
