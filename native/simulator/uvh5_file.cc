#include "simulator/uvh5_file.h"

#include <cerrno>
#include <cstdio>
#include <numbers>
#include <numeric>

namespace simulator {
namespace {

// Owens Valley Radio Observatory, as in the telescope's own headers. Geodetic WGS84, east positive.
constexpr double kLatitudeDeg = 37.2334051;
constexpr double kLongitudeDeg = -118.283;
constexpr double kAltitudeM = 1188.0519;

constexpr double kDishDiameterM = 4.65;
constexpr double kFirstChannelHz = 1.53e9;
constexpr double kChannelWidthHz = 244140.625;

double radians(double degrees) { return degrees * (std::numbers::pi / 180.0); }

FileHandle createFile(const std::string& path, bool latestFormat) {
  errno = 0;  // so that what is found there after a fault belongs to this file
  const PropertiesHandle access(H5Pcreate(H5P_FILE_ACCESS));
  H5Pset_libver_bounds(access, latestFormat ? H5F_LIBVER_LATEST : H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST);
  return FileHandle(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access));
}

TypeHandle complexType() {
  TypeHandle type(H5Tcreate(H5T_COMPOUND, 2 * sizeof(float)));
  H5Tinsert(type, "r", 0, H5T_NATIVE_FLOAT);
  H5Tinsert(type, "i", sizeof(float), H5T_NATIVE_FLOAT);
  return type;
}

TypeHandle flagType() {
  TypeHandle type(H5Tenum_create(H5T_NATIVE_INT8));
  const std::int8_t values[] = {0, 1};
  H5Tenum_insert(type, "FALSE", &values[0]);
  H5Tenum_insert(type, "TRUE", &values[1]);
  return type;
}

std::vector<std::int64_t> polarizations(hsize_t nPols) {
  if (nPols == 2) return {-5, -6};  // XX YY
  std::vector<std::int64_t> codes{-5, -7, -8, -6};
  codes.resize(nPols, -6);
  return codes;
}

}  // namespace

Uvh5File::Uvh5File(const std::string& path, const FileLayout& layout, const Observation& observation)
    : layout_(layout),
      observation_(observation),
      midTimesJdUtc_(simulator::midTimesJdUtc(layout, observation)),
      writer_(layout.skipped),
      file_(createFile(path, layout.latestFormat)) {
  for (hsize_t first = 0; first < layout.nAnts; ++first) {
    for (hsize_t second = first; second < layout.nAnts; ++second) {
      antenna1_.push_back(static_cast<std::int64_t>(first));
      antenna2_.push_back(static_cast<std::int64_t>(second));
    }
  }
  if (!writer_.check(file_ >= 0, "it")) return;
  header_ = writer_.makeGroup(file_, "Header");
  data_ = writer_.makeGroup(file_, "Data");
  makeArrayDescription();
  makeSpectrum();
  makeKeywords();
  makeData();
}

void Uvh5File::makeArrayDescription() {
  writer_.putNumber(header_, "latitude", kLatitudeDeg);
  writer_.putNumber(header_, "longitude", kLongitudeDeg);
  writer_.putNumber(header_, "altitude", kAltitudeM);
  writer_.putText(header_, "telescope_name", "OVRO_MMA");
  writer_.putText(header_, "instrument", "DSA");
  writer_.putText(header_, "object_name", "search");
  writer_.putText(header_, "phase_type", "drift");
  writer_.putText(header_, "history", "synthetic file with the layout of a DSA-110 correlator file");
  writer_.putNumber(header_, "phase_center_app_dec", radians(observation_.decDeg));

  const hsize_t nTelescope = layout_.nAntsTelescope;
  writer_.putCount(header_, "Nants_data", layout_.nAnts);
  writer_.putCount(header_, "Nants_telescope", nTelescope);
  const std::vector<double> diametersM(nTelescope, kDishDiameterM);
  writer_.put(header_, "antenna_diameters", H5T_NATIVE_DOUBLE, {nTelescope}, diametersM.data());
  writer_.makeGrowing(header_, "ant_1_array", H5T_NATIVE_INT64, {});
  writer_.makeGrowing(header_, "ant_2_array", H5T_NATIVE_INT64, {});

  constexpr std::size_t kNameBytes = 4;
  std::string names(nTelescope * kNameBytes, '\0');
  for (hsize_t i = 0; i < nTelescope; ++i) std::to_string(i + 1).copy(&names[i * kNameBytes], kNameBytes);
  const TypeHandle nameType(H5Tcopy(H5T_C_S1));
  H5Tset_size(nameType, kNameBytes);
  H5Tset_strpad(nameType, H5T_STR_NULLPAD);
  writer_.put(header_, "antenna_names", nameType, {nTelescope}, names.data());
  std::vector<std::int64_t> numbers(nTelescope);
  std::iota(numbers.begin(), numbers.end(), 0);
  writer_.put(header_, "antenna_numbers", H5T_NATIVE_INT64, {nTelescope}, numbers.data());

  writer_.putCount(header_, "Nbls", layout_.nBaselines());
  writer_.putCount(header_, "Nblts", 0);
  writer_.putCount(header_, "Nfreqs", layout_.nFreqs);
  writer_.putCount(header_, "Npols", layout_.nPols);
  writer_.putCount(header_, "Ntimes", 0);
  writer_.putCount(header_, "Nspws", 1);
  writer_.makeGrowing(header_, "uvw_array", H5T_NATIVE_FLOAT, {3});
  writer_.makeGrowing(header_, "time_array", H5T_NATIVE_DOUBLE, {}, layout_.compressTimes);
  writer_.makeGrowing(header_, "integration_time", H5T_NATIVE_DOUBLE, {});
}

