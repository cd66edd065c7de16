#include "astrometry/celestial_state.h"

#include <erfa.h>
#include <erfam.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <unordered_map>

namespace pointing {
namespace {

constexpr double kIntervalDays = 0.25;
constexpr std::size_t kMaxKeptNodes = 16384;  // 11 years, 2 MB

// The state at a node, a number of intervals from MJD 0 TT.
const CelestialState& stateAtNode(std::int32_t node) {
  thread_local std::unordered_map<std::int32_t, CelestialState> kept;
  const auto found = kept.find(node);
  if (found != kept.end()) return found->second;
  if (kept.size() >= kMaxKeptNodes) kept.clear();
  return kept.emplace(node, celestialStateAt({ERFA_DJM0, node * kIntervalDays})).first->second;
}

void addWeighted(CelestialState& sum, double weight, const CelestialState& term) {
  sum.cipX += weight * term.cipX;
  sum.cipY += weight * term.cipY;
  sum.cioLocatorRad += weight * term.cioLocatorRad;
  sum.equationOfOriginsRad += weight * term.equationOfOriginsRad;
  for (int axis = 0; axis < 3; ++axis) {
    sum.earthBarycentric[0][axis] += weight * term.earthBarycentric[0][axis];
    sum.earthBarycentric[1][axis] += weight * term.earthBarycentric[1][axis];
    sum.earthHeliocentric[axis] += weight * term.earthHeliocentric[axis];
  }
}

// Lagrange's cubic through nodes at -1, 0, 1 and 2, for x from 0 to 1.
std::array<double, 4> cubicWeights(double x) {
  return {-x * (x - 1) * (x - 2) / 6, (x + 1) * (x - 1) * (x - 2) / 2, -(x + 1) * x * (x - 2) / 2,
          (x + 1) * x * (x - 1) / 6};
}

}  // namespace

CelestialState celestialStateAt(const TwoPartJulianDate& tt) {
  CelestialState state{};
  double biasPrecessionNutation[3][3];
  eraPnm06a(tt.first, tt.second, biasPrecessionNutation);
  eraBpn2xy(biasPrecessionNutation, &state.cipX, &state.cipY);
  state.cioLocatorRad = eraS06(tt.first, tt.second, state.cipX, state.cipY);
  state.equationOfOriginsRad = eraEors(biasPrecessionNutation, state.cioLocatorRad);
  // Its argument is TDB, within 2 ms of TT. It warns of dates after 2100-01-01, by which it is still good.
  double heliocentric[2][3];
  eraEpv00(tt.first, tt.second, heliocentric, state.earthBarycentric);
  eraCp(heliocentric[0], state.earthHeliocentric);
  return state;
}

CelestialState interpolatedCelestialStateAt(const TwoPartJulianDate& tt) {
  const double position = ((tt.first - ERFA_DJM0) + tt.second) / kIntervalDays;
  const double before = std::floor(position);
  const std::array<double, 4> weights = cubicWeights(position - before);
  CelestialState state{};
  std::int32_t node = static_cast<std::int32_t>(before) - 1;
  for (const double weight : weights) addWeighted(state, weight, stateAtNode(node++));
  return state;
}

}  // namespace pointing
