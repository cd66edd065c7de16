#include "guarded_libhdf5.h"

#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "libhdf5/libhdf5_reader.h"

namespace pointing {

namespace {

constexpr int kTimeLimitMs = 500;
using Line = std::array<char, 1024>;

void require(bool condition) {
  if (condition) return;
  std::perror("guarded libhdf5");
  std::abort();
}

// Failures of the structure, which end what a reader can say; all others are about what the file holds.
bool isAnswer(const Result<PointingHeader>& header) {
  return header.ok() || header.failure().message.find("HDF5 failed to") == std::string::npos;
}

[[noreturn]] void serve(const std::string& path, int requests, int answers) {
  const rlimit noCoreFile = {0, 0};
  setrlimit(RLIMIT_CORE, &noCoreFile);
  for (const int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE}) std::signal(signal, SIG_DFL);
  Libhdf5Reader reader;
  for (char request; read(requests, &request, 1) == 1;) {
    const FileReading reading = readHeaderOf(path, reader);
    Line line{};
    if (isAnswer(reading.header))
      std::snprintf(line.data(), line.size(), "%s", describe(reading.header).c_str());
    require(write(answers, line.data(), line.size()) == static_cast<ssize_t>(line.size()));
  }
  _exit(0);
}

}  // namespace

std::string describe(const Result<PointingHeader>& header) {
  if (!header) {
    return std::to_string(static_cast<int>(header.failure().code)) + " " + header.failure().message;
  }
  Line line;
  const PhaseCenter& center = header->center;
  const StoredSiderealTime stored = header->storedSiderealTime.value_or(StoredSiderealTime{});
  std::snprintf(
      line.data(), line.size(),
      "kind %d, %a + %a, %u times, site %a %a %a, %a %a, %a %a, frame %d %a %d, motion %a %a %a %a, "
      "stored %d %a %a, even %d, gaps %d",
      static_cast<int>(header->kind), header->midTime.day, header->midTime.fraction, header->nTimes,
      header->site.latitudeDeg, header->site.longitudeDeg, header->site.altitudeM, header->haRad,
      header->decRad, center.lonRad, center.latRad, static_cast<int>(center.frame), center.epoch.year,
      center.epoch.isBesselian, center.motion.raRadPerYear, center.motion.decRadPerYear,
      center.motion.distancePc, center.motion.radialVelocityKmS, header->storedSiderealTime.has_value(),
      stored.timeJdUtc, stored.lstRad, header->isEvenlySampled, header->hasGaps);
  return line.data();
}

std::string describeInstrument(const Result<PointingHeader>& header) {
  if (!header) return "";
  Line line;
  const Band band = header->band.value_or(Band{});
  std::snprintf(line.data(), line.size(), "\"%s\", dish %a, %a to %a, %a s", header->instrument.name.c_str(),
                header->instrument.dishM.value_or(0), band.lowestHz, band.highestHz,
                header->durationS.value_or(0));
  return line.data();
}

GuardedLibhdf5::GuardedLibhdf5()
    : path_(std::filesystem::temp_directory_path() / "guarded-libhdf5-XXXXXX"), file_(mkstemp(path_.data())) {
  require(file_ >= 0);
  start();
}

GuardedLibhdf5::~GuardedLibhdf5() {
  stop();
  close(file_);
  unlink(path_.c_str());
}

void GuardedLibhdf5::start() {
  int requests[2], answers[2];
  require(pipe(requests) == 0 && pipe(answers) == 0);
  child_ = fork();
  require(child_ >= 0);
  if (child_ == 0) {
    close(requests[1]);
    close(answers[0]);
    serve(path_, requests[0], answers[1]);
  }
  close(requests[0]);
  close(answers[1]);
  toChild_ = requests[1];
  fromChild_ = answers[0];
}

void GuardedLibhdf5::stop() {
  kill(child_, SIGKILL);
  waitpid(child_, nullptr, 0);
  close(toChild_);
  close(fromChild_);
}

std::optional<std::string> GuardedLibhdf5::answer(std::span<const std::byte> file, std::uint64_t size) {
  require(ftruncate(file_, 0) == 0);
  require(pwrite(file_, file.data(), file.size(), 0) == static_cast<ssize_t>(file.size()));
  require(ftruncate(file_, static_cast<off_t>(size)) == 0);
  require(write(toChild_, "", 1) == 1);
  pollfd ready = {fromChild_, POLLIN, 0};
  Line line{};
  if (poll(&ready, 1, kTimeLimitMs) != 1 || read(fromChild_, line.data(), line.size()) != std::ssize(line)) {
    ++deaths_;
    stop();
    start();
    return std::nullopt;
  }
  if (line[0] == '\0') return std::nullopt;
  return std::string(line.data());
}

std::optional<std::string> GuardedLibhdf5::freshAnswer(std::span<const std::byte> file, std::uint64_t size) {
  stop();
  start();
  return answer(file, size);
}

}  // namespace pointing
