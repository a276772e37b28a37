#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(QuantizePerTensor, IsQuantizeLinear) {
  EXPECT_LOWERS("quantized_decomposed.quantize_per_tensor(x: f32[2,3], 0.5, 3, -128, 127, i8) -> i8[2,3]",
                "agraph (float[2,3] x) => (int8[2,3] z) {\n"
                "  scale = Constant<value = float {0.5}>()\n"
                "  zero_point = Constant<value = int8 {3}>()\n"
                "  z = QuantizeLinear<axis = 0>(x, scale, zero_point)\n}");
}

LOWERING_TEST(QuantizePerTensor, BoundsANarrowRange) {
  EXPECT_LOWERS("quantized_decomposed.quantize_per_tensor(x: f32[2], 0.5, 0, -127, 127, i8) -> i8[2]",
                "agraph (float[2] x) => (int8[2] z) {\n"
                "  scale = Constant<value = float {0.5}>()\n"
                "  zero_point = Constant<value = int8 {0}>()\n"
                "  q = QuantizeLinear<axis = 0>(x, scale, zero_point)\n"
                "  least = Constant<value = int8 {-127}>()\n"
                "  most = Constant<value = int8 {127}>()\n"
                "  z = Clip(q, least, most)\n}");
}

// To whole numbers first, which QuantizeLinear does not do for float8.
LOWERING_TEST(QuantizePerTensor, RoundsTwiceToFloat8) {
  EXPECT_LOWERS("quantized_decomposed.quantize_per_tensor(x: f32[2], 0.5, 0, -448, 448, f8e4m3fn) -> f8e4m3fn[2]",
                "agraph (float[2] x) => (float8e4m3fn[2] z) {\n"
                "  scale = Constant<value = float {0.5}>()\n"
                "  inverse = Reciprocal(scale)\n"
                "  steps = Mul(x, inverse)\n"
                "  whole = Round(steps)\n"
                "  zero = Constant<value = float {0.0}>()\n"
                "  q = Add(whole, zero)\n"
                "  least = Constant<value = float {-448.0}>()\n"
                "  most = Constant<value = float {448.0}>()\n"
                "  bounded = Clip(q, least, most)\n"
                "  z = Cast<to = 17>(bounded)\n}");
}

LOWERING_TEST(QuantizePerTensor, IsRefusedForFloat8BeforeOpset19) {
  EXPECT_REFUSED_AT(18, "quantized_decomposed.quantize_per_tensor(x: f32[2], 0.5, 0, -448, 448, f8e5m2) -> f8e5m2[2]",
                    "opset 18 has no float8");
}

LOWERING_TEST(QuantizePerTensor, IsRefusedForWideFloats) {
  EXPECT_REFUSED("quantized_decomposed.quantize_per_tensor(x: f32[2], 0.5, 0, -448, 448, f16) -> f16[2]", "dtype=float16");
}

LOWERING_TEST(DequantizePerTensor, IsDequantizeLinearOfFloat8) {
  EXPECT_LOWERS("quantized_decomposed.dequantize_per_tensor(x: f8e4m3fn[2], 0.5, 0, -448, 448, f8e4m3fn) -> f32[2]",
                "agraph (float8e4m3fn[2] x) => (float[2] z) {\n"
                "  scale = Constant<value = float {0.5}>()\n"
                "  z = DequantizeLinear<axis = 0>(x, scale)\n}");
}

LOWERING_TEST(DequantizePerChannelGroup, IsDequantizeLinearOfBlocks) {
  EXPECT_LOWERS_AT(21,
                   "quantized_decomposed.dequantize_per_channel_group(x: i8[2,8], s: f32[2,2], z: i32[2,2], -8, 7, i8, 4, "
                   "f32) -> f32[2,8]",
                   "agraph (int8[2,8] x, float[2,2] s, int32[2,2] z) => (float[2,8] y) {\n"
                   "  zero = Cast<to = 3>(z)\n"
                   "  y = DequantizeLinear<block_size = 4>(x, s, zero)\n}");
}

LOWERING_TEST(ChooseQparamsPerToken, IsRefusedForOtherTypesThanInt8) {
  EXPECT_REFUSED("quantized_decomposed.choose_qparams_per_token(x: f32[2,3], u8) -> (f64[2,1], i64[2,1])", "dtype=uint8");
}

LOWERING_TEST(DequantizePerChannel, IsDequantizeLinearOnItsAxis) {
  EXPECT_LOWERS(
      "quantized_decomposed.dequantize_per_channel(x: i8[2,3], s: f32[3], z: i64[3], 1, -128, 127, i8) -> f32[2,3]",
      "agraph (int8[2,3] x, float[3] s, int64[3] z) => (float[2,3] y) {\n"
      "  zero_points = Cast<to = 3>(z)\n"
      "  y = DequantizeLinear(x, s, zero_points)\n}");
}

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

}  // namespace
