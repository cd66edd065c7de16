#pragma once

namespace pointing {

// Power response of a uniformly lit circular aperture to a source at this angle from its axis, relative to
// the axis (Airy): (2 J1(x) / x)^2 with x = pi D sin(angle) / lambda. 0 from 90 degrees on, and NaN for an
// angle that is not a number.
double airyPowerResponse(double separationRad, double apertureWavelengths);

}  // namespace pointing
