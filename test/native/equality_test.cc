// Undamaged files of every structure: the readers agree to the last bit, and the direct reader declines just
// what it is meant to.
#include <doctest/doctest.h>

#include "guarded_libhdf5.h"
#include "observation.h"
#include "scratch_directory.h"
#include "support.h"

using namespace pointing;

namespace {

struct Variant {
  const char* name;
  Observation observation;
  bool isDirect;  // the direct reader reads it
};

const std::string kKeywords = "Header/extra_keywords/";
const std::set<std::string> kNoPointing = {kKeywords + "phase_center_dec", kKeywords + "ha_phase_center",
                                           kKeywords + "phase_center_epoch", "Header/phase_type"};

Observation with(std::function<void(Hdf5Writer&)> extra, std::set<std::string> without = {}) {
  return {.without = std::move(without), .extra = std::move(extra)};
}

Observation phased(const char* frame, std::function<void(Hdf5Writer&)> more = {}) {
  return with(
      [=](Hdf5Writer& writer) {
        writer.fixedText("Header/phase_type", "phased");
        if (frame) writer.heapText("Header/phase_center_frame", frame);
        writer.number("Header/phase_center_ra", 3.5, H5T_IEEE_F64LE);
        writer.number("Header/phase_center_dec", 0.5, H5T_IEEE_F64LE);
        if (more) more(writer);
      },
      kNoPointing);
}

std::vector<Variant> variants() {
  return {
      {"as the correlator writes", {}, true},
      {"contiguous", {.chunkLength = 0}, true},
      {"compact scalars and arrays", {.compact = true, .nTimes = 2, .nBls = 2}, true},
      {"one value a chunk, two levels of index", {.chunkLength = 1, .nTimes = 60}, true},
      {"chunk longer than the array", {.chunkLength = 1000}, true},
      {"float32", {.realType = H5T_IEEE_F32LE}, true},
      {"int32, shape (1,)", {.integerType = H5T_STD_I32LE, .scalarsAreArrays = true}, true},
      {"uint8", {.integerType = H5T_STD_U8LE}, true},
      {"gap", {.gapAfter = 2}, true},
      {"one integration", {.nTimes = 1}, true},
      {"long, read in pieces", {.chunkLength = 1024, .nTimes = 400, .nBls = 30, .gapAfter = 7}, true},
      {"no Ntimes", {.without = {"Header/Ntimes"}}, true},
      {"no Nbls", {.without = {"Header/Nbls"}}, true},
      {"no integration_time", {.without = {"Header/integration_time"}}, true},
      {"no declination", {.without = {kKeywords + "phase_center_dec"}}, true},
      {"no hour angle", {.without = {kKeywords + "ha_phase_center"}}, true},
      {"no keyword but the epoch",
       {.without = {kKeywords + "phase_center_dec", kKeywords + "ha_phase_center"}},
       true},
      {"no time_array", {.without = {"Header/time_array"}}, true},
      {"no site", {.without = {"Header/latitude"}}, true},
      {"nothing of pointing", {.without = kNoPointing}, true},
      {"null hour angle",
       with([](Hdf5Writer& writer) { writer.null("Header/extra_keywords/ha_phase_center"); },
            {kKeywords + "ha_phase_center"}),
       true},
      {"phased", phased(nullptr), true},
      {"phased in fk5", phased("fk5"), true},
      {"phased in fk5, J2000",
       phased("fk5", [](Hdf5Writer& writer) { writer.heapText("Header/phase_center_epoch", "J2000.0 "); }),
       true},
      {"phased in fk4", phased("fk4"), true},
      {"many members", with([](Hdf5Writer& writer) {
         for (int i = 0; i < 300; ++i) writer.number("Header/key" + std::to_string(i), i, H5T_IEEE_F64LE);
       }),
       true},
      {"gzip", {.gzip = true}, false},
      {"latest format", {.latest = true}, false},
      {"big-endian", {.realType = H5T_IEEE_F64BE}, false},
      {"big-endian integers", {.integerType = H5T_STD_I32BE}, false},
      {"text for a number",
       with([](Hdf5Writer& writer) { writer.fixedText("Header/latitude", "37"); }, {"Header/latitude"}),
       true},
      {"array for a number",
       with(
           [](Hdf5Writer& writer) {
             writer.numbers("Header/latitude", std::vector<double>{1, 2}, {H5T_IEEE_F64LE});
           },
           {"Header/latitude"}),
       false},
      {"two-dimensional times",
       with([](Hdf5Writer& writer) { writer.table("Header/time_array", 6, 3); }, {"Header/time_array"}),
       false},
      {"group for a number",
       with([](Hdf5Writer& writer) { writer.group("Header/latitude"); }, {"Header/latitude"}), false},
      {"soft link",
       with(
           [](Hdf5Writer& writer) {
             writer.number("Header/true_latitude", 12, H5T_IEEE_F64LE);
             writer.softLink("Header/latitude", "/Header/true_latitude");
           },
           {"Header/latitude"}),
       false},
      {"soft link to nothing",
       with([](Hdf5Writer& writer) { writer.softLink("Header/latitude", "/nothing"); }, {"Header/latitude"}),
       false},
  };
}

}  // namespace

TEST_CASE("both readers give the same, whatever structure a file has") {
  const ScratchDirectory directory;
  for (const Variant& variant : variants()) {
    CAPTURE(variant.name);
    const std::string path = directory / "observation.hdf5";
    writeObservation(path, variant.observation);
    const std::string libhdf5 = describe(readLibhdf5(path));
    const auto direct = readDirect(path);
    CAPTURE(libhdf5);
    CAPTURE(describe(direct));
    CHECK((direct.ok() || direct.failure().code != ErrorCode::declined) == variant.isDirect);
    if (variant.isDirect) CHECK(describe(direct) == libhdf5);
  }
}
