#include <erfaextra.h>

#include <algorithm>

#include "astrometry/angles.h"
#include "astrometry/local_sky.h"
#include "astrometry/transits.h"
#include "boundary/astrometry_arguments.h"
#include "boundary/astrometry_series.h"
#include "boundary/napi_setup.h"

// All functions run on the calling JavaScript thread. Angles are in degrees, times MJD UTC, places without
// refraction. A wrong type is a TypeError, a value out of range a RangeError.
namespace pointing {
namespace {

// (tablePath, leapSecondsPath) -> {firstMjdUtc, lastMjdUtc, lastMeasuredMjdUtc, leapSecondsExpireMjdUtc}
Napi::Value loadEarthOrientationFiles(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  AstrometryArguments arguments(info);
  const std::string tablePath = arguments.text(0, "tablePath");
  const std::string leapSecondsPath = arguments.text(1, "leapSecondsPath");
  if (arguments.refused()) return env.Undefined();
  const auto table = loadEarthOrientation(tablePath, leapSecondsPath);
  if (!table) {
    arguments.refuse(table.failure());
    return env.Undefined();
  }
  Napi::Object result = Napi::Object::New(env);
  result.Set("firstMjdUtc", (*table)->firstMjdUtc());
  result.Set("lastMjdUtc", (*table)->lastMjdUtc());
  result.Set("lastMeasuredMjdUtc", (*table)->lastMeasuredMjdUtc());
  result.Set("leapSecondsExpireMjdUtc", leapSecondsExpireMjdUtc());
  return result;
}

// (mjdUtc, longitudeDeg) -> degrees
Napi::Value apparentSiderealTimeDeg(const Napi::CallbackInfo& info) {
  AstrometryArguments arguments(info);
  const double mjdUtc = arguments.number(0, "mjdUtc");
  const double longitudeDeg = arguments.longitudeDeg(1, "longitudeDeg");
  const auto sky = arguments.skyAt(mjdUtc, {.latitudeDeg = 0, .longitudeDeg = longitudeDeg, .altitudeM = 0});
  if (!sky) return info.Env().Undefined();
  return Napi::Number::New(info.Env(), positiveDegreesOf(sky->apparentSiderealTimeRad()));
}

// (raIcrsDeg, decIcrsDeg, mjdUtc, site) -> {raDeg, decDeg, haDeg, elevationDeg, azimuthDeg}
Napi::Value apparentPlaceOfIcrs(const Napi::CallbackInfo& info) {
  AstrometryArguments arguments(info);
  const double raIcrsDeg = arguments.longitudeDeg(0, "raIcrsDeg");
  const double decIcrsDeg = arguments.declinationDeg(1, "decIcrsDeg");
  const double mjdUtc = arguments.number(2, "mjdUtc");
  const auto sky = arguments.skyAt(mjdUtc, arguments.site(3));
  if (!sky) return info.Env().Undefined();
  const ApparentDirection apparent = sky->apparentOf({radiansOf(raIcrsDeg), radiansOf(decIcrsDeg)});
  Napi::Object place = Napi::Object::New(info.Env());
  place.Set("raDeg", positiveDegreesOf(sky->apparentSiderealTimeRad() - apparent.haRad));
  place.Set("decDeg", degreesOf(apparent.decRad));
  place.Set("haDeg", degreesOf(apparent.haRad));
  place.Set("elevationDeg", degreesOf(apparent.elevationRad));
  place.Set("azimuthDeg", positiveDegreesOf(apparent.azimuthRad));
  return place;
}

// (mjdUtc, site) -> {sun, moon}, each {raIcrsDeg, decIcrsDeg, elevationDeg}
Napi::Value sunAndMoon(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  AstrometryArguments arguments(info);
  const double mjdUtc = arguments.number(0, "mjdUtc");
  const auto sky = arguments.skyAt(mjdUtc, arguments.site(1));
  if (!sky) return env.Undefined();
  const auto placeOf = [&](const IcrsDirection& direction) {
    Napi::Object place = Napi::Object::New(env);
    place.Set("raIcrsDeg", positiveDegreesOf(direction.raRad));
    place.Set("decIcrsDeg", degreesOf(direction.decRad));
    place.Set("elevationDeg", degreesOf(sky->apparentOf(direction).elevationRad));
    return place;
  };
  Napi::Object result = Napi::Object::New(env);
  result.Set("sun", placeOf(sky->sun()));
  result.Set("moon", placeOf(sky->moon()));
  return result;
}

// (raIcrsDeg, decIcrsDeg, fromMjdUtc, toMjdUtc, site) -> Float64Array of MJD UTC
Napi::Value upperTransitsForJs(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  AstrometryArguments arguments(info);
  const double raIcrsDeg = arguments.longitudeDeg(0, "raIcrsDeg");
  const double decIcrsDeg = arguments.declinationDeg(1, "decIcrsDeg");
  const double fromMjdUtc = arguments.number(2, "fromMjdUtc");
  const double toMjdUtc = arguments.number(3, "toMjdUtc");
  const Site site = arguments.site(4);
  const auto table = arguments.earthOrientation();
  if (arguments.refused()) return env.Undefined();
  const Result<std::vector<double>> transits =
      upperTransits({radiansOf(raIcrsDeg), radiansOf(decIcrsDeg)}, fromMjdUtc, toMjdUtc, site, *table);
  if (!transits) {
    arguments.refuse(transits.failure());
    return env.Undefined();
  }
  Napi::Float64Array result = Napi::Float64Array::New(env, transits->size());
  if (!arguments.refused()) std::copy(transits->begin(), transits->end(), result.Data());
  return result;
}

}  // namespace

void exportAstrometry(Napi::Env env, Napi::Object exports) {
  const auto add = [&](const char* name, Napi::Value (*function)(const Napi::CallbackInfo&)) {
    exports.Set(name, Napi::Function::New(env, function, name));
  };
  add("loadEarthOrientation", loadEarthOrientationFiles);
  add("apparentSiderealTimeDeg", apparentSiderealTimeDeg);
  add("apparentSiderealTimesDeg", apparentSiderealTimesDeg);
  add("apparentPlaceOfIcrs", apparentPlaceOfIcrs);
  add("apparentPlacesOfIcrs", apparentPlacesOfIcrs);
  add("apparentPlacesOfIcrsSeries", apparentPlacesOfIcrsSeries);
  add("icrsOfApparentSeries", icrsOfApparentSeries);
  add("upperTransits", upperTransitsForJs);
  add("sunAndMoon", sunAndMoon);
  add("airyPowerResponses", airyPowerResponses);
  add("beamPasses", beamPasses);
  if (!exports.Has("versions")) exports.Set("versions", Napi::Object::New(env));
  exports.Get("versions").As<Napi::Object>().Set("erfa", eraVersion());
}

}  // namespace pointing
