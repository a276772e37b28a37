#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(DequantizeAffine, OfAChannelIsDequantizeLinearOnItsAxis) {
  EXPECT_LOWERS("torchao.dequantize_affine(x: i8[2,6], [1, 6], s: f32[2,1], none, i8) -> f32[2,6]",
                "agraph (int8[2,6] x, float[2,1] s) => (float[2,6] y) {\n"
                "  all = Constant<value = int64[1] {-1}>()\n"
                "  scales = Reshape(s, all)\n"
                "  y = DequantizeLinear<axis = 0>(x, scales)\n"
                "}");
}

LOWERING_TEST(DequantizeAffine, OfBlocksIsDequantizeLinearOfBlocks) {
  EXPECT_LOWERS_AT(21, "torchao.dequantize_affine(x: u8[2,6], [1, 3], s: f32[2,2], z: u8[2,2], u8) -> f32[2,6]",
                   "agraph (uint8[2,6] x, float[2,2] s, uint8[2,2] z) => (float[2,6] y) {\n"
                   "  y = DequantizeLinear<block_size = 3>(x, s, z)\n"
                   "}");
}

LOWERING_TEST(DequantizeAffine, OfBlocksIsArithmeticBeforeOpset21) {
  EXPECT_LOWERS("torchao.dequantize_affine(x: i8[2,6], [1, 3], s: f32[2,2], z: i8[2,2], i8) -> f32[2,6]",
                "agraph (int8[2,6] x, float[2,2] s, int8[2,2] z) => (float[2,6] y) {\n"
                "  shape = Constant<value = int64[3] {2, -1, 3}>()\n"
                "  blocks = Reshape(x, shape)\n"
                "  q = Cast<to = 1>(blocks)\n"
                "  axis = Constant<value = int64[1] {2}>()\n"
                "  zeros = Unsqueeze(z, axis)\n"
                "  zero = Cast<to = 1>(zeros)\n"
                "  centred = Sub(q, zero)\n"
                "  scale = Unsqueeze(s, axis)\n"
                "  product = Mul(centred, scale)\n"
                "  whole = Constant<value = int64[2] {2, 6}>()\n"
                "  y = Reshape(product, whole)\n"
                "}");
}

LOWERING_TEST(DequantizeAffine, OfTilesIsArithmetic) {
  EXPECT_LOWERS_AT(21, "torchao.dequantize_affine(x: i8[4,6], [2, 3], s: f32[2,2], none, i8) -> f32[4,6]",
                   "agraph (int8[4,6] x, float[2,2] s) => (float[4,6] y) {\n"
                   "  shape = Constant<value = int64[4] {2, 2, 2, 3}>()\n"
                   "  tiles = Reshape(x, shape)\n"
                   "  q = Cast<to = 1>(tiles)\n"
                   "  counts = Constant<value = int64[4] {2, 1, 2, 1}>()\n"
                   "  scale = Reshape(s, counts)\n"
                   "  product = Mul(q, scale)\n"
                   "  whole = Constant<value = int64[2] {4, 6}>()\n"
                   "  y = Reshape(product, whole)\n"
                   "}");
}

LOWERING_TEST(DequantizeAffine, RefusesBlocksThatDoNotFit) {
  EXPECT_REFUSED("torchao.dequantize_affine(x: i8[2,6], [1, 4], s: f32[2,2], none, i8) -> f32[2,6]", "block_size[1]=4");
  EXPECT_REFUSED("torchao.dequantize_affine(x: i8[2,6], [6], s: f32[2,2], none, i8) -> f32[2,6]", "1 sizes");
}

LOWERING_TEST(QuantizeAffine, OfATokenIsQuantizeLinearOnItsAxis) {
  EXPECT_LOWERS("torchao.quantize_affine(x: f32[n,6], [1, 6], s: f32[n,1], z: i8[n,1], i8, -128, 127) -> i8[n,6]",
                "agraph (float[n,6] x, float[n,1] s, int8[n,1] z) => (int8[n,6] y) {\n"
                "  all = Constant<value = int64[1] {-1}>()\n"
                "  scales = Reshape(s, all)\n"
                "  zeros = Reshape(z, all)\n"
                "  y = QuantizeLinear<axis = 0>(x, scales, zeros)\n"
                "}");
}

