#include <fairlead/testing/lowering_test.hpp>

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

}  // namespace
