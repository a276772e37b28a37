#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(ChebyshevPolynomialT, RefusesComplexNumbers) {
  EXPECT_REFUSED("aten.special_chebyshev_polynomial_t(x: c64[2], n: f32[2]) -> c64[2]", "x and n have dtype complex64");
}

}  // namespace
