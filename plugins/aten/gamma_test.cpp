#include "real_test.hpp"

namespace {

LOWERING_TEST(Polygamma, RefusesANegativeOrder) { EXPECT_REFUSED("aten.polygamma(-1, x: f32[2]) -> f32[2]", "n=-1"); }

LOWERING_TEST(LogGamma, IsComputedInDoubleUnlessItIsNarrow) {
  EXPECT_COMPUTED_IN("double", "aten.lgamma(x: f32[2]) -> f32[2]");
  EXPECT_COMPUTED_IN("double", "aten.lgamma(x: i64[2]) -> f32[2]");
  EXPECT_COMPUTED_IN("float", "aten.lgamma(x: f16[2]) -> f16[2]");
  EXPECT_COMPUTED_IN("float", "aten.lgamma(x: bf16[2]) -> bf16[2]");
}

LOWERING_TEST(Digamma, IsComputedInDoubleUnlessItIsNarrow) {
  EXPECT_COMPUTED_IN("double", "aten.digamma(x: f32[2]) -> f32[2]");
  EXPECT_COMPUTED_IN("double", "aten.digamma(x: i64[2]) -> f32[2]");
  EXPECT_COMPUTED_IN("float", "aten.digamma(x: f16[2]) -> f16[2]");
  EXPECT_COMPUTED_IN("float", "aten.digamma(x: bf16[2]) -> bf16[2]");
}

LOWERING_TEST(Mvlgamma, RefusesNoDimension) { EXPECT_REFUSED("aten.mvlgamma(x: f32[2], 0) -> f32[2]", "p=0"); }

LOWERING_TEST(Gamma, RefusesComplexNumbers) {
  EXPECT_REFUSED("aten.lgamma(x: c64[2]) -> c64[2]", "self has dtype complex64");
  EXPECT_REFUSED("aten.polygamma(1, x: c64[2]) -> c64[2]", "self has dtype complex64");
  EXPECT_REFUSED("aten.polygamma(2, x: c64[2]) -> c64[2]", "self has dtype complex64");
  EXPECT_REFUSED("aten.mvlgamma(x: c64[2], 2) -> c64[2]", "self has dtype complex64");
}

// Σ 1 / (x + k)² over the first six k, the rest by its asymptotic form; below ½ that of 1 - x, taken from π² / sin²(πx).
LOWERING_TEST(Polygamma, OfOrderOneIsMovedBySixAndReflected) {
  std::string graph =
      "agraph (double[2] x) => (double[2] z) {\n"
      "  half = Constant<value = double {0.5}>()\n"
      "  reflected = Less(x, half)\n"
      "  one = Constant<value = double {1.0}>()\n"
      "  mirrored = Sub(one, x)\n"
      "  y = Where(reflected, mirrored, x)\n"
      "  square = Mul(y, y)\n"
      "  sum0 = Div(one, square)\n";
  for (int k = 1; k < 6; ++k) {
    const std::string n = std::to_string(k);
    const std::string number = k == 1 ? "one" : "number" + n;
    if (k > 1) graph += "  " + number + " = Constant<value = double {" + n + ".0}>()\n";
    graph += "  left" + n + " = Add(y, " + number + ")\n";
    graph += "  right" + n + " = Add(y, " + number + ")\n";
    graph += "  square" + n + " = Mul(left" + n + ", right" + n + ")\n";
    graph += "  part" + n + " = Div(one, square" + n + ")\n";
    graph += "  sum" + n + " = Add(sum" + std::to_string(k - 1) + ", part" + n + ")\n";
  }
  graph +=
      "  six = Constant<value = double {6.0}>()\n"
      "  far = Add(y, six)\n"
      "  twice = Mul(number2, far)\n"
      "  second = Div(one, twice)\n"
      "  first_two = Add(one, second)\n"
      "  far_square = Mul(far, far)\n"
      "  t = Div(one, far_square)\n"
      "  c6 = Constant<value = double {0.16666666666666666}>()\n"
      "  c30 = Constant<value = double {0.03333333333333333}>()\n"
      "  c42 = Constant<value = double {0.023809523809523808}>()\n"
      "  t42 = Mul(t, c42)\n"
      "  d30 = Sub(c30, t42)\n"
      "  t30 = Mul(t, d30)\n"
      "  d6 = Sub(c6, t30)\n"
      "  t6 = Mul(t, d6)\n"
      "  series = Add(first_two, t6)\n"
      "  rest = Div(series, far)\n"
      "  sum = Add(sum5, rest)\n"
      "  pi = Constant<value = double {3.141592653589793}>()\n"
      "  angle = Mul(x, pi)\n"
      "  sine = Sin(angle)\n"
      "  sine_square = Mul(sine, sine)\n"
      "  pi_square = Constant<value = double {9.869604401089358}>()\n"
      "  whole = Div(pi_square, sine_square)\n"
      "  below = Sub(whole, sum)\n"
      "  z = Where(reflected, below, sum)\n}";
  EXPECT_LOWERS("aten.polygamma(1, x: f64[2]) -> f64[2]", graph);
}

LOWERING_TEST(Mvlgamma, RefusesMoreDimensionsThanItCanWrite) {
  EXPECT_REFUSED("aten.mvlgamma(x: f32[2], 9223372036854775807) -> f32[2]", "p=9223372036854775807");
}

}  // namespace
