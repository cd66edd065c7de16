#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "simulator/arrival.h"
#include "simulator/file_layout.h"

namespace simulator {

// So many observations in succession at one declination.
struct DeclinationStep {
  double decDeg;
  std::uint64_t nObservations;
};

struct Options {
  std::string outDir;
  std::optional<std::uint64_t> count;  // observations; 0: until stopped; none: all declinations once
  std::optional<double> startUnixS = 1759276800;  // UTC, 2025-10-01T00:00:00; none: now
  double intervalS = 309;                         // from the start of an observation to the start of the next
  std::optional<double> everyS;                   // real seconds from one observation's writing to the next's
  std::vector<DeclinationStep> declinations{{54.57, 1}};  // gone through again and again
  double haDeg = 0;
  int subbands = 1;  // files per observation
  int pauseMs = 0;   // between integrations
  Arrival arrival = Arrival::rename;
  FileLayout layout;
};

struct HelpWanted {};
struct UsageError {
  std::string message;
};

std::variant<Options, HelpWanted, UsageError> parseOptions(int argc, char** argv);
extern const char* const kHelp;

}  // namespace simulator
