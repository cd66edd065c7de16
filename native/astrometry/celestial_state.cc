#include "astrometry/celestial_state.h"

#include <erfa.h>
#include <erfam.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <unordered_map>

namespace pointing {
namespace {

constexpr std::size_t kMaxKeptNodes = 16384;  // 11 years or more, 2 MB

using StateAt = CelestialState(const TwoPartJulianDate& tt);

using Matrix = double[3][3];

CelestialState poleOf(Matrix& biasPrecessionNutation, const TwoPartJulianDate& tt) {
  CelestialState state{};
  eraBpn2xy(biasPrecessionNutation, &state.cipX, &state.cipY);
  state.cioLocatorRad = eraS06(tt.first, tt.second, state.cipX, state.cipY);
  state.equationOfOriginsRad = eraEors(biasPrecessionNutation, state.cioLocatorRad);
  return state;
}

// Precession and nutation alone.
CelestialState poleAt(const TwoPartJulianDate& tt) {
  Matrix biasPrecessionNutation;
  eraPnm06a(tt.first, tt.second, biasPrecessionNutation);
  return poleOf(biasPrecessionNutation, tt);
}

// The same with the nutation of IAU 2000B, 77 terms in place of 1365: within 0.003 arcsec from 1990 to 2100.
CelestialState roughPoleAt(const TwoPartJulianDate& tt) {
  double nutationLonRad, nutationObliquityRad, obliquityRad;
  eraNut00b(tt.first, tt.second, &nutationLonRad, &nutationObliquityRad);
  Matrix bias, precession, biasPrecession, nutation, biasPrecessionNutation;
  eraPn06(tt.first, tt.second, nutationLonRad, nutationObliquityRad, &obliquityRad, bias, precession,
          biasPrecession, nutation, biasPrecessionNutation);
  return poleOf(biasPrecessionNutation, tt);
}

// The Earth's motion alone.
CelestialState earthAt(const TwoPartJulianDate& tt) {
  CelestialState state{};
  // Its argument is TDB, within 2 ms of TT. It warns of dates after 2100-01-01, by which it is still good.
  double heliocentric[2][3];
  eraEpv00(tt.first, tt.second, heliocentric, state.earthBarycentric);
  eraCp(heliocentric[0], state.earthHeliocentric);
  return state;
}

// States at nodes, numbered by intervals from MJD 0 TT.
class Nodes {
 public:
  Nodes(double intervalDays, StateAt* stateAt) : intervalDays_(intervalDays), stateAt_(stateAt) {}

  double intervalDays() const { return intervalDays_; }

  const CelestialState& at(std::int32_t node) {
    const auto found = kept_.find(node);
    if (found != kept_.end()) return found->second;
    if (kept_.size() >= kMaxKeptNodes) kept_.clear();
    return kept_.emplace(node, stateAt_({ERFA_DJM0, node * intervalDays_})).first->second;
  }

 private:
  double intervalDays_;
  StateAt* stateAt_;
  std::unordered_map<std::int32_t, CelestialState> kept_;
};

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

CelestialState interpolated(const TwoPartJulianDate& tt, Nodes& nodes) {
  const double position = ((tt.first - ERFA_DJM0) + tt.second) / nodes.intervalDays();
  const double before = std::floor(position);
  const std::array<double, 4> weights = cubicWeights(position - before);
  CelestialState state{};
  std::int32_t node = static_cast<std::int32_t>(before) - 1;
  for (const double weight : weights) addWeighted(state, weight, nodes.at(node++));
  return state;
}

}  // namespace

CelestialState celestialStateAt(const TwoPartJulianDate& tt) {
  CelestialState state = poleAt(tt);
  addWeighted(state, 1, earthAt(tt));
  return state;
}

CelestialState interpolatedCelestialStateAt(const TwoPartJulianDate& tt) {
  thread_local Nodes states(0.25, celestialStateAt);
  return interpolated(tt, states);
}

CelestialState coarselyInterpolatedCelestialStateAt(const TwoPartJulianDate& tt) {
  thread_local Nodes poles(1, roughPoleAt);
  thread_local Nodes motions(4, earthAt);
  CelestialState state = interpolated(tt, poles);
  addWeighted(state, 1, interpolated(tt, motions));
  return state;
}

}  // namespace pointing
