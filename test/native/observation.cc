#include "observation.h"

namespace pointing {

std::vector<double> timesOf(const Observation& observation) {
  std::vector<double> times;
  double jd = kFirstJd;
  for (int i = 0; i < observation.nTimes; ++i) {
    times.insert(times.end(), static_cast<std::size_t>(observation.nBls), jd);
    jd += kIntegrationS / 86400 * (i == observation.gapAfter ? 7 : 1);
  }
  return times;
}

void writeObservation(const std::string& path, const Observation& observation) {
  Hdf5Writer writer(path, observation.latest);
  const auto wanted = [&](const std::string& name) { return !observation.without.contains(name); };
  const auto number = [&](const std::string& name, double value, hid_t type) {
    if (wanted(name)) writer.number(name, value, type, observation.scalarsAreArrays);
  };
  const auto array = [&](const std::string& name, const std::vector<double>& values) {
    const hsize_t chunkLength = observation.compact ? 0 : observation.chunkLength;
    if (wanted(name)) {
      writer.numbers(name, values,
                     {observation.realType, chunkLength, observation.gzip, observation.compact});
    }
  };

  number("Header/latitude", 37.2334051, observation.realType);
  number("Header/longitude", -118.283, observation.realType);
  number("Header/altitude", 1188.0519, observation.realType);
  if (wanted("Header/phase_type")) writer.fixedText("Header/phase_type", "drift");
  number("Header/Ntimes", observation.nTimes, observation.integerType);
  number("Header/Nbls", observation.nBls, observation.integerType);
  number("Header/Nblts", observation.nTimes * observation.nBls, observation.integerType);
  const std::vector<double> times = timesOf(observation);
  array("Header/time_array", times);
  array("Header/integration_time", std::vector<double>(times.size(), kIntegrationS));
  const std::string keywords = "Header/extra_keywords/";
  number(keywords + "phase_center_dec", kDecRad, observation.realType);
  number(keywords + "ha_phase_center", kHaRad, observation.realType);
  if (wanted(keywords + "phase_center_epoch")) writer.heapText(keywords + "phase_center_epoch", "HADEC");
  if (observation.extra) observation.extra(writer);
}

}  // namespace pointing
