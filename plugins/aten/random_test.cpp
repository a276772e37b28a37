#include <fairlead/testing/lowering_test.hpp>

namespace {

constexpr const char* kSame = "agraph (float[2] x) => (float[2] z) { z = Identity(x) }";

LOWERING_TEST(Rand, DrawsInTheShapeOrLikeATensorOfIt) {
  EXPECT_LOWERS("aten.rand([2, 3]) -> f32[2,3]", "agraph () => (float[2,3] z) { z = RandomUniform<shape = [2, 3]>() }");
  EXPECT_LOWERS("aten.randn([0, 3]) -> f32[0,3]",
                "agraph () => (float[0,3] z) {\n"
                "  zero = Constant<value = float {0.0}>()\n"
                "  shape = Constant<value = int64[2] {0, 3}>()\n"
                "  zeros = Expand(zero, shape)\n"
                "  z = RandomNormalLike<dtype = 1>(zeros)\n}");
}

// Rounding a float to half precision would make a 1 now and then, which rand never gives.
LOWERING_TEST(Rand, DrawsAsManyDigitsAsTheTypeHolds) {
  EXPECT_LOWERS("aten.rand([2], dtype=f16) -> f16[2]",
                "agraph () => (float16[2] z) {\n"
                "  drawn = RandomUniform<shape = [2]>()\n"
                "  steps = Constant<value = float {2048.0}>()\n"
                "  scaled = Mul(drawn, steps)\n"
                "  whole = Floor(scaled)\n"
                "  step = Constant<value = float {0.00048828125}>()\n"
                "  digits = Mul(whole, step)\n"
                "  z = Cast<to = 10>(digits)\n}");
}

LOWERING_TEST(Rand, IsRefusedWhereItIsNoFloat) { EXPECT_REFUSED("aten.rand_like(x: i64[2]) -> i64[2]", "dtype=int64"); }

LOWERING_TEST(Dropout, LeavesTheTensorAsItIsOutsideOfTraining) {
  EXPECT_LOWERS("aten.dropout(x: f32[2], 0.5, false) -> f32[2]", kSame);
  EXPECT_LOWERS("aten.alpha_dropout(x: f32[2], 0.5, false) -> f32[2]", kSame);
  EXPECT_LOWERS("aten.feature_dropout(x: f32[2], 0.5, false) -> f32[2]", kSame);
  EXPECT_LOWERS("aten.feature_alpha_dropout(x: f32[2], 0.5, false) -> f32[2]", kSame);
}

LOWERING_TEST(Dropout, DrawsInTraining) {
  EXPECT_LOWERS("aten.dropout(x: f32[2], 0.5, true) -> f32[2]",
                "agraph (float[2] x) => (float[2] z) {\n"
                "  drawn = RandomUniform<shape = [2]>()\n"
                "  chance = Constant<value = float {0.5}>()\n"
                "  kept = Less(drawn, chance)\n"
                "  kept_f = Cast<to = 1>(kept)\n"
                "  two = Constant<value = float {2.0}>()\n"
                "  noise = Mul(kept_f, two)\n"
                "  z = Mul(x, noise)\n}");
}

LOWERING_TEST(FeatureDropout, NeedsChannels) {
  EXPECT_REFUSED("aten.feature_dropout(x: f32[2], 0.5, true) -> f32[2]", "input has rank 1");
}

}  // namespace
