#include "real_test.hpp"

namespace {

LOWERING_TEST(Zeta, RefusesComplexNumbers) {
  EXPECT_REFUSED("aten.special_zeta(x: c64[2], q: f32[2]) -> c64[2]", "the operands have dtype complex64");
}

LOWERING_TEST(Zeta, IsComputedInDoubleUnlessItIsNarrow) {
  EXPECT_COMPUTED_IN("double", "aten.special_zeta(x: f32[2], q: f32[2]) -> f32[2]");
  EXPECT_COMPUTED_IN("double", "aten.special_zeta(x: i64[2], q: i64[2]) -> f32[2]");
  EXPECT_COMPUTED_IN("float", "aten.special_zeta(x: f16[2], q: f16[2]) -> f16[2]");
  EXPECT_COMPUTED_IN("float", "aten.special_zeta(x: bf16[2], q: bf16[2]) -> bf16[2]");
}

LOWERING_TEST(Zeta, OfANumberRefusesComplexNumbers) {
  EXPECT_REFUSED("aten.special_zeta.other_scalar(x: c64[2], 1) -> c64[2]", "the operands have dtype complex64");
  EXPECT_REFUSED("aten.special_zeta.self_scalar(2, q: c64[2]) -> c64[2]", "the operands have dtype complex64");
}

}  // namespace
