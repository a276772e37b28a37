#include "real_test.hpp"

namespace {

LOWERING_TEST(I0, RefusesComplexNumbers) { EXPECT_REFUSED("aten.i0(x: c64[2]) -> c64[2]", "self has dtype complex64"); }

LOWERING_TEST(I0, IsComputedInDoubleUnlessItIsNarrow) {
  EXPECT_COMPUTED_IN("double", "aten.i0(x: f32[2]) -> f32[2]");
  EXPECT_COMPUTED_IN("double", "aten.i0(x: i64[2]) -> f32[2]");
  EXPECT_COMPUTED_IN("float", "aten.i0(x: f16[2]) -> f16[2]");
  EXPECT_COMPUTED_IN("float", "aten.i0(x: bf16[2]) -> bf16[2]");
}

LOWERING_TEST(ScaledModifiedBesselK1, IsComputedInDoubleUnlessItIsNarrow) {
  EXPECT_COMPUTED_IN("double", "aten.special_scaled_modified_bessel_k1(x: f32[2]) -> f32[2]");
  EXPECT_COMPUTED_IN("double", "aten.special_scaled_modified_bessel_k1(x: i64[2]) -> f32[2]");
  EXPECT_COMPUTED_IN("float", "aten.special_scaled_modified_bessel_k1(x: f16[2]) -> f16[2]");
  EXPECT_COMPUTED_IN("float", "aten.special_scaled_modified_bessel_k1(x: bf16[2]) -> bf16[2]");
}

}  // namespace
