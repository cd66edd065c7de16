#include "astrometry/beam_pass.h"

#include <erfa.h>
#include <erfam.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "astrometry/beam.h"

namespace pointing {
namespace {

constexpr double kTurnRad = ERFA_D2PI;
constexpr double kSiderealRadPerSecond = kTurnRad * 1.00273781191135448 / ERFA_DAYSEC;  // IAU 2000

// The Gauss-Legendre rule of 8 points on -1 to 1: abscissae, each of both signs, and weights.
struct Node {
  double x;
  double weight;
};
constexpr std::array<Node, 4> kGaussLegendre{{{0.1834346424956498, 0.362683783378362},
                                              {0.525532409916329, 0.3137066458778873},
                                              {0.7966664774136267, 0.2223810344533745},
                                              {0.9602898564975363, 0.1012285362903763}}};
// The rule is good to 1e-8 of the response over so much drift, and over so much of a lobe's width.
constexpr double kMaxPieceRad = 2 * ERFA_DD2R;
constexpr double kPieceOfLobe = 0.75;
constexpr double kMaxPieces = 10000;

// A range of the source's hour angle less the telescope's.
struct Interval {
  double from;
  double to;
};

double haversine(double angleRad) {
  const double half = std::sin(angleRad / 2);
  return half * half;
}

// Up to which difference in hour angle two declinations lie within a radius, half a turn at most; nothing
// where they never do. By haversines: accurate for small radii, where cosines are all but equal.
std::optional<double> reachRad(double decARad, double decBRad, double radiusRad) {
  if (std::abs(decARad - decBRad) > radiusRad) return std::nullopt;
  const double room = haversine(radiusRad) - haversine(decARad - decBRad);
  const double scale = std::cos(decARad) * std::cos(decBRad);
  if (radiusRad >= ERFA_DPI || room >= scale) return ERFA_DPI;
  return 2 * std::asin(std::sqrt(std::max(0.0, room / scale)));
}

// The parts of an interval, itself at most a turn long, that lie within reach of 0 or of a whole turn.
std::vector<Interval> inside(const Interval& observed, double reach) {
  if (reach >= ERFA_DPI) return {observed};
  std::vector<Interval> parts;
  for (const double turn : {-kTurnRad, 0.0, kTurnRad}) {
    const Interval part{std::max(observed.from, turn - reach), std::min(observed.to, turn + reach)};
    if (part.from <= part.to) parts.push_back(part);
  }
  return parts;
}

// Where an interval is nearest to 0 or to a whole turn.
double nearestTurn(const Interval& part) {
  const double turn = kTurnRad * std::round((part.from + part.to) / (2 * kTurnRad));
  return std::clamp(turn, part.from, part.to);
}

template <typename Function>
double integral(const Interval& part, double pieceRad, Function&& f) {
  const double pieces = std::clamp(std::ceil((part.to - part.from) / pieceRad), 1.0, kMaxPieces);
  const double half = (part.to - part.from) / pieces / 2;
  double sum = 0;
  for (double i = 0; i < pieces; ++i) {
    const double middle = part.from + (2 * i + 1) * half;
    for (const auto& [x, weight] : kGaussLegendre) {
      sum += weight * half * (f(middle - half * x) + f(middle + half * x));
    }
  }
  return sum;
}

}  // namespace

std::optional<BeamPass> beamPassOf(const StandingBeam& beam, double raRad, double decRad) {
  const std::optional<double> reach = reachRad(beam.decRad, decRad, beam.radiusRad);
  if (!reach) return std::nullopt;
  const double mid = eraAnpm(beam.raRad - raRad);
  const double half = std::min(beam.observationSeconds / 2 * kSiderealRadPerSecond, ERFA_DPI);
  const std::vector<Interval> parts = inside({mid - half, mid + half}, *reach);
  if (parts.empty()) return std::nullopt;

  const double between = haversine(beam.decRad - decRad);
  const double scale = std::cos(beam.decRad) * std::cos(decRad);
  const auto offsetAt = [&](double haRad) {
    const double h = std::min(1.0, between + scale * haversine(haRad));
    return 2 * std::atan2(std::sqrt(h), std::sqrt(1 - h));
  };
  const auto responseAt = [&](double haRad) {
    return airyPowerResponse(offsetAt(haRad), beam.apertureWavelengths);
  };

  const double pieceRad = std::min(kMaxPieceRad, kPieceOfLobe / beam.apertureWavelengths);
  double closest = nearestTurn(parts.front());
  double length = 0;
  double responseIntegral = 0;
  for (const Interval& part : parts) {
    const double nearest = nearestTurn(part);
    if (std::abs(eraAnpm(nearest)) < std::abs(eraAnpm(closest))) closest = nearest;
    length += part.to - part.from;
    responseIntegral += integral(part, pieceRad, responseAt);
  }
  const double peakResponse = responseAt(closest);
  const auto secondsAt = [&](double haRad) { return (haRad - mid) / kSiderealRadPerSecond; };
  return BeamPass{.inSeconds = secondsAt(parts.front().from),
                  .outSeconds = secondsAt(parts.back().to),
                  .closestSeconds = secondsAt(closest),
                  .offsetRad = offsetAt(closest),
                  .peakResponse = peakResponse,
                  .seconds = length / kSiderealRadPerSecond,
                  .meanResponse = length > 0 ? responseIntegral / length : peakResponse};
}

}  // namespace pointing
