#include "real_test.hpp"

namespace {

LOWERING_TEST(ChebyshevPolynomialT, RefusesComplexNumbers) {
  EXPECT_REFUSED("aten.special_chebyshev_polynomial_t(x: c64[2], n: f32[2]) -> c64[2]", "x and n have dtype complex64");
}

// p_n(x) of doubles: `first` is p1, which `before_loop` computes; `in_loop` computes what comes after last and before,
// where k is the number of last.
std::string Polynomial(const std::string& first, const std::string& before_loop, const std::string& in_loop) {
  return R"(agraph (double[2] given, double[2] n) => (double[2] z) {
    zero = Constant<value = double {0.0}>()
    below = Less(n, zero)
    opposite = Neg(n)
    down = Floor(opposite)
    up = Neg(down)
    floor = Floor(n)
    cut = Where(below, up, floor)
    size = Abs(cut)
    infinity = Constant<value = double {inf}>()
    finite = Less(size, infinity)
    minus_one = Constant<value = double {-1.0}>()
    whole = Where(finite, cut, minus_one)
    one = Constant<value = double {1.0}>()
    every_n = Equal(whole, whole)
    x = Where(every_n, given, given)
    every_x = Equal(x, x)
    degree = Where(every_x, whole, whole)
    every = Equal(degree, degree)
    ones = Where(every, one, degree)
  )" + before_loop +
         R"(
    known_degree = Equal(degree, degree)
    start = Where(known_degree, )" +
         first + R"(, degree)
    more = Less(one, degree)
    known = Equal(start, start)
    open = And(more, known)
    counted = Cast<to = 7>(open)
    count = ReduceSum<keepdims = 0>(counted)
    not_one = Constant<value = int64 {0}>()
    any = Greater(count, not_one)
    p, previous = Loop<body = agraph nested (int64[] turn, bool[] on, double[2] last, double[2] before)
                              => (bool[] any_left, double[2] value, double[2] then) {
      turns = Cast<to = 11>(turn)
      unit = Constant<value = double {1.0}>()
      k = Add(turns, unit)
      has_more = Less(k, degree)
      is_known = Equal(last, last)
      is_open = And(has_more, is_known)
    )" + in_loop +
         R"(
      value = Where(is_open, computed, last)
      then = Where(is_open, last, before)
      k_after = Add(k, unit)
      more_after = Less(k_after, degree)
      known_after = Equal(value, value)
      open_after = And(more_after, known_after)
      counted_after = Cast<to = 7>(open_after)
      count_after = ReduceSum<keepdims = 0>(counted_after)
      nothing = Constant<value = int64 {0}>()
      any_left = Greater(count_after, nothing)
    }>("", any, start, ones)
    constant = Less(degree, one)
    from_zero = Where(constant, one, p)
    negative = Less(degree, zero)
    z = Where(negative, zero, from_zero)
  })";
}

// p₀ = 1, p₁ = x, p₂ = 2x p₁ - p₀, …
LOWERING_TEST(ChebyshevPolynomialT, IsALoopUntilEachHasItsDegree) {
  EXPECT_LOWERS("aten.special_chebyshev_polynomial_t(x: f64[2], n: f64[2]) -> f64[2]",
                Polynomial("x", "", "twice = Add(x, x) product = Mul(twice, last) computed = Sub(product, before)"));
}

// (k + 1) p_{k+1} = (2k + 1 - x) p_k - k p_{k-1}
LOWERING_TEST(LaguerrePolynomialL, HasARecurrenceOfItsOwn) {
  EXPECT_LOWERS("aten.special_laguerre_polynomial_l(x: f64[2], n: f64[2]) -> f64[2]",
                Polynomial("p1", "p1 = Sub(one, x)",
                           "twice_k = Add(k, k) rest = Sub(unit, x) factor = Add(twice_k, rest) upper = Mul(factor, last) "
                           "lower = Mul(k, before) numerator = Sub(upper, lower) next_k = Add(k, unit) "
                           "computed = Div(numerator, next_k)"));
}

LOWERING_TEST(LegendrePolynomialP, IsComputedInTheTypeOfItsResult) {
  EXPECT_COMPUTED_IN("float", "aten.special_legendre_polynomial_p.n_scalar(x: i64[2], 3) -> f32[2]");
  EXPECT_COMPUTED_IN("double", "aten.special_legendre_polynomial_p.x_scalar(0.5, n: f64[2]) -> f64[2]");
}

LOWERING_TEST(HermitePolynomialH, RefusesComplexNumbers) {
  EXPECT_REFUSED("aten.special_hermite_polynomial_h.n_scalar(x: c64[2], 3) -> c64[2]", "complex64");
}

}  // namespace
