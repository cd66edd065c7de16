#include "simulator/options.h"

#include "simulator/option_values.h"

namespace simulator {

const char* const kHelp =
    R"(usage: correlator-simulator OUT_DIR [options]

Writes UVH5 files as the DSA-110 correlator does, and prints the path of each when it is complete.

what is observed
  --count N             observations (default 1, or as many as --dec-steps has; 0: until stopped)
  --start UTC           start of the first, 2025-10-01T00:00:00 (default), or `now`, so that the last observation ends now,
                        and with --every each one ends as it is written
  --interval S          from one observation to the next (default 309)
  --dec DEG             apparent declination (default 54.57)
  --dec-steps LIST      54.57:100,16.24:50 is 100 observations at 54.57 degrees, then 50 at 16.24, and over again
  --ha DEG              hour angle (default 0)

what is in a file
  --full                the telescope's own size: --nants 96 --nfreqs 48, 145 MB, of which 6.6 MB are not a hole
  --nants N --ntimes N --nfreqs N --npols N    (default 12, 24, 4, 2)
  --gap-after I         six integrations are missing after integration I, counted from 0
  --skip NAMES          datasets to leave out, such as time_array,ha_phase_center
  --epoch-2000          phase_center_epoch is the integer 2000, as until 2022-01-18
  --scalar-shape 1      phase_center_dec and ha_phase_center as arrays of one value
  --gzip                compress time_array
  --libver WHICH        earliest (default) or latest: the age of libhdf5's structures

how files arrive
  --subbands N          files per observation (default 1)
  --arrive HOW          rename (default): NAME_incomplete.hdf5, then NAME.hdf5; in-place: under the final name;
                        rsync: .NAME.hdf5.Ab12Cd, then NAME.hdf5
  --pause-ms MS         wait between integrations, each readable once appended (default 0)
  --every S             one observation every S real seconds (default: without a pause)

SIGTERM and SIGINT stop it after the file that it is writing. Exit status: 0 done or stopped, 1 a file could not be
written, 2 bad usage.
)";