void Uvh5File::makeSpectrum() {
  std::vector<double> channelsHz(layout_.nFreqs);
  for (hsize_t i = 0; i < layout_.nFreqs; ++i) {
    channelsHz[i] = kFirstChannelHz - kChannelWidthHz * static_cast<double>(i);
  }
  const std::int64_t spectralWindow = 1;
  writer_.put(header_, "freq_array", H5T_NATIVE_DOUBLE, {1, layout_.nFreqs}, channelsHz.data());
  writer_.putNumber(header_, "channel_width", kChannelWidthHz);
  writer_.put(header_, "spw_array", H5T_NATIVE_INT64, {1}, &spectralWindow);
  const auto codes = polarizations(layout_.nPols);
  writer_.put(header_, "polarization_array", H5T_NATIVE_INT64, {layout_.nPols}, codes.data());

  // An east-west row of dishes 5.75 m apart, in the frame of the array's centre.
  std::vector<double> positionsM(layout_.nAntsTelescope * 3, 0.0);
  for (hsize_t i = 0; i < layout_.nAntsTelescope; ++i) positionsM[3 * i] = 5.75 * static_cast<double>(i);
  writer_.put(header_, "antenna_positions", H5T_NATIVE_DOUBLE, {layout_.nAntsTelescope, 3},
              positionsM.data());
}

void Uvh5File::makeKeywords() {
  keywords_ = writer_.makeGroup(header_, "extra_keywords");
  const Shape shape = layout_.keywordsAsArrays ? Shape{1} : Shape{};
  writer_.putNumber(keywords_, "phase_center_dec", radians(observation_.decDeg), shape);
  writer_.putNumber(keywords_, "ha_phase_center", radians(observation_.haDeg), shape);
  if (layout_.epochAsNumber) {
    writer_.putCount(keywords_, "phase_center_epoch", 2000);
  } else {
    writer_.putVariableText(keywords_, "phase_center_epoch", "HADEC");
  }

  char table[96];
  std::snprintf(table, sizeof table, "fringestopping_table_dec%.1fdeg_%lluant.npz", observation_.decDeg,
                static_cast<unsigned long long>(layout_.nAnts));
  writer_.putText(keywords_, "fs_table", table);
  std::string delaysNs = "0";
  for (hsize_t i = 1; i < 2 * layout_.nAntsTelescope; ++i) delaysNs += " 0";
  writer_.putText(keywords_, "applied_delays_ns", delaysNs);
}

void Uvh5File::makeData() {
  const Shape spectrum{1, layout_.nFreqs, layout_.nPols};
  writer_.makeHole(data_, "visdata", complexType(), spectrum);
  writer_.makeHole(data_, "flags", flagType(), spectrum);
  writer_.makeHole(data_, "nsamples", H5T_NATIVE_FLOAT, spectrum);
}

void Uvh5File::append() {
  const hsize_t nRows = layout_.nBaselines();
  const std::vector<double> midTimesJdUtc(nRows, midTimesJdUtc_[nTimes_]);
  const std::vector<double> integrationsS(nRows, kIntegrationS);
  const std::vector<float> uvwM(nRows * 3, static_cast<float>(nTimes_));
  writer_.appendRows(header_, "time_array", H5T_NATIVE_DOUBLE, nRows, midTimesJdUtc.data());
  writer_.appendRows(header_, "integration_time", H5T_NATIVE_DOUBLE, nRows, integrationsS.data());
  writer_.appendRows(header_, "uvw_array", H5T_NATIVE_FLOAT, nRows, uvwM.data());
  writer_.overwriteCount(header_, "Ntimes", nTimes_ + 1);
  writer_.overwriteCount(header_, "Nblts", (nTimes_ + 1) * nRows);
  writer_.appendRows(header_, "ant_1_array", H5T_NATIVE_INT64, nRows, antenna1_.data());
  writer_.appendRows(header_, "ant_2_array", H5T_NATIVE_INT64, nRows, antenna2_.data());
  writer_.growHole(data_, "visdata", nRows);
  writer_.growHole(data_, "flags", nRows);
  writer_.growHole(data_, "nsamples", nRows);
  ++nTimes_;
}

void Uvh5File::flush() { writer_.check(H5Fflush(file_, H5F_SCOPE_LOCAL) >= 0, "what was appended"); }

std::optional<pointing::Failure> Uvh5File::close() {
  keywords_.release();
  header_.release();
  data_.release();
  writer_.check(file_.release(), "the last of it");
  if (writer_.fault().empty()) return std::nullopt;
  return pointing::Failure{pointing::ErrorCode::io_error, "libhdf5 cannot write " + writer_.fault()};
}

}  // namespace simulator
