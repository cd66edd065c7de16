// Every code that a reader can give, from real files, with both readers (the direct one may leave it to
// libhdf5), and messages that name what is at fault. crashed and timeout are given by the process that
// watches the readers.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <numbers>

#include "core/text.h"
#include "guarded_libhdf5.h"
#include "observation.h"
#include "scratch_directory.h"
#include "support.h"

using namespace pointing;

namespace {

const std::string kKeywords = "Header/extra_keywords/";
const double kNan = std::numeric_limits<double>::quiet_NaN();

void checkFileFailure(const std::string& path, ErrorCode code, const std::string& named) {
  CAPTURE(named);
  const auto libhdf5 = readLibhdf5(path);
  REQUIRE_FALSE(libhdf5.ok());
  CHECK(kErrorCodeNames[static_cast<std::size_t>(libhdf5.failure().code) - 1] ==
        kErrorCodeNames[static_cast<std::size_t>(code) - 1]);
  CHECK_MESSAGE(libhdf5.failure().message.find(named) != std::string::npos, libhdf5.failure().message);
  const auto direct = readDirect(path);
  REQUIRE_FALSE(direct.ok());
  if (direct.failure().code != ErrorCode::declined) CHECK(describe(direct) == describe(libhdf5));
}

Result<PointingHeader> headerOf(const Observation& observation) {
  const ScratchDirectory directory;
  const std::string path = directory / "observation.hdf5";
  writeObservation(path, observation);
  return readLibhdf5(path);
}

void checkFailure(const Observation& observation, ErrorCode code, const std::string& named) {
  const ScratchDirectory directory;
  const std::string path = directory / "observation.hdf5";
  writeObservation(path, observation);
  checkFileFailure(path, code, named);
}

Observation replacing(const std::string& name, double value, hid_t type = H5T_IEEE_F64LE) {
  return {.without = {name}, .extra = [=](Hdf5Writer& writer) { writer.number(name, value, type); }};
}

Observation replacing(const std::string& name, const std::string& text) {
  return {.without = {name}, .extra = [=](Hdf5Writer& writer) { writer.heapText(name, text); }};
}

Observation times(std::vector<double> values, hid_t type = H5T_IEEE_F64LE) {
  return {.without = {"Header/time_array"},
          .extra = [=](Hdf5Writer& writer) { writer.numbers("Header/time_array", values, {type, 4}); }};
}

Observation phaseCenter(std::function<void(Hdf5Writer&)> write) {
  return {.without = {kKeywords + "phase_center_dec", kKeywords + "ha_phase_center",
                      kKeywords + "phase_center_epoch", "Header/phase_type"},
          .extra = std::move(write)};
}

}  // namespace

TEST_CASE("not_hdf5") {
  const ScratchDirectory directory;
  const std::string path = directory / "observation.hdf5";
  SUBCASE("text") {
    writeBytes(path, std::as_bytes(std::span(std::string_view("text, and more of it, and no HDF5"))));
    checkFileFailure(path, ErrorCode::not_hdf5, "no HDF5 signature");
  }
  SUBCASE("a few bytes") {
    writeBytes(path, std::as_bytes(std::span(std::string_view("no"))));
    checkFileFailure(path, ErrorCode::not_hdf5, "no HDF5 signature");
  }
  SUBCASE("damaged inside") {
    writeObservation(path, {});
    auto bytes = bytesOf(path);
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    for (std::size_t at = text.find("TREE"); at != text.npos; at = text.find("TREE", at + 1)) {
      bytes[at] = std::byte{'X'};
    }
    writeBytes(path, bytes);
    checkFileFailure(path, ErrorCode::not_hdf5, "is damaged: ");
  }
}

TEST_CASE("truncated") {
  const ScratchDirectory directory;
  const std::string path = directory / "observation.hdf5";
  for (const bool latest : {false, true}) {
    writeObservation(path, {.latest = latest});
    const auto whole = bytesOf(path);
    const std::string size = std::to_string(whole.size());
    for (const std::size_t kept : {whole.size() - 1, whole.size() / 2, std::size_t{200}}) {
      writeBytes(path, std::span(whole).first(kept));
      checkFileFailure(path, ErrorCode::truncated, std::to_string(kept) + " of " + size + " bytes");
    }
    for (const std::size_t kept : {47, 8, 7, 1}) {
      writeBytes(path, std::span(whole).first(kept));
      checkFileFailure(path, ErrorCode::truncated, std::to_string(kept) + " of ");
    }
  }
  writeBytes(path, {});
  checkFileFailure(path, ErrorCode::truncated, "is empty");
}

