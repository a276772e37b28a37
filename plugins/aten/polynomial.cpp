// Orthogonal polynomials of degree n, a number or a number for each x, by their recurrences.
//
// torch's conventions (aten/src/ATen/native/Math.h): n is cut to a whole number, of a negative one the polynomial is 0.
// Recurrences run in the type of the result, as there, so that they overflow where torch's do; a NaN ends them.
#include <cmath>

#include "families.hpp"
#include "real.hpp"

namespace fairlead::aten {
namespace {

// A family of polynomials p₀ = 1, p₁, and p_{k+1} out of p_k, p_{k-1} and k.
using First = Real (*)(Real x);
using Next = Real (*)(Real x, Real k, Real last, Real before);

// ---- the families ----

Real Twice(Real x) { return x + x; }
Real Same(Real x) { return x; }
Real Shifted(Real x) { return Twice(x) - 1; }

Real Chebyshev(Real x, Real /*k*/, Real last, Real before) { return Twice(x) * last - before; }
Real FirstOfV(Real x) { return Twice(x) - 1; }
Real FirstOfW(Real x) { return Twice(x) + 1; }
// The same in 2x - 1.
template <First first> Real ShiftedFirst(Real x) { return first(Shifted(x)); }
Real ShiftedChebyshev(Real x, Real k, Real last, Real before) { return Chebyshev(Shifted(x), k, last, before); }

Real HermiteH(Real x, Real k, Real last, Real before) { return Twice(x) * last - 2 * k * before; }
Real HermiteHe(Real x, Real k, Real last, Real before) { return x * last - k * before; }
Real FirstOfLaguerre(Real x) { return 1 - x; }
Real Laguerre(Real x, Real k, Real last, Real before) { return ((Twice(k) + (1 - x)) * last - k * before) / (k + 1); }
Real Legendre(Real x, Real k, Real last, Real before) { return ((Twice(k) + 1) * x * last - k * before) / (k + 1); }

// ---- the recurrence ----

// p_n(x) for whole n; both have the same shape.
template <First first, Next next> Real Recurrence(Real x, Real n) {
  Builder& b = x.builder();
  const auto is_open = [&](Real k, Real last) { return (k < n) & (last == last); };
  const auto turn = [&](Value iteration, Value /*condition*/, std::span<const Value> states) {
    const Real last = x.With(states[0]), before = x.With(states[1]);
    const Real k = x.With(b.ToType(iteration, x.dtype())) + 1;
    const Truth open = is_open(k, last);
    const Real value = Where(open, next(x, k, last, before), last);
    return LoopStep{Any(is_open(k + 1, value)), {value.value(), Where(open, last, before).value()}, {}};
  };
  const Real one = Where(n == n, x.Number(1), n), start = Where(n == n, first(x), n);
  const auto ends = b.Loop({}, Any(is_open(x.Number(1), start)), {start.value(), one.value()}, turn);
  if (ends.size() != 2) return x;
  return Where(n < 0, 0, Where(n < 1, 1, x.With(ends[0])));
}

// Of infinite or unknown n a processor makes a negative whole number.
Real WholeDegree(Real n) {
  const Real whole = Where(n < 0, -Floor(-n), Floor(n));
  return Where(Abs(whole) < INFINITY, whole, -1);
}

template <First first, Next next, class X, class N> Value Polynomial(Builder& b, X x, N n) {
  const DType type = FloatType(b.PromotedType({x, n}));
  if (IsComplex(type)) return b.Unsupported("x and n have dtype {}", type);
  const Real point(b, b.ToTensor(x, type)), degree = WholeDegree(Real(b, b.ToTensor(n, type)));
  const Real everywhere = Where(degree == degree, point, point);  // in the shape of both
  const Real degrees = Where(everywhere == everywhere, degree, degree);
  return Recurrence<first, next>(everywhere, degrees).value();
}

// torch does not go further than this.
constexpr double MostHermite(DType type) { return type == DType::kFloat ? 128 : type == DType::kDouble ? 512 : 1024; }

template <First first, Next next, class X, class N> Value Hermite(Builder& b, X x, N n) {
  const DType type = FloatType(b.PromotedType({x, n}));
  const Real degree = WholeDegree(Real(b, b.ToTensor(n, type)));
  const Truth too_far = degree > MostHermite(type);
  const Value value = Polynomial<first, next, X, Value>(b, x, Where(too_far, 0, degree).value());
  return Where(too_far, NAN, Real(b, value)).value();
}

#define FL_POLYNOMIAL(name, Function, ...)                                                                          \
  Lower<Function<__VA_ARGS__, Value, Value>>("aten::special_" name "(Tensor x, Tensor n) -> Tensor"),               \
      Lower<Function<__VA_ARGS__, Value, Scalar>>("aten::special_" name ".n_scalar(Tensor x, Scalar n) -> Tensor"), \
      Lower<Function<__VA_ARGS__, Scalar, Value>>("aten::special_" name ".x_scalar(Scalar x, Tensor n) -> Tensor")

constexpr Lowering kTable[] = {
    FL_POLYNOMIAL("chebyshev_polynomial_t", Polynomial, Same, Chebyshev),
    FL_POLYNOMIAL("chebyshev_polynomial_u", Polynomial, Twice, Chebyshev),
    FL_POLYNOMIAL("chebyshev_polynomial_v", Polynomial, FirstOfV, Chebyshev),
    FL_POLYNOMIAL("chebyshev_polynomial_w", Polynomial, FirstOfW, Chebyshev),
    FL_POLYNOMIAL("shifted_chebyshev_polynomial_t", Polynomial, ShiftedFirst<Same>, ShiftedChebyshev),
    FL_POLYNOMIAL("shifted_chebyshev_polynomial_u", Polynomial, ShiftedFirst<Twice>, ShiftedChebyshev),
    FL_POLYNOMIAL("shifted_chebyshev_polynomial_v", Polynomial, ShiftedFirst<FirstOfV>, ShiftedChebyshev),
    FL_POLYNOMIAL("shifted_chebyshev_polynomial_w", Polynomial, ShiftedFirst<FirstOfW>, ShiftedChebyshev),
    FL_POLYNOMIAL("hermite_polynomial_h", Hermite, Twice, HermiteH),
    FL_POLYNOMIAL("hermite_polynomial_he", Hermite, Same, HermiteHe),
    FL_POLYNOMIAL("laguerre_polynomial_l", Polynomial, FirstOfLaguerre, Laguerre),
    FL_POLYNOMIAL("legendre_polynomial_p", Polynomial, Same, Legendre),
};

}  // namespace

std::span<const Lowering> PolynomialLowerings() { return kTable; }

}  // namespace fairlead::aten
