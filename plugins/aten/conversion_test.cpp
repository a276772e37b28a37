#include <fairlead/testing/lowering_test.hpp>

namespace {

constexpr const char* kSame = "agraph (float[2] x) => (float[2] z) { z = Identity(x) }";

// The host's passes take most of these away; lowerings may still ask for them.
LOWERING_TEST(Alias, LeavesTheTensorAsItIs) {
  EXPECT_LOWERS("aten.alias(x: f32[2]) -> f32[2]", kSame);
  EXPECT_LOWERS("aten.alias_copy(x: f32[2]) -> f32[2]", kSame);
  EXPECT_LOWERS("aten.detach(x: f32[2]) -> f32[2]", kSame);
  EXPECT_LOWERS("aten.detach_copy(x: f32[2]) -> f32[2]", kSame);
  EXPECT_LOWERS("aten.lift_fresh(x: f32[2]) -> f32[2]", kSame);
  EXPECT_LOWERS("aten.lift_fresh_copy(x: f32[2]) -> f32[2]", kSame);
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

LOWERING_TEST(Dropout, LeavesTheTensorAsItIsOutsideOfTraining) {
  EXPECT_LOWERS("aten.dropout(x: f32[2], 0.5, false) -> f32[2]", kSame);
  EXPECT_LOWERS("aten.alpha_dropout(x: f32[2], 0.5, false) -> f32[2]", kSame);
  EXPECT_LOWERS("aten.feature_dropout(x: f32[2], 0.5, false) -> f32[2]", kSame);
}

LOWERING_TEST(Dropout, IsRefusedInTraining) {
  EXPECT_REFUSED("aten.dropout(x: f32[2], 0.5, true) -> f32[2]", "train=true");
  EXPECT_REFUSED("aten.native_dropout(x: f32[2], 0.5, true) -> (f32[2], bool[2])", "train=true");
}

}  // namespace