TEST_CASE("no_header") {
  const ScratchDirectory directory;
  const std::string path = directory / "observation.hdf5";
  {
    Hdf5Writer(path).group("Data");
  }
  checkFileFailure(path, ErrorCode::no_header, "Header");
  for (const char* name : {"Header/latitude", "Header/longitude", "Header/altitude"}) {
    checkFailure({.without = {name}}, ErrorCode::no_header, name);
  }
}

TEST_CASE("no_time_array") {
  checkFailure({.without = {"Header/time_array"}}, ErrorCode::no_time_array, "Header/time_array is missing");
  checkFailure(times({}), ErrorCode::no_time_array, "Header/time_array is empty");
}

TEST_CASE("no_declination and no_hour_angle: never a reason to fall back to the zenith") {
  checkFailure({.without = {kKeywords + "phase_center_dec"}}, ErrorCode::no_declination, "phase_center_dec");
  checkFailure({.without = {kKeywords + "ha_phase_center"}}, ErrorCode::no_hour_angle, "ha_phase_center");
  checkFailure({.without = {kKeywords + "phase_center_dec", kKeywords + "ha_phase_center"}},
               ErrorCode::no_declination, "phase_center_dec");
}

TEST_CASE("a number that was made and never written is missing, and not 0") {
  const auto make = [](Hdf5Writer& writer, const std::string& name, hid_t space, hid_t properties) {
    H5Dclose(
        H5Dcreate2(writer.file(), name.c_str(), H5T_IEEE_F64LE, space, H5P_DEFAULT, properties, H5P_DEFAULT));
    H5Sclose(space);
  };
  const auto unwritten = [=](const std::string& name, hid_t properties) {
    return Observation{.without = {name}, .extra = [=](Hdf5Writer& writer) {
                         make(writer, name, H5Screate(H5S_SCALAR), properties);
                       }};
  };
  const auto makeArray = [=](Hdf5Writer& writer, const std::string& name) {
    const hsize_t length = 18;
    make(writer, name, H5Screate_simple(1, &length, nullptr), H5P_DEFAULT);
  };
  const std::string declination = kKeywords + "phase_center_dec";
  checkFailure(unwritten(declination, H5P_DEFAULT), ErrorCode::no_declination, "phase_center_dec is missing");
  checkFailure(unwritten("Header/latitude", H5P_DEFAULT), ErrorCode::no_header, "Header/latitude is missing");
  const hid_t stated = H5Pcreate(H5P_DATASET_CREATE);
  const double decRad = 0.5;
  H5Pset_fill_value(stated, H5T_NATIVE_DOUBLE, &decRad);
  const auto header = headerOf(unwritten(declination, stated));
  H5Pclose(stated);
  REQUIRE(header.ok());
  CHECK(header->decRad == decRad);

  checkFailure({.without = {"Header/time_array"},
                .extra = [=](Hdf5Writer& writer) { makeArray(writer, "Header/time_array"); }},
               ErrorCode::no_time_array, "Header/time_array is missing");
  const auto withoutSiderealTimes =
      headerOf({.extra = [=](Hdf5Writer& writer) { makeArray(writer, "Header/lst_array"); }});
  REQUIRE(withoutSiderealTimes.ok());
  CHECK_FALSE(withoutSiderealTimes->storedSiderealTime.has_value());
  checkFailure(phaseCenter([=](Hdf5Writer& writer) {
                 for (const std::string entry : {"0", "7"}) {
                   writer.fixedText("Header/phase_center_catalog/" + entry + "/cat_type", "unprojected");
                 }
                 makeArray(writer, "Header/phase_center_id_array");
               }),
               ErrorCode::unsupported, "phase_center_id_array is missing");
}

