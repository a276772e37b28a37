#include <fairlead/testing/lowering_test.hpp>

namespace {

constexpr const char* kSame = "agraph (float[2] x) => (float[2] z) { z = Identity(x) }";

// The host's passes take most of these away; lowerings may still ask for them.
LOWERING_TEST(Alias, LeavesTheTensorAsItIs) {
  EXPECT_LOWERS("aten.alias(x: f32[2]) -> f32[2]", kSame);
  EXPECT_LOWERS("aten.detach(x: f32[2]) -> f32[2]", kSame);
  EXPECT_LOWERS("aten.lift_fresh(x: f32[2]) -> f32[2]", kSame);
  EXPECT_LOWERS("aten.positive(x: f32[2]) -> f32[2]", kSame);
}

LOWERING_TEST(Clone, ForgetsTheMemoryFormat) {
  EXPECT_LOWERS("aten.clone(x: f32[2]) -> f32[2]", kSame);
  EXPECT_LOWERS("aten.contiguous(x: f32[2]) -> f32[2]", kSame);
}

LOWERING_TEST(Real, OfARealTensorIsTheTensor) {
  EXPECT_LOWERS("aten.real(x: f32[2]) -> f32[2]", kSame);
  EXPECT_LOWERS("aten.resolve_conj(x: f32[2]) -> f32[2]", kSame);
  EXPECT_LOWERS("aten.resolve_neg(x: f32[2]) -> f32[2]", kSame);
  EXPECT_REFUSED("aten.real(x: c64[2]) -> f32[2]", "complex64");
}

}  // namespace
