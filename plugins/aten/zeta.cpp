// Hurwitz' zeta function Σ 1 / (k + q)ˣ by the Euler-Maclaurin formula: S. Moshier, Cephes Mathematical Library, zeta.c,
// which torch follows (aten/src/ATen/native/Math.h).
#include "zeta.hpp"

#include <cmath>

#include "families.hpp"

namespace fairlead::aten {
namespace {

// (2k)! / B₂ₖ
constexpr double kExpansion[] = {12.0,
                                 -720.0,
                                 30240.0,
                                 -1209600.0,
                                 47900160.0,
                                 -1.307674368e12 / 691,
                                 7.47242496e10,
                                 -1.067062284288e16 / 3617,
                                 5.109094217170944e18 / 43867,
                                 -8.028576626982912e20 / 174611,
                                 1.5511210043330985984e23 / 854513,
                                 -1.6938241367317436694528e27 / 236364091};
constexpr double kSummed = 9;  // terms before the expansion, and the least base of it

// The sum up to the expansion: q + k and its power at the end. A sum that no longer changes has ended.
struct Summed {
  Real base, power, sum;
  Truth ended;
};

Truth IsSettled(Real power, Real sum) {
  constexpr double kEpsilon = 0x1p-53;
  return (sum * -kEpsilon < power) & (power < sum * kEpsilon);
}

// q may be far below zero, so the number of terms is only known at run time.
Summed SumTerms(Real x, Real q) {
  Builder& b = x.builder();
  const auto turn = [&](Value iteration, Value /*condition*/, std::span<const Value> states) {
    const Real base = q.With(states[0]), power = q.With(states[1]), sum = q.With(states[2]);
    const Truth ended(b, states[3]);
    const Truth early(b, b.Less(iteration, b.Constant(kSummed, DType::kInt64)));
    const Truth goes_on = (!ended) & (early | (base <= kSummed));
    const Real next = base + 1, term = Pow(next, -x), total = sum + term;
    const Real new_base = Where(goes_on, next, base), new_power = Where(goes_on, term, power);
    const Real new_sum = Where(goes_on, total, sum);
    const Truth settled = ended | (goes_on & IsSettled(term, total));
    const Truth later(b, b.Less(iteration, b.Constant(kSummed - 1, DType::kInt64)));
    return LoopStep{Any((!settled) & (later | (new_base <= kSummed))),
                    {new_base.value(), new_power.value(), new_sum.value(), settled.value()},
                    {}};
  };
  const Real base = Where(x == x, q, q), start = Pow(q, -x);  // in the shape of both
  const Truth none = base < base;
  const auto ends = b.Loop({}, b.Constant(true, DType::kBool),
                           {base.value(), Where(none, base, 0).value(), start.value(), none.value()}, turn);
  if (ends.size() != 4) return {q, q, q, Truth(b, q.value())};
  return {q.With(ends[0]), q.With(ends[1]), q.With(ends[2]), Truth(b, ends[3])};
}

// ∫ + ½ last term + Σ B₂ₖ / (2k)! of the derivatives at the end of the sum.
Real Expansion(Real x, const Summed& s) {
  Real sum = s.sum + s.power * s.base / (x - 1) - 0.5 * s.power;
  Real factor = x, power = s.power / s.base;
  for (std::size_t i = 0; i < std::size(kExpansion); ++i) {
    sum = sum + factor * power / kExpansion[i];
    const double k = 2 * static_cast<double>(i) + 1;
    factor = factor * (x + k) * (x + (k + 1));
    power = power / (s.base * s.base);
  }
  return sum;
}

constexpr Lowering kTable[] = {
    Lower<ElementwiseOfTwo<Zeta, Value, Value>>("aten::special_zeta(Tensor self, Tensor other) -> Tensor"),
    Lower<ElementwiseOfTwo<Zeta, Value, Scalar>>("aten::special_zeta.other_scalar(Tensor self, Scalar other) -> Tensor"),
    Lower<ElementwiseOfTwo<Zeta, Scalar, Value>>("aten::special_zeta.self_scalar(Scalar self, Tensor other) -> Tensor"),
};

}  // namespace

Real Zeta(Real x, Real q) {
  // Poles lie at whole q; powers of other negative q are real for whole x only.
  const Truth pole = (q <= 0) & IsWhole(q), unreal = (q <= 0) & (!IsWhole(x));
  const Summed summed = SumTerms(x, Where(pole | unreal, 1, q));
  const Real series = Where(summed.ended, summed.sum, Expansion(x, summed));
  const Real in_domain = Where(pole, INFINITY, Where(unreal, NAN, series));
  return Where(x == 1, INFINITY, Where(x < 1, NAN, in_domain));
}

std::span<const Lowering> ZetaLowerings() { return kTable; }

}  // namespace fairlead::aten
