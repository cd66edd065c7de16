#pragma once
#include <memory>
#include <optional>
#include <string>

#include "astrometry/earth_orientation.h"
#include "astrometry/local_sky.h"
#include "boundary/napi_setup.h"
#include "core/result.h"
#include "uvh5/pointing_header.h"

namespace pointing {

// Reads one call's arguments. The first that is wrong leaves a JavaScript TypeError or RangeError pending,
// which names it; later reads then return a value without meaning, so check refused() once, before computing.
class AstrometryArguments {
 public:
  explicit AstrometryArguments(const Napi::CallbackInfo& info) : info_(info), env_(info.Env()) {}

  double number(std::size_t index, const char* name);
  std::string text(std::size_t index, const char* name);
  Napi::Float64Array numbers(std::size_t index, const char* name);
  Site site(std::size_t index);  // {latitudeDeg, longitudeDeg, altitudeM}, in range

  double longitudeDeg(std::size_t index, const char* name);    // -360 to 360
  double declinationDeg(std::size_t index, const char* name);  // -90 to 90

  // The loaded table; an Error if there is none.
  std::shared_ptr<const EarthOrientationTable> earthOrientation();

  // The sky over a site at one instant; nothing, with an error pending, if the date or an argument is
  // refused.
  std::optional<LocalSky> skyAt(double mjdUtc, const Site& site);

  // Leaves a RangeError pending unless both have as many values.
  void requireSameLength(const Napi::Float64Array& first, const char* firstName,
                         const Napi::Float64Array& second, const char* secondName);

  // Leaves an error pending, if none is: RangeError for out_of_range, else Error.
  void refuse(const Failure& failure);

  bool refused() const { return env_.IsExceptionPending(); }

 private:
  void refuseType(const std::string& name, const char* expected, const Napi::Value& received);
  double bounded(double value, const char* name, double limit);
  double property(const Napi::Object& object, const char* name);

  const Napi::CallbackInfo& info_;
  Napi::Env env_;
};

}  // namespace pointing
