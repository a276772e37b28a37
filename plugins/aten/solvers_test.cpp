#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(Det, IsOneOperator) {
  EXPECT_LOWERS("aten.linalg_det(x: f32[2,2]) -> f32[]", "agraph (float[2,2] x) => (float[] z) { z = Det(x) }");
}

LOWERING_TEST(Inv, IsRefusedInHalfPrecision) {
  EXPECT_REFUSED("aten.linalg_inv(x: f16[2,2]) -> f16[2,2]", "A has dtype float16");
}

}  // namespace
