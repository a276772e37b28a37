#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(FakeQuantizePerTensor, IsAPairThatRuntimesKnow) {
  EXPECT_LOWERS("aten.fake_quantize_per_tensor_affine(x: f32[2], 0.5, 128, 0, 255) -> f32[2]",
                "agraph (float[2] x) => (float[2] z) {\n"
                "  scale = Constant<value = float {0.5}>()\n"
                "  zero_point = Constant<value = uint8 {128}>()\n"
                "  q = QuantizeLinear<axis = 0>(x, scale, zero_point)\n"
                "  z = DequantizeLinear<axis = 0>(q, scale, zero_point)\n}");
}

LOWERING_TEST(FakeQuantizePerTensor, IsArithmeticInAWiderRange) {
  EXPECT_LOWERS("aten.fake_quantize_per_tensor_affine(x: f32[2], 0.5, 0, -1000, 1000) -> f32[2]",
                "agraph (float[2] x) => (float[2] z) {\n"
                "  scale = Constant<value = float {0.5}>()\n"
                "  zero = Constant<value = float {0.0}>()\n"
                "  inverse = Reciprocal(scale)\n"
                "  steps = Mul(x, inverse)\n"
                "  whole = Round(steps)\n"
                "  q = Add(whole, zero)\n"
                "  least = Constant<value = float {-1000.0}>()\n"
                "  most = Constant<value = float {1000.0}>()\n"
                "  bounded = Clip(q, least, most)\n"
                "  centred = Sub(bounded, zero)\n"
                "  z = Mul(centred, scale)\n}");
}

LOWERING_TEST(FakeQuantizePerTensor, GivesAMaskOfWhatIsInItsRange) {
  EXPECT_LOWERS("aten.fake_quantize_per_tensor_affine_cachemask(x: f32[2], 0.5, 3, -128, 127) -> (f32[2], bool[2])",
                "agraph (float[2] x) => (float[2] y, bool[2] mask) {\n"
                "  scale = Constant<value = float {0.5}>()\n"
                "  zero_point = Constant<value = int8 {3}>()\n"
                "  quantized = QuantizeLinear<axis = 0>(x, scale, zero_point)\n"
                "  y = DequantizeLinear<axis = 0>(quantized, scale, zero_point)\n"
                "  inverse = Reciprocal(scale)\n"
                "  steps = Mul(x, inverse)\n"
                "  whole = Round(steps)\n"
                "  zero = Constant<value = float {3.0}>()\n"
                "  q = Add(whole, zero)\n"
                "  least = Constant<value = float {-128.0}>()\n"
                "  not_below = GreaterOrEqual(q, least)\n"
                "  most = Constant<value = float {127.0}>()\n"
                "  not_above = LessOrEqual(q, most)\n"
                "  mask = And(not_below, not_above)\n"
                "}");
}

LOWERING_TEST(FakeQuantizePerTensor, CutsAZeroPointOfFloats) {
  EXPECT_LOWERS("aten.fake_quantize_per_tensor_affine.tensor_qparams(x: f32[2], s: f32[], z: f32[], 0, 255) -> f32[2]",
                "agraph (float[2] x, float[] s, float[] z) => (float[2] y) {\n"
                "  whole = Cast<to = 7>(z)\n"
                "  zero_point = Cast<to = 2>(whole)\n"
                "  q = QuantizeLinear<axis = 0>(x, s, zero_point)\n"
                "  zero = Cast<to = 2>(whole)\n"
                "  y = DequantizeLinear<axis = 0>(q, s, zero)\n"
                "}");
}

LOWERING_TEST(FakeQuantizePerTensor, IsSwitchedOffAtRunTime) {
  EXPECT_LOWERS(
      "aten._fake_quantize_per_tensor_affine_cachemask_tensor_qparams(x: f32[2], s: f32[], z: i32[], e: i64[], 0, 255) -> "
      "(f32[2], bool[2])",
      "agraph (float[2] x, float[] s, int32[] z, int64[] e) => (float[2] y, bool[2] mask) {\n"
      "  enabled = Cast<to = 9>(e)\n"
      "  zero_point = Cast<to = 2>(z)\n"
      "  quantized = QuantizeLinear<axis = 0>(x, s, zero_point)\n"
      "  zero_back = Cast<to = 2>(z)\n"
      "  back = DequantizeLinear<axis = 0>(quantized, s, zero_back)\n"
      "  y = Where(enabled, back, x)\n"
      "  disabled = Not(enabled)\n"
      "  inverse = Reciprocal(s)\n"
      "  steps = Mul(x, inverse)\n"
      "  whole = Round(steps)\n"
      "  zero = Cast<to = 1>(z)\n"
      "  q = Add(whole, zero)\n"
      "  least = Constant<value = float {0.0}>()\n"
      "  not_below = GreaterOrEqual(q, least)\n"
      "  most = Constant<value = float {255.0}>()\n"
      "  not_above = LessOrEqual(q, most)\n"
      "  inside = And(not_below, not_above)\n"
      "  mask = Or(disabled, inside)\n"
      "}");
}