TEST_CASE("bad_type") {
  for (const std::string name : {"Header/latitude", "Header/Ntimes", "Header/extra_keywords/phase_center_dec",
                                 "Header/extra_keywords/ha_phase_center"}) {
    checkFailure(replacing(name, "text"), ErrorCode::bad_type, name + " is text");
  }
  for (const hid_t type : {H5T_IEEE_F32LE, H5T_IEEE_F32BE, H5T_STD_I32LE, H5T_STD_U16LE, H5T_STD_I64LE}) {
    checkFailure(times(std::vector<double>(18, 60953), type), ErrorCode::bad_type,
                 "cannot hold a Julian Date");
  }
  checkFailure(replacing("Header/time_array", "text"), ErrorCode::bad_type, "Header/time_array is text");
  checkFailure({.without = {"Header/altitude"},
                .extra = [](Hdf5Writer& writer) { writer.table("Header/altitude", 2, 2); }},
               ErrorCode::bad_type, "2 dimensions");
  checkFailure(
      {.without = {"Header/altitude"}, .extra = [](Hdf5Writer& writer) { writer.group("Header/altitude"); }},
      ErrorCode::bad_type, "Header/altitude is not a dataset");
  checkFailure(replacing(kKeywords + "phase_center_epoch", std::string(300, 'x')), ErrorCode::bad_type,
               "a long text");
}

TEST_CASE("out_of_range") {
  const std::string dec = kKeywords + "phase_center_dec", ha = kKeywords + "ha_phase_center";
  for (const double value : {1.58, -1.58, kNan, std::numeric_limits<double>::infinity()}) {
    checkFailure(replacing(dec, value), ErrorCode::out_of_range, dec);
  }
  checkFailure(replacing(ha, 3.15), ErrorCode::out_of_range, "3.15 rad");
  // What the DSA-110's writer stores where it knows neither the dishes' direction nor the time: the horizon,
  // MJD 55000 and 59000.5.
  checkFailure(replacing(dec, (37.2334051 - 90) * std::numbers::pi / 180), ErrorCode::out_of_range,
               "not above the horizon");
  for (const double jd : {2455000.5, 2459001.0}) {
    checkFailure(times(std::vector<double>(18, jd)), ErrorCode::out_of_range,
                 "before the first file of this kind");
  }
  checkFailure(replacing("Header/latitude", 91), ErrorCode::out_of_range, "Header/latitude is 91");
  checkFailure(replacing("Header/longitude", 400), ErrorCode::out_of_range, "Header/longitude is 400");
  checkFailure(replacing("Header/altitude", kNan), ErrorCode::out_of_range, "Header/altitude is nan");
  for (const double nTimes : {0.0, -1.0, 19.0, 1e9}) {
    checkFailure(replacing("Header/Ntimes", nTimes), ErrorCode::out_of_range, "Header/Ntimes");
  }
  checkFailure(replacing("Header/Ntimes", 1.5), ErrorCode::out_of_range, "Header/Ntimes is 1.5");
  checkFailure(times(std::vector<double>(18, 2447892.4)), ErrorCode::out_of_range, "2447892.4");
  checkFailure(times(std::vector<double>(18, 2488434.6)), ErrorCode::out_of_range, "2488434.6");
  checkFailure(times(std::vector<double>(18, 60952.6)), ErrorCode::out_of_range, "Julian Date 60952.6");
  for (const std::size_t place : {0, 9, 17}) {
    std::vector<double> values(18, kFirstJd);
    values[place] = kNan;
    checkFailure(times(values), ErrorCode::out_of_range, "Header/time_array holds");
  }
  // Too few to move the mean out of range, or to the ends.
  for (const auto& [place, value] : {std::pair{999, 0.0}, {500, 0.0}, {500, 2.5e6}}) {
    std::vector<double> values(1000, kFirstJd);
    values[static_cast<std::size_t>(place)] = value;
    checkFailure(times(values), ErrorCode::out_of_range,
                 "Header/time_array holds the Julian Date " + formatNumber(value) + ",");
  }
  checkFailure(phaseCenter([](Hdf5Writer& writer) {
                 writer.fixedText("Header/phase_type", "phased");
                 writer.number("Header/phase_center_ra", 1, H5T_IEEE_F64LE);
                 writer.number("Header/phase_center_dec", 1.6, H5T_IEEE_F64LE);
               }),
               ErrorCode::out_of_range, "Header/phase_center_dec is 1.6");
}