LOWERING_TEST(QuantizeAffine, OfHalfPrecisionIsComputedInIt) {
  EXPECT_LOWERS("torchao.quantize_affine(x: f16[2,6], [2, 6], s: f16[1,1], z: i8[1,1], i8) -> i8[2,6]",
                "agraph (float16[2,6] x, float16[1,1] s, int8[1,1] z) => (int8[2,6] y) {\n"
                "  inverse = Reciprocal(s)\n"
                "  steps = Mul(x, inverse)\n"
                "  whole = Round(steps)\n"
                "  zero = Cast<to = 10>(z)\n"
                "  q = Add(whole, zero)\n"
                "  least = Constant<value = float16 {-128.0}>()\n"
                "  most = Constant<value = float16 {127.0}>()\n"
                "  bounded = Clip(q, least, most)\n"
                "  y = Cast<to = 3>(bounded)\n"
                "}");
}

LOWERING_TEST(QuantizeAffine, NeedsAZeroPoint) {
  EXPECT_REFUSED("torchao.quantize_affine(x: f32[2,6], [2, 6], s: f32[1,1], none, i8) -> i8[2,6]", "zero_point=None");
}

LOWERING_TEST(ChooseQparamsAffine, OfASymmetricRangeHasItsMiddleAsZero) {
  EXPECT_LOWERS(
      "torchao.choose_qparams_affine(x: f32[n,6], 'SYMMETRIC', [1, 6], i8, -128, 127, 0.25, f32, i8, true) -> (f32[n,1], "
      "i8[n,1])",
      "agraph (float[n,6] x) => (float[n,1] scales, int8[n,1] zeros) {\n"
      "  axis = Constant<value = int64[1] {1}>()\n"
      "  low = ReduceMin(x, axis)\n"
      "  zero = Constant<value = float {0.0}>()\n"
      "  least = Min(low, zero)\n"
      "  span = Neg(least)\n"
      "  high = ReduceMax(x, axis)\n"
      "  most = Max(high, zero)\n"
      "  largest = Max(span, most)\n"
      "  half = Constant<value = float {127.5}>()\n"
      "  scale = Div(largest, half)\n"
      "  eps = Constant<value = float {0.25}>()\n"
      "  bounded = Max(scale, eps)\n"
      "  counts = Constant<value = int64[2] {-1, 1}>()\n"
      "  scales = Reshape(bounded, counts)\n"
      "  shape = Shape(scale)\n"
      "  spread = Expand(zero, shape)\n"
      "  places = Reshape(spread, counts)\n"
      "  zeros = Cast<to = 3>(places)\n"
      "}");
}

LOWERING_TEST(ChooseQparamsAffine, OfAnAsymmetricRangeRoundsThePlaceOfZero) {
  EXPECT_LOWERS("torchao.choose_qparams_affine(x: f32[2,6], 'ASYMMETRIC', [2, 6], u8, eps=0.25) -> (f32[], i32[])",
                "agraph (float[2,6] x) => (float[] scale, int32[] zero_point) {\n"
                "  axes = Constant<value = int64[2] {0, 1}>()\n"
                "  high = ReduceMax<keepdims = 0>(x, axes)\n"
                "  zero = Constant<value = float {0.0}>()\n"
                "  most = Max(high, zero)\n"
                "  low = ReduceMin<keepdims = 0>(x, axes)\n"
                "  least = Min(low, zero)\n"
                "  span = Sub(most, least)\n"
                "  steps = Constant<value = float {255.0}>()\n"
                "  step = Div(span, steps)\n"
                "  eps = Constant<value = float {0.25}>()\n"
                "  scale = Max(step, eps)\n"
                "  place = Div(least, scale)\n"
                "  whole = Round(place)\n"
                "  distance = Sub(zero, whole)\n"
                "  bounded = Clip(distance, zero, steps)\n"
                "  zero_point = Cast<to = 6>(bounded)\n"
                "}");
}

LOWERING_TEST(ChooseQparamsAffine, RefusesAnUnknownMapping) {
  EXPECT_REFUSED("torchao.choose_qparams_affine(x: f32[2,6], 'LOG', [2, 6], u8) -> (f32[], i32[])", "mapping_type='LOG'");
}

}  // namespace
