#include "boundary/pointing_columns.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace pointing {

namespace {

// What is known of how good a value is, a bit each of the column `quality`; JavaScript has the words in the
// order of the bits.
enum Quality : std::uint8_t {
  kEven = 1 << 0,          // the first and the last time gave the mid time
  kMean = 1 << 1,          // the mid time is the mean of all times
  kGaps = 1 << 2,          // times are missing between the first and the last
  kPredicted = 1 << 3,     // the Earth's rotation is an IERS prediction
  kExtrapolated = 1 << 4,  // the Earth's rotation is outside the IERS table
};
constexpr std::array<const char*, 5> kQualityWords = {"even", "mean", "gaps", "iers_predicted",
                                                      "iers_extrapolated"};

std::uint8_t qualityOf(const PointingHeader& header, const Pointing& pointing) {
  unsigned quality = header.isEvenlySampled ? kEven : kMean;
  if (header.hasGaps) quality |= kGaps;
  if (pointing.earthOrientation == EarthOrientationOrigin::predicted) quality |= kPredicted;
  if (pointing.earthOrientation == EarthOrientationOrigin::extrapolated) quality |= kExtrapolated;
  return static_cast<std::uint8_t>(quality);
}

}  // namespace

Napi::Array qualityWords(Napi::Env env) {
  auto words = Napi::Array::New(env, kQualityWords.size());
  for (std::uint32_t i = 0; i < kQualityWords.size(); ++i) words[i] = kQualityWords[i];
  return words;
}

std::uint32_t Instruments::indexOf(const PointingHeader& header) {
  const auto& [name, dishM] = header.instrument;
  const Site& site = header.site;
  Key key{name, site.latitudeDeg, site.longitudeDeg, site.altitudeM, dishM};
  const auto [place, isNew] = indexes_.try_emplace(std::move(key), array_.Length());
  if (isNew) array_.Set(place->second, toObject(header));
  return place->second;
}

Napi::Object Instruments::toObject(const PointingHeader& header) const {
  const Napi::Env env = array_.Env();
  Napi::Object site = Napi::Object::New(env);
  site.Set("latitudeDeg", header.site.latitudeDeg);
  site.Set("longitudeDeg", header.site.longitudeDeg);
  site.Set("altitudeM", header.site.altitudeM);
  Napi::Object instrument = Napi::Object::New(env);
  instrument.Set("name", header.instrument.name);
  instrument.Set("site", site);
  const auto& dishM = header.instrument.dishM;
  instrument.Set("dishM", dishM ? Napi::Value(Napi::Number::New(env, *dishM)) : env.Null());
  return instrument;
}

template <typename T>
std::span<T> PointingColumns::add(const char* name) {
  result_.Set(name, Napi::TypedArrayOf<T>::New(result_.Env(), count_, buffer_, used_));
  T* const data = reinterpret_cast<T*>(static_cast<std::byte*>(buffer_.Data()) + used_);
  used_ += count_ * sizeof(T);
  return {data, count_};
}

PointingColumns::PointingColumns(Napi::Env env, std::size_t count)
    : count_(count), result_(Napi::Object::New(env)), messages_(Napi::Object::New(env)), instruments_(env) {
  constexpr std::size_t kBytesPerFile = 13 * sizeof(double) + 2 * sizeof(std::uint32_t) + 3;
  buffer_ = Napi::ArrayBuffer::New(env, count * kBytesPerFile);
  if (count > 0 && !isUsable()) return;
  midTimeMjdUtc_ = add<double>("midTimeMjdUtc");
  raDeg_ = add<double>("raDeg");
  decDeg_ = add<double>("decDeg");
  raIcrsDeg_ = add<double>("raIcrsDeg");
  decIcrsDeg_ = add<double>("decIcrsDeg");
  haDeg_ = add<double>("haDeg");
  lstDeg_ = add<double>("lstDeg");
  sizeBytes_ = add<double>("sizeBytes");
  mtimeUs_ = add<double>("mtimeUs");
  ctimeUs_ = add<double>("ctimeUs");
  durationSeconds_ = add<double>("durationSeconds");
  minFrequencyHz_ = add<double>("minFrequencyHz");
  maxFrequencyHz_ = add<double>("maxFrequencyHz");
  nTimes_ = add<std::uint32_t>("nTimes");
  instrument_ = add<std::uint32_t>("instrument");
  status_ = add<std::uint8_t>("status");
  kind_ = add<std::uint8_t>("kind");
  quality_ = add<std::uint8_t>("quality");
  for (const auto column : {midTimeMjdUtc_, raDeg_, decDeg_, raIcrsDeg_, decIcrsDeg_, haDeg_, lstDeg_,
                            durationSeconds_, minFrequencyHz_, maxFrequencyHz_}) {
    std::ranges::fill(column, std::numeric_limits<double>::quiet_NaN());
  }
  result_.Set("messages", messages_);
  result_.Set("instruments", instruments_.array());
}

void PointingColumns::setStamp(std::size_t i, const FileStamp& stamp) {
  sizeBytes_[i] = static_cast<double>(stamp.sizeBytes);
  mtimeUs_[i] = static_cast<double>(stamp.mtimeUs);
  ctimeUs_[i] = static_cast<double>(stamp.ctimeUs);
}

void PointingColumns::setPointing(std::size_t i, const PointingHeader& header, const Pointing& pointing) {
  kind_[i] = static_cast<std::uint8_t>(header.kind);
  nTimes_[i] = header.nTimes;
  midTimeMjdUtc_[i] = pointing.midTimeMjdUtc;
  raDeg_[i] = pointing.raDeg;
  decDeg_[i] = pointing.decDeg;
  raIcrsDeg_[i] = pointing.raIcrsDeg;
  decIcrsDeg_[i] = pointing.decIcrsDeg;
  haDeg_[i] = pointing.haDeg;
  lstDeg_[i] = pointing.lstDeg;
  quality_[i] = qualityOf(header, pointing);
  instrument_[i] = instruments_.indexOf(header);
  if (header.durationS) durationSeconds_[i] = *header.durationS;
  if (header.band) {
    minFrequencyHz_[i] = header.band->lowestHz;
    maxFrequencyHz_[i] = header.band->highestHz;
  }
}

void PointingColumns::setFailure(std::size_t i, const Failure& failure) {
  status_[i] = static_cast<std::uint8_t>(failure.code);
  messages_.Set(static_cast<std::uint32_t>(i), failure.message);
}

}  // namespace pointing
