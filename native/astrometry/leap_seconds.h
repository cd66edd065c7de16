#pragma once
#include <string>
#include <vector>

#include "core/result.h"

namespace pointing {

// TAI-UTC from the first day of a month on.
struct LeapSecond {
  int year;
  int month;
  double taiMinusUtcS;
};

// The leap seconds since 1972, as the IERS gives them in Leap_Second.dat with its Bulletin C.
struct LeapSeconds {
  std::vector<LeapSecond> steps;  // oldest first
  double expireMjdUtc;            // the IERS has announced all leap seconds up to this day

  // Fails with io_error or bad_type; the message names the file.
  static Result<LeapSeconds> fromFile(const std::string& path);
};

// Gives ERFA these leap seconds, for the whole process and for good. ERFA reads them without a lock: call
// this before any other thread computes, and only once.
void giveLeapSecondsToErfa(const LeapSeconds& leapSeconds);

}  // namespace pointing
