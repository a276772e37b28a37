#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(Log2, DividesByTheLogarithmOfTwo) {
  EXPECT_LOWERS("aten.log2(x: i64[2]) -> f32[2]",
                "agraph (int64[2] x) => (float[2] z) {\n"
                "  f = Cast<to = 1>(x)\n"
                "  natural = Log(f)\n"
                "  two = Constant<value = float {0.6931472}>()\n"
                "  z = Div(natural, two)\n"
                "}");
}

LOWERING_TEST(Rsqrt, StaysInHalfPrecision) {
  EXPECT_LOWERS("aten.rsqrt(x: f16[2]) -> f16[2]",
                "agraph (float16[2] x) => (float16[2] z) {\n"
                "  root = Sqrt(x)\n"
                "  z = Reciprocal(root)\n"
                "}");
}

// exp(x) - 1 = 2 exp(x/2) sinh(x/2), where subtracting would lose digits.
LOWERING_TEST(Expm1, KeepsTheDigitsOfSmallNumbers) {
  EXPECT_LOWERS("aten.expm1(x: f32[2]) -> f32[2]",
                "agraph (float[2] x) => (float[2] z) {\n"
                "  size = Abs(x)\n"
                "  one = Constant<value = float {1.0}>()\n"
                "  small = Less(size, one)\n"
                "  half = Constant<value = float {0.5}>()\n"
                "  halved = Mul(x, half)\n"
                "  e = Exp(halved)\n"
                "  s = Sinh(halved)\n"
                "  product = Mul(e, s)\n"
                "  two = Constant<value = float {2.0}>()\n"
                "  near = Mul(product, two)\n"
                "  power = Exp(x)\n"
                "  far = Sub(power, one)\n"
                "  z = Where(small, near, far)\n"
                "}");
}

LOWERING_TEST(Round, ToTheLeastDecimalsDividesByInfinity) {
  EXPECT_LOWERS("aten.round.decimals(x: f32[2], decimals=-9223372036854775808) -> f32[2]",
                "agraph (float[2] x) => (float[2] z) {\n"
                "  scale = Constant<value=float {inf}>()\n"
                "  scaled = Div(x, scale)\n"
                "  whole = Round(scaled)\n"
                "  z = Mul(whole, scale)\n}");
}

}  // namespace