TEST_CASE("out_of_range: an impossible time beside a stored sidereal time") {
  // First and last suffice for the mid time of an evenly sampled file; this one is read for lst_array.
  std::vector<double> values = timesOf({});
  values[values.size() / 2] = 0;
  Observation observation = times(values);
  CHECK(headerOf(observation).ok());
  observation.extra = [&, withTimes = observation.extra](Hdf5Writer& writer) {
    withTimes(writer);
    writer.numbers("Header/lst_array", std::vector<double>(values.size(), 1.0), {H5T_IEEE_F64LE});
  };
  checkFailure(observation, ErrorCode::out_of_range, "Header/time_array holds the Julian Date 0,");
}

TEST_CASE("out_of_range: catalogues and their ids") {
  const auto ids = [](std::vector<double> values) {
    return phaseCenter([=](Hdf5Writer& writer) {
      for (const std::string entry : {"1", "2"}) {
        writer.fixedText("Header/phase_center_catalog/" + entry + "/cat_type", "unprojected");
      }
      if (!values.empty()) writer.numbers("Header/phase_center_id_array", values, {H5T_STD_I32LE});
    });
  };
  checkFailure(ids({3, 3, 3}), ErrorCode::out_of_range, "phase_center_id_array holds 3");
  checkFailure(ids({1, 1, 3}), ErrorCode::out_of_range, "phase_center_id_array holds 3");
  checkFailure(ids({}), ErrorCode::unsupported, "phase_center_id_array is missing");
  const auto motion = [](const std::string& key, double value) {
    return phaseCenter([=](Hdf5Writer& writer) {
      const std::string entry = "Header/phase_center_catalog/0";
      writer.fixedText(entry + "/cat_type", "sidereal");
      writer.fixedText(entry + "/cat_frame", "icrs");
      writer.number(entry + "/" + key, value, H5T_IEEE_F64LE);
    });
  };
  for (const std::string key : {"cat_pm_ra", "cat_pm_dec", "cat_dist", "cat_vrad"}) {
    checkFailure(motion(key, kNan), ErrorCode::out_of_range, key + " is nan");
  }
  checkFailure(motion("cat_dist", -1), ErrorCode::out_of_range, "cat_dist is -1");
}

TEST_CASE("times of another scale than UTC") {
  const auto scale = [](const std::string& name) {
    return Observation{.extra = [=](Hdf5Writer& writer) { writer.fixedText("Header/timesys", name); }};
  };
  for (const char* name : {"IAT", "TAI", "UT1"}) checkFailure(scale(name), ErrorCode::unsupported, name);
  CHECK(headerOf(scale("UTC")).ok());
}

TEST_CASE("a site that is not on Earth, or in radians") {
  const auto frame = [](const std::string& name) {
    return Observation{
        .extra = [=](Hdf5Writer& writer) { writer.fixedText("Header/telescope_frame", name); }};
  };
  for (const char* name : {"mcmf", "selenocentric", "ITRS"}) {
    checkFailure(frame(name), ErrorCode::unsupported, name);
  }
  CHECK(headerOf(frame("itrs")).ok());
  struct Place {
    double latitude, longitude;
    bool isRefused;
  };
  const std::vector<Place> places = {
      {-0.5362, 0.37399, true},  // HERA
      {-0.46606, 2.0362, true},  // MWA
      {0.64985, -2.0644, true},  // OVRO
      {0.64985, 4.2188, true},   // OVRO, 0 to 2 pi
      {1.2, -0.9, true},         // Greenland
      {-0.5362, 21.428, false},  // on the equator, in Kenya or so
      {37.23, 0.37, false},      // on the meridian of Greenwich
      {0, 37.2, false},          // on the equator
  };
  for (const auto& [latitude, longitude, isRefused] : places) {
    CAPTURE(latitude);
    CAPTURE(longitude);
    const Observation observation{.without = {"Header/latitude", "Header/longitude"},
                                  .extra = [&](Hdf5Writer& writer) {
                                    writer.number("Header/latitude", latitude, H5T_IEEE_F64LE);
                                    writer.number("Header/longitude", longitude, H5T_IEEE_F64LE);
                                  }};
    if (isRefused) {
      checkFailure(observation, ErrorCode::out_of_range, "radians");
    } else {
      CHECK(headerOf(observation).ok());
    }
  }
  const Observation unset{.without = {"Header/latitude", "Header/longitude"},
                          .extra = [](Hdf5Writer& writer) {
                            writer.number("Header/latitude", 0, H5T_IEEE_F64LE);
                            writer.number("Header/longitude", 0, H5T_IEEE_F64LE);
                          }};
  checkFailure(unset, ErrorCode::out_of_range, "did not set them");
}

