#include "scan/name_pattern.h"

#include <doctest/doctest.h>

using pointing::matches;

TEST_CASE("A name matches as a shell would have it") {
  CHECK(matches("2025-10-04T15:12:13_sb00.hdf5", "*_sb00.hdf5"));
  CHECK(matches("2025-10-04T15:12:13_sb00.hdf5", "2025-1?-*_sb[0-9][0-9].hdf5"));
  CHECK_FALSE(matches("2025-10-04T15:12:13_sb01.hdf5", "*_sb00.hdf5"));
  CHECK_FALSE(matches("2025-10-04T15:12:13_sb00.hdf5.part", "*_sb00.hdf5"));
  CHECK_FALSE(matches("2025-10-04T15:12:13_SB00.HDF5", "*_sb00.hdf5"));
  CHECK_FALSE(matches("", "*_sb00.hdf5"));
}

TEST_CASE("Hidden names need a pattern with a leading dot") {
  CHECK_FALSE(matches(".x_sb00.hdf5", "*_sb00.hdf5"));
  CHECK_FALSE(matches(".x_sb00.hdf5", "?x_sb00.hdf5"));
  CHECK(matches(".x_sb00.hdf5", ".*_sb00.hdf5"));
}

TEST_CASE("The correlator's unfinished files never match") {
  CHECK_FALSE(matches("x_sb00_incomplete.hdf5", "*.hdf5"));
  CHECK_FALSE(matches("x_incomplete_sb00.hdf5", "*_incomplete*"));
}

TEST_CASE("Bytes that are no text are compared as they are") {
  CHECK(matches("\xff_sb00.hdf5", "*_sb00.hdf5"));
  CHECK_FALSE(matches("\xff", "\xfe"));
}
