#include "boundary/astrometry_series.h"

#include <cmath>
#include <limits>
#include <optional>

#include "astrometry/angles.h"
#include "astrometry/beam.h"
#include "astrometry/beam_pass.h"
#include "astrometry/celestial_state.h"
#include "astrometry/local_sky.h"
#include "astrometry/time_scales.h"
#include "boundary/astrometry_arguments.h"

namespace pointing {
namespace {

constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();

// Makes a Float64Array property of an object and returns it, to be filled. Empty, with an error pending, if
// there is no memory.
Napi::Float64Array addColumn(Napi::Object& object, const char* name, std::size_t length) {
  if (object.Env().IsExceptionPending()) return {};
  Napi::Float64Array column = Napi::Float64Array::New(object.Env(), length);
  if (!object.Env().IsExceptionPending()) object.Set(name, column);
  return column;
}

bool isDirection(double lonDeg, double latDeg) { return std::isfinite(lonDeg) && std::abs(latDeg) <= 90.0; }

}  // namespace

Napi::Value apparentSiderealTimesDeg(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  AstrometryArguments arguments(info);
  const Napi::Float64Array mjdUtc = arguments.numbers(0, "mjdUtc");
  const double longitudeDeg = arguments.longitudeDeg(1, "longitudeDeg");
  const auto table = arguments.earthOrientation();
  if (arguments.refused()) return env.Undefined();
  const std::size_t length = mjdUtc.ElementLength();
  Napi::Float64Array lstDeg = Napi::Float64Array::New(env, length);
  if (arguments.refused()) return env.Undefined();
  for (std::size_t i = 0; i < length; ++i) {
    const Result<Instant> instant = instantOf(julianDateOfMjd(mjdUtc[i]), *table);
    lstDeg[i] = instant ? positiveDegreesOf(apparentSiderealTimeRad(
                              *instant, interpolatedCelestialStateAt(instant->tt), longitudeDeg))
                        : kNoNumber;
  }
  return lstDeg;
}

Napi::Value airyPowerResponses(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  AstrometryArguments arguments(info);
  const Napi::Float64Array separationsDeg = arguments.numbers(0, "separationsDeg");
  const double apertureWavelengths = arguments.number(1, "apertureWavelengths");
  if (arguments.refused()) return env.Undefined();
  const std::size_t length = separationsDeg.ElementLength();
  Napi::Float64Array responses = Napi::Float64Array::New(env, length);
  if (arguments.refused()) return env.Undefined();
  for (std::size_t i = 0; i < length; ++i) {
    responses[i] = airyPowerResponse(radiansOf(separationsDeg[i]), apertureWavelengths);
  }
  return responses;
}

Napi::Value beamPasses(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  AstrometryArguments arguments(info);
  const Napi::Float64Array beamRaDeg = arguments.numbers(0, "beamRaDeg");
  const Napi::Float64Array beamDecDeg = arguments.numbers(1, "beamDecDeg");
  const Napi::Float64Array observationSeconds = arguments.numbers(2, "observationSeconds");
  const Napi::Float64Array raDeg = arguments.numbers(3, "raDeg");
  const Napi::Float64Array decDeg = arguments.numbers(4, "decDeg");
  const double radiusDeg = arguments.number(5, "radiusDeg");
  const double apertureWavelengths = arguments.number(6, "apertureWavelengths");
  arguments.requireSameLength(beamRaDeg, "beamRaDeg", beamDecDeg, "beamDecDeg");
  arguments.requireSameLength(beamRaDeg, "beamRaDeg", observationSeconds, "observationSeconds");
  arguments.requireSameLength(beamRaDeg, "beamRaDeg", raDeg, "raDeg");
  arguments.requireSameLength(beamRaDeg, "beamRaDeg", decDeg, "decDeg");
  if (arguments.refused()) return env.Undefined();
  const std::size_t length = beamRaDeg.ElementLength();
  Napi::Object passes = Napi::Object::New(env);
  Napi::Float64Array inSeconds = addColumn(passes, "inSeconds", length);
  Napi::Float64Array outSeconds = addColumn(passes, "outSeconds", length);
  Napi::Float64Array closestSeconds = addColumn(passes, "closestSeconds", length);
  Napi::Float64Array offsetDeg = addColumn(passes, "offsetDeg", length);
  Napi::Float64Array peakResponse = addColumn(passes, "peakResponse", length);
  Napi::Float64Array seconds = addColumn(passes, "seconds", length);
  Napi::Float64Array meanResponse = addColumn(passes, "meanResponse", length);
  if (arguments.refused()) return env.Undefined();
  for (std::size_t i = 0; i < length; ++i) {
    std::optional<BeamPass> pass;
    if (isDirection(beamRaDeg[i], beamDecDeg[i]) && isDirection(raDeg[i], decDeg[i])) {
      const StandingBeam beam{radiansOf(beamRaDeg[i]), radiansOf(beamDecDeg[i]), observationSeconds[i],
                              radiansOf(radiusDeg), apertureWavelengths};
      pass = beamPassOf(beam, radiansOf(raDeg[i]), radiansOf(decDeg[i]));
    }
    inSeconds[i] = pass ? pass->inSeconds : kNoNumber;
    outSeconds[i] = pass ? pass->outSeconds : kNoNumber;
    closestSeconds[i] = pass ? pass->closestSeconds : kNoNumber;
    offsetDeg[i] = pass ? degreesOf(pass->offsetRad) : kNoNumber;
    peakResponse[i] = pass ? pass->peakResponse : kNoNumber;
    seconds[i] = pass ? pass->seconds : kNoNumber;
    meanResponse[i] = pass ? pass->meanResponse : kNoNumber;
  }
  return passes;
}

Napi::Value icrsOfApparentSeries(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  AstrometryArguments arguments(info);
  const Site site = arguments.site(3);  // first: a getter in it could take the arrays' memory away
  const Napi::Float64Array haDeg = arguments.numbers(0, "haDeg");
  const Napi::Float64Array decDeg = arguments.numbers(1, "decDeg");
  const Napi::Float64Array mjdUtc = arguments.numbers(2, "mjdUtc");
  arguments.requireSameLength(haDeg, "haDeg", decDeg, "decDeg");
  arguments.requireSameLength(haDeg, "haDeg", mjdUtc, "mjdUtc");
  const auto table = arguments.earthOrientation();
  if (arguments.refused()) return env.Undefined();
  const std::size_t length = haDeg.ElementLength();
  Napi::Object directions = Napi::Object::New(env);
  Napi::Float64Array raIcrsDeg = addColumn(directions, "raIcrsDeg", length);
  Napi::Float64Array decIcrsDeg = addColumn(directions, "decIcrsDeg", length);
  if (arguments.refused()) return env.Undefined();
  for (std::size_t i = 0; i < length; ++i) {
    const Result<Instant> instant = instantOf(julianDateOfMjd(mjdUtc[i]), *table);
    if (!instant || !isDirection(haDeg[i], decDeg[i])) {
      raIcrsDeg[i] = decIcrsDeg[i] = kNoNumber;
      continue;
    }
    const LocalSky sky(*instant, interpolatedCelestialStateAt(instant->tt), site);
    const IcrsDirection icrs = sky.icrsOf(radiansOf(haDeg[i]), radiansOf(decDeg[i]));
    raIcrsDeg[i] = positiveDegreesOf(icrs.raRad);
    decIcrsDeg[i] = degreesOf(icrs.decRad);
  }
  return directions;
}

Napi::Value apparentPlacesOfIcrs(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  AstrometryArguments arguments(info);
  const Site site = arguments.site(3);  // first, as above
  const Napi::Float64Array raIcrsDeg = arguments.numbers(0, "raIcrsDeg");
  const Napi::Float64Array decIcrsDeg = arguments.numbers(1, "decIcrsDeg");
  const auto sky = arguments.skyAt(arguments.number(2, "mjdUtc"), site);
  arguments.requireSameLength(raIcrsDeg, "raIcrsDeg", decIcrsDeg, "decIcrsDeg");
  if (arguments.refused()) return env.Undefined();
  const std::size_t length = raIcrsDeg.ElementLength();
  Napi::Object places = Napi::Object::New(env);
  Napi::Float64Array raDeg = addColumn(places, "raDeg", length);
  Napi::Float64Array decDeg = addColumn(places, "decDeg", length);
  Napi::Float64Array haDeg = addColumn(places, "haDeg", length);
  Napi::Float64Array elevationDeg = addColumn(places, "elevationDeg", length);
  Napi::Float64Array azimuthDeg = addColumn(places, "azimuthDeg", length);
  if (arguments.refused()) return env.Undefined();
  for (std::size_t i = 0; i < length; ++i) {
    if (!isDirection(raIcrsDeg[i], decIcrsDeg[i])) {
      raDeg[i] = decDeg[i] = haDeg[i] = elevationDeg[i] = azimuthDeg[i] = kNoNumber;
      continue;
    }
    const ApparentDirection apparent = sky->apparentOf({radiansOf(raIcrsDeg[i]), radiansOf(decIcrsDeg[i])});
    raDeg[i] = positiveDegreesOf(sky->apparentSiderealTimeRad() - apparent.haRad);
    decDeg[i] = degreesOf(apparent.decRad);
    haDeg[i] = degreesOf(apparent.haRad);
    elevationDeg[i] = degreesOf(apparent.elevationRad);
    azimuthDeg[i] = positiveDegreesOf(apparent.azimuthRad);
  }
  return places;
}

Napi::Value apparentPlacesOfIcrsSeries(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  AstrometryArguments arguments(info);
  const Site site = arguments.site(3);  // first, as above
  const Napi::Float64Array raIcrsDeg = arguments.numbers(0, "raIcrsDeg");
  const Napi::Float64Array decIcrsDeg = arguments.numbers(1, "decIcrsDeg");
  const Napi::Float64Array mjdUtc = arguments.numbers(2, "mjdUtc");
  arguments.requireSameLength(raIcrsDeg, "raIcrsDeg", decIcrsDeg, "decIcrsDeg");
  arguments.requireSameLength(raIcrsDeg, "raIcrsDeg", mjdUtc, "mjdUtc");
  const auto table = arguments.earthOrientation();
  if (arguments.refused()) return env.Undefined();
  const std::size_t length = raIcrsDeg.ElementLength();
  Napi::Object places = Napi::Object::New(env);
  Napi::Float64Array raDeg = addColumn(places, "raDeg", length);
  Napi::Float64Array decDeg = addColumn(places, "decDeg", length);
  Napi::Float64Array elevationDeg = addColumn(places, "elevationDeg", length);
  if (arguments.refused()) return env.Undefined();
  for (std::size_t i = 0; i < length; ++i) {
    const Result<Instant> instant = instantOf(julianDateOfMjd(mjdUtc[i]), *table);
    if (!instant || !isDirection(raIcrsDeg[i], decIcrsDeg[i])) {
      raDeg[i] = decDeg[i] = elevationDeg[i] = kNoNumber;
      continue;
    }
    const LocalSky sky(*instant, coarselyInterpolatedCelestialStateAt(instant->tt), site);
    const ApparentDirection apparent = sky.apparentOf({radiansOf(raIcrsDeg[i]), radiansOf(decIcrsDeg[i])});
    raDeg[i] = positiveDegreesOf(sky.apparentSiderealTimeRad() - apparent.haRad);
    decDeg[i] = degreesOf(apparent.decRad);
    elevationDeg[i] = degreesOf(apparent.elevationRad);
  }
  return places;
}

}  // namespace pointing