TEST_CASE("locked: the superblock says that a writer has the file open") {
  const ScratchDirectory directory;
  const std::string open = directory / "open.hdf5", copy = directory / "copy.hdf5";
  Hdf5Writer writer(open, true);
  writer.group("Header");
  REQUIRE(H5Fflush(writer.file(), H5F_SCOPE_GLOBAL) >= 0);
  writeBytes(copy, bytesOf(open));
  checkFileFailure(copy, ErrorCode::locked, "h5clear -s");
}

TEST_CASE("unsupported: a filter that is not installed") {
  const ScratchDirectory directory;
  const std::string path = directory / "observation.hdf5";
  writeObservation(path, {.gzip = true});
  auto bytes = bytesOf(path);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  // Filter pipeline message, version 1: number, length of the name, flags, count of values, name.
  for (std::size_t at = text.find("deflate"); at != text.npos; at = text.find("deflate", at + 1)) {
    const std::uint16_t unknownFilter = 32100;
    std::memcpy(bytes.data() + at - 8, &unknownFilter, sizeof unknownFilter);
  }
  writeBytes(path, bytes);
  checkFileFailure(path, ErrorCode::unsupported, "filter");
}

TEST_CASE("unsupported") {
  checkFailure(replacing(kKeywords + "phase_center_epoch", "2000\n\x01"), ErrorCode::unsupported,
               "\"2000??\"");
  checkFailure({.without = {kKeywords + "phase_center_dec", kKeywords + "ha_phase_center",
                            kKeywords + "phase_center_epoch", "Header/phase_type"}},
               ErrorCode::unsupported, "Header/phase_type is missing");
  const auto entry = [](const char* type, const char* frame) {
    return phaseCenter([=](Hdf5Writer& writer) {
      writer.fixedText("Header/phase_center_catalog/0/cat_type", type);
      if (frame) writer.fixedText("Header/phase_center_catalog/0/cat_frame", frame);
      writer.number("Header/phase_center_catalog/0/cat_lon", 1, H5T_IEEE_F64LE);
      writer.number("Header/phase_center_catalog/0/cat_lat", 1, H5T_IEEE_F64LE);
    });
  };
  for (const double epoch : {1950.0, 1999.0, 2000.5, kNan}) {
    checkFailure(replacing(kKeywords + "phase_center_epoch", epoch), ErrorCode::unsupported,
                 "phase_center_epoch is");
  }
  checkFailure(replacing(kKeywords + "phase_center_epoch", "J2000"), ErrorCode::unsupported, "\"J2000\"");
  for (const char* type : {"ephem", "near_field", "other"}) {
    checkFailure(entry(type, "icrs"), ErrorCode::unsupported, type);
  }
  checkFailure(entry("driftscan", "icrs"), ErrorCode::unsupported, "\"icrs\"; known are altaz");
  for (const char* frame : {"supergalactic", "altaz", "itrs"}) {
    checkFailure(entry("sidereal", frame), ErrorCode::unsupported, frame);
  }
  checkFailure(entry("sidereal", nullptr), ErrorCode::unsupported, "cat_frame is missing");
  checkFailure(phaseCenter([](Hdf5Writer& writer) { writer.group("Header/phase_center_catalog"); }),
               ErrorCode::unsupported, "phase_center_catalog is empty");
  checkFailure(phaseCenter([](Hdf5Writer& writer) { writer.heapText("Header/phase_type", "unknown"); }),
               ErrorCode::unsupported, "\"unknown\"");
  checkFailure(
      {.without = {"Header/latitude"},
       .extra =
           [](Hdf5Writer& writer) { writer.externalLink("Header/latitude", "/etc/passwd", "latitude"); }},
      ErrorCode::unsupported, "Header/latitude");
}
