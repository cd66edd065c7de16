#include "astrometry/celestial_state.h"

#include <erfa.h>
#include <erfam.h>

#include <algorithm>
#include <cmath>

namespace pointing {
namespace {

constexpr double kIntervalDays = 0.25;

CelestialState stateAtNode(double node) { return celestialStateAt({ERFA_DJM0, node * kIntervalDays}); }

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
  // Its argument is TDB, within 2 ms of TT; it warns only of dates outside 1900 to 2100, by which it is still
  // good.
  double heliocentric[2][3];
  eraEpv00(tt.first, tt.second, heliocentric, state.earthBarycentric);
  eraCp(heliocentric[0], state.earthHeliocentric);
  return state;
}

CelestialState CelestialStateInterpolator::at(const TwoPartJulianDate& tt) {
  const double position = ((tt.first - ERFA_DJM0) + tt.second) / kIntervalDays;
  const double firstNode = std::floor(position) - 1;
  if (firstNode == firstNode_ + 1) {
    std::rotate(nodes_.begin(), nodes_.begin() + 1, nodes_.end());
    nodes_.back() = stateAtNode(firstNode + 3);
  } else if (firstNode != firstNode_) {
    for (std::size_t i = 0; i < nodes_.size(); ++i)
      nodes_[i] = stateAtNode(firstNode + static_cast<double>(i));
  }
  firstNode_ = firstNode;
  const std::array<double, 4> weights = cubicWeights(position - (firstNode + 1));
  CelestialState state{};
  for (std::size_t i = 0; i < nodes_.size(); ++i) addWeighted(state, weights[i], nodes_[i]);
  return state;
}

}  // namespace pointing
