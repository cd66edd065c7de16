#pragma once
#include <string>

#include "core/result.h"
#include "uvh5/header_source.h"

namespace pointing {

// Header/phase_center_catalog, which maps ids to phase centres.
inline constexpr char kCatalog[] = "Header/phase_center_catalog";

// The path of the entry that most rows of Header/phase_center_id_array use, the one with the smallest id
// where several do; of a single entry without that array, that entry. Entries are named by their id (pyuvdata
// >= 2.2.9) or hold it as cat_id. Failures: unsupported, an empty catalogue or no ids for several entries;
// out_of_range, an id that no entry has; the source's.
Result<std::string> mainCatalogEntry(HeaderSource& source);

}  // namespace pointing
