#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(Sigmoid, MakesFloatsOfIntegers) {
  EXPECT_LOWERS("aten.sigmoid(x: i64[2]) -> f32[2]",
                "agraph (int64[2] x) => (float[2] z) {\n"
                "  f = Cast<to=1>(x)\n"
                "  z = Sigmoid(f)\n}");
}

LOWERING_TEST(Gelu, IsOneOperatorFromOpset20On) {
  EXPECT_LOWERS_AT(20, "aten.gelu(x: f32[n,3], approximate='tanh') -> f32[n,3]",
                   "agraph (float[n,3] x) => (float[n,3] z) { z = Gelu<approximate=\"tanh\">(x) }");
}

LOWERING_TEST(Gelu, IsComposedBefore) {
  EXPECT_LOWERS_AT(19, "aten.gelu(x: f32[n,3]) -> f32[n,3]",
                   "agraph (float[n,3] x) => (float[n,3] z) {\n"
                   "  half = Constant<value = float {0.5}>()\n"
                   "  one = Constant<value = float {1.0}>()\n"
                   "  scale = Constant<value = float {0.70710677}>()\n"
                   "  halved = Mul(x, half)\n"
                   "  scaled = Mul(x, scale)\n"
                   "  erf = Erf(scaled)\n"
                   "  curve = Add(erf, one)\n"
                   "  z = Mul(halved, curve)\n}");
}

LOWERING_TEST(LeakyRelu, KeepsTheSlopeOfDoublesInADouble) {
  EXPECT_LOWERS("aten.leaky_relu(x: f32[2], negative_slope=0.25) -> f32[2]",
                "agraph (float[2] x) => (float[2] z) { z = LeakyRelu<alpha=0.25>(x) }");
  EXPECT_LOWERS("aten.leaky_relu(x: f64[2], negative_slope=0.25) -> f64[2]",
                "agraph (double[2] x) => (double[2] z) {\n"
                "  zero = Constant<value = double {0.0}>()\n"
                "  slope = Constant<value = double {0.25}>()\n"
                "  negative = Less(x, zero)\n"
                "  scaled = Mul(x, slope)\n"
                "  z = Where(negative, scaled, x)\n}");
}

LOWERING_TEST(LeakyRelu, LeavesTheDefaultOfBothUnwritten) {
  EXPECT_LOWERS("aten.leaky_relu(x: f32[2]) -> f32[2]", "agraph (float[2] x) => (float[2] z) { z = LeakyRelu(x) }");
}

LOWERING_TEST(Prelu, PutsSlopesOnTheSecondAxis) {
  EXPECT_LOWERS("aten.prelu(x: f32[n,3,4], w: f32[3]) -> f32[n,3,4]",
                "agraph (float[n,3,4] x, float[3] w) => (float[n,3,4] z) {\n"
                "  axes = Constant<value = int64[1] {1}>()\n"
                "  slopes = Unsqueeze(w, axes)\n"
                "  z = PRelu(x, slopes)\n}");
}

LOWERING_TEST(Relu, OfBytesIsComputedInAWiderInteger) {
  EXPECT_LOWERS("aten.relu(x: u8[2]) -> u8[2]",
                "agraph (uint8[2] x) => (uint8[2] z) {\n"
                "  wide = Cast<to=6>(x)\n"
                "  positive = Relu(wide)\n"
                "  z = Cast<to=2>(positive)\n}");
}

LOWERING_TEST(Softmax, CastsBeforeItExponentiates) {
  EXPECT_LOWERS("aten._softmax(x: f16[2,3], 1, half_to_float=true) -> f32[2,3]",
                "agraph (float16[2,3] x) => (float[2,3] z) {\n"
                "  f = Cast<to=1>(x)\n"
                "  z = Softmax<axis=1>(f)\n}");
}

LOWERING_TEST(Softmax, OfAScalarHasOneElement) {
  EXPECT_LOWERS("aten.softmax.int(x: f32[], 0) -> f32[]",
                "agraph (float[] x) => (float[] z) {\n"
                "  axes = Constant<value = int64[1] {0}>()\n"
                "  one = Unsqueeze(x, axes)\n"
                "  s = Softmax<axis=0>(one)\n"
                "  z = Squeeze(s, axes)\n}");
}

LOWERING_TEST(Clamp, PromotesWithItsBounds) {
  EXPECT_LOWERS("aten.clamp(x: i64[2], min=0.5, max=2) -> f32[2]",
                "agraph (int64[2] x) => (float[2] z) {\n"
                "  f = Cast<to=1>(x)\n"
                "  low = Constant<value = float {0.5}>()\n"
                "  high = Constant<value = float {2.0}>()\n"
                "  z = Clip(f, low, high)\n}");
}

LOWERING_TEST(Clamp, WithOneBoundKeepsInfinities) {
  EXPECT_LOWERS("aten.clamp(x: f32[2], min=0.5) -> f32[2]",
                "agraph (float[2] x) => (float[2] z) {\n"
                "  low = Constant<value = float {0.5}>()\n"
                "  z = Max(x, low)\n}");
}

LOWERING_TEST(Clamp, WithoutBoundsIsRefused) { EXPECT_REFUSED("aten.clamp(x: f32[2]) -> f32[2]", "neither min nor max"); }

}  // namespace
