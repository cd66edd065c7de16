#pragma once
#include "boundary/napi_setup.h"

// The forms for many values: Float64Arrays in and out, element by element, in degrees and MJD UTC. An element
// that is out of range gives NaN, where the forms for one throw: one bad row in a history must not cost the
// others. They hold the JavaScript thread: a hundred thousand rows of one year take some 0.3 s.
namespace pointing {

// (mjdUtc, longitudeDeg: number) -> Float64Array, within 1e-5 arcsec
Napi::Value apparentSiderealTimesDeg(const Napi::CallbackInfo& info);

// (haDeg, decDeg, mjdUtc, site) -> {raIcrsDeg, decIcrsDeg}, within 1e-5 arcsec
Napi::Value icrsOfApparentSeries(const Napi::CallbackInfo& info);

// (separationsDeg, apertureWavelengths: number) -> Float64Array, each 0 to 1
Napi::Value airyPowerResponses(const Napi::CallbackInfo& info);

// (beamRaDeg, beamDecDeg, observationSeconds, raDeg, decDeg, radiusDeg: number, apertureWavelengths: number)
//   -> {inSeconds, outSeconds, closestSeconds, offsetDeg, peakResponse, seconds, meanResponse}, NaN where the
// direction is never within the radius of the beam's centre
Napi::Value beamPasses(const Napi::CallbackInfo& info);

// Many directions at one instant: (raIcrsDeg, decIcrsDeg, mjdUtc: number, site)
//   -> {raDeg, decDeg, haDeg, elevationDeg, azimuthDeg}
Napi::Value apparentPlacesOfIcrs(const Napi::CallbackInfo& info);

// One direction at each instant: (raIcrsDeg, decIcrsDeg, mjdUtc, site) -> {raDeg, decDeg, elevationDeg},
// within 0.003 arcsec
Napi::Value apparentPlacesOfIcrsSeries(const Napi::CallbackInfo& info);

}  // namespace pointing
