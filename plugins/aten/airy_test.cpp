#include "real_test.hpp"

namespace {

LOWERING_TEST(AiryAi, RefusesComplexNumbers) {
  EXPECT_REFUSED("aten.special_airy_ai(x: c64[2]) -> c64[2]", "self has dtype complex64");
}

LOWERING_TEST(AiryAi, IsComputedInDoubleUnlessItIsNarrow) {
  EXPECT_COMPUTED_IN("double", "aten.special_airy_ai(x: f32[2]) -> f32[2]");
  EXPECT_COMPUTED_IN("double", "aten.special_airy_ai(x: i64[2]) -> f32[2]");
  EXPECT_COMPUTED_IN("float", "aten.special_airy_ai(x: f16[2]) -> f16[2]");
  EXPECT_COMPUTED_IN("float", "aten.special_airy_ai(x: bf16[2]) -> bf16[2]");
}

}  // namespace
