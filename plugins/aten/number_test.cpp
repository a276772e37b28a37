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

}  // namespace
