// correlator-simulator: writes UVH5 files as the DSA-110 correlator does, for tests, benchmarks and
// demonstrations.
#include <signal.h>
#include <time.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "simulator/correlator.h"
#include "simulator/options.h"
#include "simulator/schedule.h"

namespace simulator {
namespace {

volatile sig_atomic_t stopWanted = 0;

// Without SA_RESTART, so that a signal also ends a wait.
void stopOnSignals() {
  struct sigaction action{};
  action.sa_handler = [](int) { stopWanted = 1; };
  sigaction(SIGTERM, &action, nullptr);
  sigaction(SIGINT, &action, nullptr);
}

double secondsOf(clockid_t clock) {
  timespec t{};
  clock_gettime(clock, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

void waitUntil(double monotonicS) {
  timespec until{};
  until.tv_sec = static_cast<time_t>(monotonicS);
  until.tv_nsec = static_cast<long>((monotonicS - static_cast<double>(until.tv_sec)) * 1e9);
  while (stopWanted == 0 && clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
  }
}

// The failure's message names the file.
std::optional<pointing::Failure> deliver(Correlator& correlator, const Options& options,
                                         const Observation& observation, int subband) {
  const std::filesystem::path directory(options.outDir);
  const std::string name = fileName(observation, subband);
  const std::filesystem::path final = directory / name;
  const std::filesystem::path working = directory / workingName(options.arrival, name);
  auto failure = correlator.write(working, observation);
  std::error_code error;
  if (!failure && working != final) {
    std::filesystem::rename(working, final, error);
    if (error) failure = {pointing::ErrorCode::io_error, "cannot rename it: " + error.message()};
  }
  if (failure) {
    if (working != final) std::filesystem::remove(working, error);
    failure->message = final.string() + " was not written: " + failure->message;
    return failure;
  }
  std::printf("%s\n", final.c_str());
  std::fflush(stdout);
  return std::nullopt;
}

int run(const Options& options) {
  std::error_code error;
  std::filesystem::create_directories(options.outDir, error);
  if (error) {
    std::fprintf(stderr, "correlator-simulator: cannot make the directory %s: %s\n", options.outDir.c_str(),
                 error.message().c_str());
    return 1;
  }
  stopOnSignals();
  // Once closing a file has failed, as on a full disk, libhdf5's own work at exit ends in a crash.
  H5dont_atexit();
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  const Schedule schedule(options, secondsOf(CLOCK_REALTIME));
  Correlator correlator(options.layout, options.pauseMs);
  const double beganS = secondsOf(CLOCK_MONOTONIC);
  for (std::uint64_t i = 0; schedule.has(i) && stopWanted == 0; ++i) {
    if (options.everyS) waitUntil(beganS + *options.everyS * static_cast<double>(i));
    const Observation observation = schedule.observation(i, secondsOf(CLOCK_REALTIME));
    for (int subband = 0; subband < options.subbands && stopWanted == 0; ++subband) {
      if (const auto failure = deliver(correlator, options, observation, subband)) {
        std::fprintf(stderr, "correlator-simulator: %s\n", failure->message.c_str());
        return 1;
      }
    }
  }
  return 0;
}

}  // namespace
}  // namespace simulator

int main(int argc, char** argv) {
  const auto parsed = simulator::parseOptions(argc, argv);
  if (std::holds_alternative<simulator::HelpWanted>(parsed)) {
    std::fputs(simulator::kHelp, stdout);
    return 0;
  }
  if (const auto* error = std::get_if<simulator::UsageError>(&parsed)) {
    std::fprintf(stderr, "correlator-simulator: %s (--help lists all options)\n", error->message.c_str());
    return 2;
  }
  return simulator::run(std::get<simulator::Options>(parsed));
}
