#pragma once
#include <optional>

namespace pointing {

// The beam of a telescope that stands still during an observation, and how much of it counts.
struct StandingBeam {
  double raRad;  // apparent, equinox of date, at the middle of the observation
  double decRad;
  double observationSeconds;  // beyond a sidereal day they do not count
  double radiusRad;           // from the centre
  double apertureWavelengths;
};

// How a source drifts through such a beam. Times are seconds from the middle of the observation.
struct BeamPass {
  double inSeconds;  // first and last within the radius
  double outSeconds;
  double closestSeconds;
  double offsetRad;     // from the centre at the closest approach
  double peakResponse;  // power response there
  double seconds;       // within the radius: less than from in to out only where the source leaves and comes
                        // back, near a pole
  double meanResponse;  // mean power response over that time, good to 1e-8 unless that is 7500 lobes
};

// Of a source at an apparent place, equinox of date; nothing where it stays outside.
std::optional<BeamPass> beamPassOf(const StandingBeam& beam, double raRad, double decRad);

}  // namespace pointing
