#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(LayerNorm, IsOneOperator) {
  EXPECT_LOWERS("aten.layer_norm(x: f32[2,3], [3], w: f32[3], b: f32[3]) -> f32[2,3]",
                "agraph (float[2,3] x, float[3] w, float[3] b) => (float[2,3] z) { z = LayerNormalization(x, w, b) }");
}

LOWERING_TEST(GroupNorm, IsOneOperatorFromOpset21On) {
  EXPECT_LOWERS_AT(21, "aten.group_norm(x: f32[2,4,3], 2, w: f32[4], b: f32[4]) -> f32[2,4,3]",
                   "agraph (float[2,4,3] x, float[4] w, float[4] b) => (float[2,4,3] z) {\n"
                   "  z = GroupNormalization<num_groups = 2>(x, w, b)\n"
                   "}");
}

LOWERING_TEST(GroupNorm, IsInstanceNormalizationOfGroupsBefore) {
  EXPECT_LOWERS_AT(20, "aten.group_norm(x: f32[2,4,3], 2, w: f32[4], b: f32[4]) -> f32[2,4,3]",
                   "agraph (float[2,4,3] x, float[4] w, float[4] b) => (float[2,4,3] z) {\n"
                   "  groups = Constant<value = int64[3] {2, 2, -1}>()\n"
                   "  grouped = Reshape(x, groups)\n"
                   "  one = Constant<value = float {1.0}>()\n"
                   "  two = Constant<value = int64[1] {2}>()\n"
                   "  ones = Expand(one, two)\n"
                   "  zero = Constant<value = float {0.0}>()\n"
                   "  zeros = Expand(zero, two)\n"
                   "  normal = InstanceNormalization(grouped, ones, zeros)\n"
                   "  shape = Constant<value = int64[3] {2, 4, 3}>()\n"
                   "  back = Reshape(normal, shape)\n"
                   "  channels = Constant<value = int64[3] {1, -1, 1}>()\n"
                   "  factors = Reshape(w, channels)\n"
                   "  scaled = Mul(back, factors)\n"
                   "  shifts = Reshape(b, channels)\n"
                   "  z = Add(scaled, shifts)\n"
                   "}");
}

LOWERING_TEST(RmsNorm, IsOneOperatorFromOpset23On) {
  EXPECT_LOWERS_AT(23, "aten.rms_norm(x: f32[2,3], [3], w: f32[3], 1e-5) -> f32[2,3]",
                   "agraph (float[2,3] x, float[3] w) => (float[2,3] z) { z = RMSNormalization(x, w) }");
}

LOWERING_TEST(RmsNorm, IsComposedBefore) {
  EXPECT_LOWERS_AT(22, "aten.rms_norm(x: f32[2,3], [3], w: f32[3], 1e-5) -> f32[2,3]",
                   "agraph (float[2,3] x, float[3] w) => (float[2,3] z) {\n"
                   "  squares = Mul(x, x)\n"
                   "  last = Constant<value = int64[1] {1}>()\n"
                   "  mean = ReduceMean(squares, last)\n"
                   "  epsilon = Constant<value = float {1e-05}>()\n"
                   "  raised = Add(mean, epsilon)\n"
                   "  root = Sqrt(raised)\n"
                   "  inverse = Reciprocal(root)\n"
                   "  normal = Mul(x, inverse)\n"
                   "  z = Mul(normal, w)\n"
                   "}");
}

LOWERING_TEST(BatchNorm, OfABatchIsRefusedWithoutChannels) {
  EXPECT_REFUSED("aten._native_batch_norm_legit.no_stats(x: f32[], none, none, true, 0.1, 0.1) -> (f32[], f32[], f32[])",
                 "input has rank 0, wanted at least 2");
}

LOWERING_TEST(GroupNorm, IsRefusedWithoutGroups) { EXPECT_REFUSED("aten.group_norm(x: f32[2,6,4], 0)", "num_groups=0"); }

}  // namespace
