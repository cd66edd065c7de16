#include "boundary/astrometry_arguments.h"

#include <cmath>
#include <limits>

#include "astrometry/celestial_state.h"
#include "astrometry/time_scales.h"

namespace pointing {
namespace {

constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();

const char* nameOfType(const Napi::Value& value) {
  if (value.IsEmpty() || value.IsUndefined()) return "undefined";
  if (value.IsNull()) return "null";
  if (value.IsBoolean()) return "a boolean";
  if (value.IsNumber()) return "a number";
  if (value.IsBigInt()) return "a bigint";
  if (value.IsString()) return "a string";
  if (value.IsSymbol()) return "a symbol";
  if (value.IsFunction()) return "a function";
  if (value.IsArray()) return "an array";
  if (value.IsTypedArray()) return "a typed array of a different type";
  return "an object";
}

}  // namespace

void AstrometryArguments::refuse(const Failure& failure) {
  if (refused()) return;
  if (failure.code == ErrorCode::out_of_range) {
    Napi::RangeError::New(env_, failure.message).ThrowAsJavaScriptException();
  } else {
    Napi::Error::New(env_, failure.message).ThrowAsJavaScriptException();
  }
}

void AstrometryArguments::refuseType(const std::string& name, const char* expected,
                                     const Napi::Value& received) {
  if (refused()) return;
  Napi::TypeError::New(env_, name + " must be " + expected + ", not " + nameOfType(received))
      .ThrowAsJavaScriptException();
}

double AstrometryArguments::number(std::size_t index, const char* name) {
  const Napi::Value value = info_[index];
  if (value.IsNumber()) return value.As<Napi::Number>().DoubleValue();
  refuseType(name, "a number", value);
  return kNoNumber;
}

double AstrometryArguments::bounded(double value, const char* name, double limit) {
  if (!(std::abs(value) <= limit)) {
    const std::string text = std::to_string(static_cast<int>(limit));
    refuse(
        {ErrorCode::out_of_range, std::string(name) + " is not from -" + text + " to " + text + " degrees"});
  }
  return value;
}

double AstrometryArguments::longitudeDeg(std::size_t index, const char* name) {
  return bounded(number(index, name), name, 360.0);
}

double AstrometryArguments::declinationDeg(std::size_t index, const char* name) {
  return bounded(number(index, name), name, 90.0);
}

std::string AstrometryArguments::text(std::size_t index, const char* name) {
  const Napi::Value value = info_[index];
  if (value.IsString()) return value.As<Napi::String>().Utf8Value();
  refuseType(name, "a string", value);
  return {};
}

Napi::Float64Array AstrometryArguments::numbers(std::size_t index, const char* name) {
  const Napi::Value value = info_[index];
  if (value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == napi_float64_array) {
    return value.As<Napi::Float64Array>();
  }
  refuseType(name, "a Float64Array", value);
  return {};
}

double AstrometryArguments::property(const Napi::Object& object, const char* name) {
  if (refused()) return kNoNumber;
  const Napi::Value value = object.Get(name);  // may run a getter, which may throw
  if (!value.IsEmpty() && value.IsNumber()) return value.As<Napi::Number>().DoubleValue();
  refuseType(std::string("site.") + name, "a number", value);
  return kNoNumber;
}

Site AstrometryArguments::site(std::size_t index) {
  const Napi::Value value = info_[index];
  if (!value.IsObject()) {
    refuseType("site", "an object {latitudeDeg, longitudeDeg, altitudeM}", value);
    return {};
  }
  const Napi::Object object = value.As<Napi::Object>();
  const Site given{property(object, "latitudeDeg"), property(object, "longitudeDeg"),
                   property(object, "altitudeM")};
  if (refused()) return given;
  const Result<Site> checked = checkedSite(given);
  if (!checked) refuse(checked.failure());
  return given;
}

std::shared_ptr<const EarthOrientationTable> AstrometryArguments::earthOrientation() {
  auto table = pointing::earthOrientation();
  if (!table) {
    refuse({ErrorCode::unsupported, "no Earth orientation: call loadEarthOrientation first"});
  }
  return table;
}

std::optional<LocalSky> AstrometryArguments::skyAt(double mjdUtc, const Site& site) {
  const auto table = earthOrientation();
  if (refused()) return std::nullopt;
  const Result<Instant> instant = instantOf(julianDateOfMjd(mjdUtc), *table);
  if (!instant) {
    refuse(instant.failure());
    return std::nullopt;
  }
  return LocalSky(*instant, celestialStateAt(instant->tt), site);
}

void AstrometryArguments::requireSameLength(const Napi::Float64Array& first, const char* firstName,
                                            const Napi::Float64Array& second, const char* secondName) {
  if (refused() || first.ElementLength() == second.ElementLength()) return;
  refuse({ErrorCode::out_of_range, std::string(secondName) + " must have as many values as " + firstName +
                                       ", " + std::to_string(first.ElementLength()) + ", not " +
                                       std::to_string(second.ElementLength())});
}

}  // namespace pointing