LOWERING_TEST(FakeQuantizePerChannel, OfHalfPrecisionBoundsANarrowRange) {
  EXPECT_LOWERS("aten.fake_quantize_per_channel_affine(x: f16[2,3], s: f32[2], z: i32[2], 0, 0, 127) -> f16[2,3]",
                "agraph (float16[2,3] x, float[2] s, int32[2] z) => (float16[2,3] y) {\n"
                "  f = Cast<to = 1>(x)\n"
                "  zero_points = Cast<to = 2>(z)\n"
                "  q = QuantizeLinear<axis = 0>(f, s, zero_points)\n"
                "  least = Constant<value = uint8 {0}>()\n"
                "  most = Constant<value = uint8 {127}>()\n"
                "  bounded = Clip(q, least, most)\n"
                "  zeros = Cast<to = 2>(z)\n"
                "  back = DequantizeLinear<axis = 0>(bounded, s, zeros)\n"
                "  y = Cast<to = 10>(back)\n"
                "}");
}

LOWERING_TEST(FakeQuantizePerChannel, AddsAZeroPointOfFloatsBeforeItRounds) {
  EXPECT_LOWERS(
      "aten.fake_quantize_per_channel_affine_cachemask(x: f32[2,3], s: f32[2], z: f32[2], 0, 0, 255) -> (f32[2,3], "
      "bool[2,3])",
      "agraph (float[2,3] x, float[2] s, float[2] z) => (float[2,3] y, bool[2,3] mask) {\n"
      "  axis = Constant<value = int64[1] {1}>()\n"
      "  scales = Unsqueeze(s, axis)\n"
      "  inverse = Reciprocal(scales)\n"
      "  steps = Mul(x, inverse)\n"
      "  zeros = Unsqueeze(z, axis)\n"
      "  places = Add(steps, zeros)\n"
      "  q = Round(places)\n"
      "  least = Constant<value = float {0.0}>()\n"
      "  most = Constant<value = float {255.0}>()\n"
      "  bounded = Clip(q, least, most)\n"
      "  centred = Sub(bounded, zeros)\n"
      "  y = Mul(centred, scales)\n"
      "  not_below = GreaterOrEqual(q, least)\n"
      "  not_above = LessOrEqual(q, most)\n"
      "  mask = And(not_below, not_above)\n"
      "}");
}

LOWERING_TEST(FakeQuantPerChannel, IsThePairOnItsAxis) {
  EXPECT_LOWERS("quantized_decomposed.fake_quant_per_channel(x: f32[2,3], s: f32[3], z: i64[3], 1, -128, 127) -> f32[2,3]",
                "agraph (float[2,3] x, float[3] s, int64[3] z) => (float[2,3] y) {\n"
                "  zero_points = Cast<to = 3>(z)\n"
                "  q = QuantizeLinear(x, s, zero_points)\n"
                "  zeros = Cast<to = 3>(z)\n"
                "  y = DequantizeLinear(q, s, zeros)\n"
                "}");
}

LOWERING_TEST(FakeQuantizeLearnable, RoundsAndBoundsItsZeroPoints) {
  EXPECT_LOWERS(
      "aten._fake_quantize_learnable_per_channel_affine(x: f32[2,3], s: f32[3], z: f32[3], 1, 0, 255) -> f32[2,3]",
      "agraph (float[2,3] x, float[3] s, float[3] z) => (float[2,3] y) {\n"
      "  rounded = Round(z)\n"
      "  least = Constant<value = float {0.0}>()\n"
      "  most = Constant<value = float {255.0}>()\n"
      "  bounded = Clip(rounded, least, most)\n"
      "  whole = Cast<to = 7>(bounded)\n"
      "  zero_points = Cast<to = 2>(whole)\n"
      "  q = QuantizeLinear(x, s, zero_points)\n"
      "  zeros = Cast<to = 2>(whole)\n"
      "  y = DequantizeLinear(q, s, zeros)\n"
      "}");
}

LOWERING_TEST(FakeQuantizePerChannel, IsRefusedForAnAxisThatIsNotThere) {
  EXPECT_REFUSED("aten.fake_quantize_per_channel_affine(x: f32[2,3], s: f32[2], z: i32[2], 2, 0, 255) -> f32[2,3]",
                 "axis 2 of a tensor of rank 2");
}

}  // namespace
