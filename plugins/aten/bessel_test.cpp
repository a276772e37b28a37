#include "real_test.hpp"

namespace {

LOWERING_TEST(SphericalBesselJ0, IsComputedInDouble) {
  EXPECT_LOWERS("aten.special_spherical_bessel_j0(x: f32[2]) -> f32[2]",
                "agraph (float[2] x) => (float[2] z) {\n"
                "  d = Cast<to = 11>(x)\n"
                "  zero = Constant<value = double {0.0}>()\n"
                "  at_zero = Equal(d, zero)\n"
                "  one = Constant<value = double {1.0}>()\n"
                "  size = Abs(d)\n"
                "  infinity = Constant<value = double {inf}>()\n"
                "  at_end = Equal(size, infinity)\n"
                "  sine = Sin(d)\n"
                "  quotient = Div(sine, d)\n"
                "  finite = Where(at_end, zero, quotient)\n"
                "  j = Where(at_zero, one, finite)\n"
                "  z = Cast<to = 1>(j)\n"
                "}");
}

LOWERING_TEST(BesselJ0, RefusesComplexNumbers) {
  EXPECT_REFUSED("aten.special_bessel_j0(x: c64[2]) -> c64[2]", "self has dtype complex64");
}

LOWERING_TEST(SphericalBesselJ0, OfWholeNumbersIsOfFloats) {
  EXPECT_LOWERS("aten.special_spherical_bessel_j0(x: i64[2]) -> f32[2]",
                "agraph (int64[2] x) => (float[2] z) {\n"
                "  d = Cast<to = 11>(x)\n"
                "  zero = Constant<value = double {0.0}>()\n"
                "  at_zero = Equal(d, zero)\n"
                "  one = Constant<value = double {1.0}>()\n"
                "  size = Abs(d)\n"
                "  infinity = Constant<value = double {inf}>()\n"
                "  at_end = Equal(size, infinity)\n"
                "  sine = Sin(d)\n"
                "  quotient = Div(sine, d)\n"
                "  finite = Where(at_end, zero, quotient)\n"
                "  j = Where(at_zero, one, finite)\n"
                "  z = Cast<to = 1>(j)\n"
                "}");
}

LOWERING_TEST(BesselJ1, IsComputedInDoubleUnlessItIsNarrow) {
  EXPECT_COMPUTED_IN("double", "aten.special_bessel_j1(x: f32[2]) -> f32[2]");
  EXPECT_COMPUTED_IN("double", "aten.special_bessel_j1(x: i64[2]) -> f32[2]");
  EXPECT_COMPUTED_IN("float", "aten.special_bessel_j1(x: f16[2]) -> f16[2]");
  EXPECT_COMPUTED_IN("float", "aten.special_bessel_j1(x: bf16[2]) -> bf16[2]");
}

LOWERING_TEST(BesselY0, IsComputedInDoubleUnlessItIsNarrow) {
  EXPECT_COMPUTED_IN("double", "aten.special_bessel_y0(x: f32[2]) -> f32[2]");
  EXPECT_COMPUTED_IN("double", "aten.special_bessel_y0(x: i64[2]) -> f32[2]");
  EXPECT_COMPUTED_IN("float", "aten.special_bessel_y0(x: f16[2]) -> f16[2]");
  EXPECT_COMPUTED_IN("float", "aten.special_bessel_y0(x: bf16[2]) -> bf16[2]");
}

}  // namespace
