#include "real_test.hpp"

namespace {

LOWERING_TEST(Erfc, RefusesComplexNumbers) { EXPECT_REFUSED("aten.erfc(x: c64[2]) -> c64[2]", "self has dtype complex64"); }

LOWERING_TEST(Erfc, IsComputedInDoubleUnlessItIsNarrow) {
  EXPECT_COMPUTED_IN("double", "aten.erfc(x: f32[2]) -> f32[2]");
  EXPECT_COMPUTED_IN("double", "aten.erfc(x: i64[2]) -> f32[2]");
  EXPECT_COMPUTED_IN("float", "aten.erfc(x: f16[2]) -> f16[2]");
  EXPECT_COMPUTED_IN("float", "aten.erfc(x: bf16[2]) -> bf16[2]");
}

LOWERING_TEST(Erfinv, IsComputedInDoubleUnlessItIsNarrow) {
  EXPECT_COMPUTED_IN("double", "aten.erfinv(x: f32[2]) -> f32[2]");
  EXPECT_COMPUTED_IN("double", "aten.erfinv(x: i64[2]) -> f32[2]");
  EXPECT_COMPUTED_IN("float", "aten.erfinv(x: f16[2]) -> f16[2]");
  EXPECT_COMPUTED_IN("float", "aten.erfinv(x: bf16[2]) -> bf16[2]");
}

LOWERING_TEST(NormalDistribution, RefusesComplexNumbers) {
  EXPECT_REFUSED("aten.special_ndtri(x: c64[2]) -> c64[2]", "self has dtype complex64");
  EXPECT_REFUSED("aten.special_log_ndtr(x: c64[2]) -> c64[2]", "self has dtype complex64");
}

}  // namespace