namespace {

constexpr std::uint64_t kMaxAnts = 1024;
constexpr double kMaxSeconds = 1e9;

struct Flag {
  std::string_view name;
  const char* expected;  // what its value may be; null where it has none
  bool (*apply)(Options& options, const std::string& value);
};

template <typename To, typename From>
bool assign(To& to, const std::optional<From>& value) {
  if (value) to = static_cast<To>(*value);
  return value.has_value();
}

const Flag kFlags[] = {
    {"--count", "a whole number",
     [](Options& o, const std::string& v) { return assign(o.count, parseCount(v, 0, UINT32_MAX)); }},
    {"--start", "a UTC time such as 2025-10-01T00:00:00, or now",
     [](Options& o, const std::string& v) {
       o.startUnixS = parseUtc(v);
       return o.startUnixS || v == "now";
     }},
    {"--interval", "seconds, at least 1",
     [](Options& o, const std::string& v) { return assign(o.intervalS, parseNumber(v, 1, kMaxSeconds)); }},
    {"--every", "seconds, at least 0",
     [](Options& o, const std::string& v) { return assign(o.everyS, parseNumber(v, 0, kMaxSeconds)); }},
    {"--dec", "degrees from -90 to 90",
     [](Options& o, const std::string& v) {
       return assign(o.declinations, parseDeclinationSteps(v + ":1"));
     }},
    {"--dec-steps", "DEG:COUNT,DEG:COUNT,... with degrees from -90 to 90",
     [](Options& o, const std::string& v) { return assign(o.declinations, parseDeclinationSteps(v)); }},
    {"--ha", "degrees from -180 to 180",
     [](Options& o, const std::string& v) { return assign(o.haDeg, parseNumber(v, -180, 180)); }},
    {"--full", nullptr,
     [](Options& o, const std::string&) {
       o.layout.nAnts = kTelescopeAnts;
       o.layout.nFreqs = kTelescopeFreqs;
       return true;
     }},
    {"--nants", "a whole number from 1 to 1024",
     [](Options& o, const std::string& v) { return assign(o.layout.nAnts, parseCount(v, 1, kMaxAnts)); }},
    {"--ntimes", "a whole number from 1 to 10000",
     [](Options& o, const std::string& v) { return assign(o.layout.nTimes, parseCount(v, 1, 10000)); }},
    {"--nfreqs", "a whole number from 1 to 65536",
     [](Options& o, const std::string& v) { return assign(o.layout.nFreqs, parseCount(v, 1, 65536)); }},
    {"--npols", "1, 2, 3 or 4",
     [](Options& o, const std::string& v) { return assign(o.layout.nPols, parseCount(v, 1, 4)); }},
    {"--gap-after", "a whole number",
     [](Options& o, const std::string& v) {
       return assign(o.layout.gapAfter, parseCount(v, 0, UINT32_MAX));
     }},
    {"--skip", "names of datasets, with commas between",
     [](Options& o, const std::string& v) {
       for (const std::string_view name : split(v, ',')) o.layout.skipped.emplace_back(name);
       return true;
     }},
    {"--scalar-shape", "1",
     [](Options& o, const std::string& v) { return o.layout.keywordsAsArrays = v == "1"; }},
    {"--epoch-2000", nullptr, [](Options& o, const std::string&) { return o.layout.epochAsNumber = true; }},
    {"--gzip", nullptr, [](Options& o, const std::string&) { return o.layout.compressTimes = true; }},
    {"--libver", "earliest or latest",
     [](Options& o, const std::string& v) {
       o.layout.latestFormat = v == "latest";
       return v == "latest" || v == "earliest";
     }},
    {"--subbands", "a whole number from 1 to 16",
     [](Options& o, const std::string& v) { return assign(o.subbands, parseCount(v, 1, 16)); }},
    {"--arrive", "rename, in-place or rsync",
     [](Options& o, const std::string& v) { return assign(o.arrival, parseArrival(v)); }},
    {"--pause-ms", "milliseconds from 0 to 3600000",
     [](Options& o, const std::string& v) { return assign(o.pauseMs, parseCount(v, 0, 3600000)); }},
};

const Flag* findFlag(std::string_view name) {
  for (const Flag& flag : kFlags) {
    if (flag.name == name) return &flag;
  }
  return nullptr;
}

// Combinations that no single flag can judge; empty where all is well.
std::string contradiction(const Options& options) {
  if (options.outDir.empty()) return "OUT_DIR is missing: name the directory to write into";
  const bool untilStopped = options.count == std::uint64_t{0};
  const bool now = !options.startUnixS.has_value();
  if (untilStopped && !options.everyS) return "--count 0 writes forever: add --every SECONDS";
  if (now && options.everyS && *options.everyS < 1) {
    return "--every: must be at least 1 with --start now, since file names carry whole seconds";
  }
  return {};
}

}  // namespace

std::variant<Options, HelpWanted, UsageError> parseOptions(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    std::string name = argv[i];
    if (name == "--help" || name == "-h") return HelpWanted{};
    if (!name.starts_with('-')) {
      if (!options.outDir.empty()) return UsageError{"only one OUT_DIR can be given, not also " + name};
      options.outDir = name;
      continue;
    }
    std::optional<std::string> value;
    if (const std::size_t equals = name.find('='); equals != std::string::npos) {
      value = name.substr(equals + 1);
      name.resize(equals);
    }
    const Flag* flag = findFlag(name);
    if (flag == nullptr) return UsageError{"there is no option " + name};
    if (flag->expected == nullptr && value) return UsageError{name + " takes no value"};
    if (flag->expected != nullptr && !value) {
      if (i + 1 == argc) return UsageError{name + ": a value is missing: " + flag->expected};
      value = argv[++i];
    }
    if (!flag->apply(options, value.value_or(""))) {
      return UsageError{name + ": expected " + flag->expected + ", got " + *value};
    }
  }
  const std::string message = contradiction(options);
  if (!message.empty()) return UsageError{message};
  return options;
}

}  // namespace simulator
