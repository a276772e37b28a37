#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(SignBit, OfNegativeZeroIsTheSignOfItsReciprocal) {
  EXPECT_LOWERS("aten.signbit(x: f32[2]) -> bool[2]",
                "agraph (float[2] x) => (bool[2] z) {\n"
                "  zero = Constant<value = float {0.0}>()\n"
                "  below = Less(x, zero)\n"
                "  reciprocal = Reciprocal(x)\n"
                "  negative = Less(reciprocal, zero)\n"
                "  z = Or(below, negative)\n"
                "}");
}

LOWERING_TEST(Frexp, OfIntegersIsRefused) {
  EXPECT_REFUSED("aten.frexp.Tensor(x: i64[2]) -> (i64[2], i32[2])", "self has dtype int64");
}

LOWERING_TEST(Sinc, OfHalfPrecisionIsComputedInFloat) {
  EXPECT_LOWERS("aten.sinc(x: f16[2]) -> f16[2]",
                "agraph (float16[2] x) => (float16[2] z) {\n"
                "  f = Cast<to = 1>(x)\n"
                "  pi = Constant<value = float {3.1415927}>()\n"
                "  turned = Mul(f, pi)\n"
                "  zero = Constant<value = float {0.0}>()\n"
                "  at_zero = Equal(turned, zero)\n"
                "  one = Constant<value = float {1.0}>()\n"
                "  sine = Sin(turned)\n"
                "  quotient = Div(sine, turned)\n"
                "  sinc = Where(at_zero, one, quotient)\n"
                "  z = Cast<to = 10>(sinc)\n"
                "}");
}

LOWERING_TEST(IsReal, RefusesComplexNumbers) {
  EXPECT_REFUSED("aten.isreal(x: c64[2]) -> bool[2]", "self has dtype complex64");
}

LOWERING_TEST(ConjPhysical, OfRealNumbersIsTheNumber) {
  EXPECT_LOWERS("aten.conj_physical(x: f32[2]) -> f32[2]", "agraph (float[2] x) => (float[2] z) { z = Identity(x) }");
  EXPECT_REFUSED("aten.conj_physical(x: c64[2]) -> c64[2]", "self has dtype complex64");
}

LOWERING_TEST(Gcd, RefusesFloats) {
  EXPECT_REFUSED("aten.gcd(x: f32[2], y: f32[2]) -> f32[2]", "self and other have dtype float");
}

LOWERING_TEST(NextAfter, RefusesIntegers) {
  EXPECT_REFUSED("aten.nextafter(x: i64[2], y: i64[2]) -> i64[2]", "self and other have dtype int64");
}

LOWERING_TEST(SignBit, OfWholeNumbersIsAComparison) {
  EXPECT_LOWERS("aten.signbit(x: i32[2]) -> bool[2]",
                "agraph (int32[2] x) => (bool[2] z) {\n"
                "  zero = Constant<value = int32 {0}>()\n"
                "  z = Less(x, zero)\n"
                "}");
}

LOWERING_TEST(SignBit, OfNumbersWithoutASignIsFalse) {
  EXPECT_LOWERS("aten.signbit(x: u8[2]) -> bool[2]",
                "agraph (uint8[2] x) => (bool[2] z) {\n"
                "  no = Constant<value = bool {0}>()\n"
                "  sizes = Shape(x)\n"
                "  z = Expand(no, sizes)\n"
                "}");
}

LOWERING_TEST(IsReal, OfRealNumbersIsTrue) {
  EXPECT_LOWERS("aten.isreal(x: f32[2]) -> bool[2]",
                "agraph (float[2] x) => (bool[2] z) {\n"
                "  yes = Constant<value = bool {1}>()\n"
                "  sizes = Shape(x)\n"
                "  z = Expand(yes, sizes)\n"
                "}");
}

LOWERING_TEST(Sinc, OfWholeNumbersIsOfFloats) {
  EXPECT_LOWERS("aten.sinc(x: i64[2]) -> f32[2]",
                "agraph (int64[2] x) => (float[2] z) {\n"
                "  f = Cast<to = 1>(x)\n"
                "  pi = Constant<value = float {3.1415927}>()\n"
                "  turned = Mul(f, pi)\n"
                "  zero = Constant<value = float {0.0}>()\n"
                "  at_zero = Equal(turned, zero)\n"
                "  one = Constant<value = float {1.0}>()\n"
                "  sine = Sin(turned)\n"
                "  quotient = Div(sine, turned)\n"
                "  z = Where(at_zero, one, quotient)\n"
                "}");
}

// gcd(a, c) = gcd(c mod a, a) for every pair, until each has a = 0.
LOWERING_TEST(Gcd, IsEuclidsAlgorithmInTheShapeOfBoth) {
  EXPECT_LOWERS("aten.gcd(x: i8[3,1], y: i8[2]) -> i8[3,2]",
                "agraph (int8[3,1] x, int8[2] y) => (int8[3,2] z) {\n"
                "  wide_x = Cast<to = 6>(x)\n"
                "  wide_y = Cast<to = 6>(y)\n"
                "  both = Add(wide_x, wide_y)\n"
                "  zero = Constant<value = int32 {0}>()\n"
                "  zeros = Mul(both, zero)\n"
                "  all_x = Add(wide_x, zeros)\n"
                "  size_x = Abs(all_x)\n"
                "  all_y = Add(wide_y, zeros)\n"
                "  size_y = Abs(all_y)\n"
                "  at_end = Equal(size_x, zero)\n"
                "  open = Not(at_end)\n"
                "  counted = Cast<to = 7>(open)\n"
                "  count = ReduceSum<keepdims = 0>(counted)\n"
                "  no_pair = Constant<value = int64 {0}>()\n"
                "  any = Greater(count, no_pair)\n"
                "  nothing, divisor = Loop<body = agraph nested (int64[] turn, bool[] on, int32[3,2] a, int32[3,2] c) => "
                "(bool[] left, int32[3,2] e, int32[3,2] f) {\n"
                "    nought = Constant<value = int32 {0}>()\n"
                "    ended = Equal(a, nought)\n"
                "    one = Constant<value = int32 {1}>()\n"
                "    safe = Where(ended, one, a)\n"
                "    remainder = Mod(c, safe)\n"
                "    e = Where(ended, a, remainder)\n"
                "    f = Where(ended, c, a)\n"
                "    e_ended = Equal(e, nought)\n"
                "    e_open = Not(e_ended)\n"
                "    e_counted = Cast<to = 7>(e_open)\n"
                "    e_count = ReduceSum<keepdims = 0>(e_counted)\n"
                "    no_e = Constant<value = int64 {0}>()\n"
                "    left = Greater(e_count, no_e)\n"
                "  }>(\"\", any, size_x, size_y)\n"
                "  z = Cast<to = 3>(divisor)\n"
                "}");
}

LOWERING_TEST(Lcm, RefusesFloats) {
  EXPECT_REFUSED("aten.lcm(x: f32[2], y: i64[2]) -> f32[2]", "self and other have dtype float");
}

}  // namespace
