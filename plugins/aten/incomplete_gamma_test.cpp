#include "real_test.hpp"

namespace {

LOWERING_TEST(Igamma, RefusesComplexNumbers) {
  EXPECT_REFUSED("aten.igamma(a: c64[2], x: f32[2]) -> c64[2]", "the operands have dtype complex64");
}

LOWERING_TEST(Igammac, IsComputedInDoubleUnlessItIsNarrow) {
  EXPECT_COMPUTED_IN("double", "aten.igammac(a: f32[2], x: f32[2]) -> f32[2]");
  EXPECT_COMPUTED_IN("float", "aten.igammac(a: i64[2], x: f16[2]) -> f16[2]");
  EXPECT_COMPUTED_IN("float", "aten.igammac(a: f16[2], x: f16[2]) -> f16[2]");
  EXPECT_COMPUTED_IN("float", "aten.igammac(a: bf16[2], x: bf16[2]) -> bf16[2]");
}

}  // namespace
