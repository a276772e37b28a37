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
                    "float8e5m2 is a type of ONNX since opset 19, the target is 18");
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

LOWERING_TEST(QuantizePerTensor, OfHalfPrecisionIsComputedInFloat) {
  EXPECT_LOWERS("quantized_decomposed.quantize_per_tensor(x: f16[2], 0.5, 3, 0, 255, u8) -> u8[2]",
                "agraph (float16[2] x) => (uint8[2] z) {\n"
                "  f = Cast<to = 1>(x)\n"
                "  scale = Constant<value = float {0.5}>()\n"
                "  zero_point = Constant<value = uint8 {3}>()\n"
                "  z = QuantizeLinear<axis = 0>(f, scale, zero_point)\n"
                "}");
}

LOWERING_TEST(QuantizePerTensor, To16BitsIsQuantizeLinearFromOpset21) {
  EXPECT_LOWERS_AT(21, "quantized_decomposed.quantize_per_tensor(x: f32[2], 0.5, 3, -32768, 32767, i16) -> i16[2]",
                   "agraph (float[2] x) => (int16[2] z) {\n"
                   "  scale = Constant<value = float {0.5}>()\n"
                   "  zero_point = Constant<value = int16 {3}>()\n"
                   "  z = QuantizeLinear<axis = 0>(x, scale, zero_point)\n"
                   "}");
}

LOWERING_TEST(QuantizePerTensor, To16BitsIsArithmeticBeforeOpset21) {
  EXPECT_LOWERS("quantized_decomposed.quantize_per_tensor(x: f32[2], 0.5, 3, -32768, 32767, i16) -> i16[2]",
                "agraph (float[2] x) => (int16[2] z) {\n"
                "  scale = Constant<value = float {0.5}>()\n"
                "  inverse = Reciprocal(scale)\n"
                "  steps = Mul(x, inverse)\n"
                "  whole = Round(steps)\n"
                "  zero = Constant<value = float {3.0}>()\n"
                "  q = Add(whole, zero)\n"
                "  least = Constant<value = float {-32768.0}>()\n"
                "  most = Constant<value = float {32767.0}>()\n"
                "  bounded = Clip(q, least, most)\n"
                "  z = Cast<to = 5>(bounded)\n"
                "}");
}

LOWERING_TEST(QuantizePerTensor, TakesTensorsOfOneElement) {
  EXPECT_LOWERS("quantized_decomposed.quantize_per_tensor.tensor(x: f32[2], s: f64[1], z: i64[1], -128, 127, i8) -> i8[2]",
                "agraph (float[2] x, double[1] s, int64[1] z) => (int8[2] y) {\n"
                "  narrow = Cast<to = 1>(s)\n"
                "  scalar = Constant<value = int64[0] {}>()\n"
                "  scale = Reshape(narrow, scalar)\n"
                "  zero = Reshape(z, scalar)\n"
                "  zero_point = Cast<to = 3>(zero)\n"
                "  y = QuantizeLinear<axis = 0>(x, scale, zero_point)\n"
                "}");
}

LOWERING_TEST(QuantizePerTensor, IsRefusedForARangeThatIsKnownAtRunTimeOnly) {
  EXPECT_REFUSED(
      "quantized_decomposed.quantize_per_tensor.tensor2(x: f32[2], s: f32[1], z: i64[1], l: i64[1], m: i64[1], i8) -> "
      "i8[2]",
      "quant_min and quant_max are not constants of one element");
}

LOWERING_TEST(DequantizePerTensor, IsCastToTheTypeAskedFor) {
  EXPECT_LOWERS("quantized_decomposed.dequantize_per_tensor(x: u8[2], 0.5, 3, 0, 255, u8, out_dtype=f16) -> f16[2]",
                "agraph (uint8[2] x) => (float16[2] z) {\n"
                "  scale = Constant<value = float {0.5}>()\n"
                "  zero_point = Constant<value = uint8 {3}>()\n"
                "  y = DequantizeLinear<axis = 0>(x, scale, zero_point)\n"
                "  z = Cast<to = 10>(y)\n"
                "}");
}

LOWERING_TEST(DequantizePerTensor, TakesDifferencesOf32BitsInDouble) {
  EXPECT_LOWERS("quantized_decomposed.dequantize_per_tensor(x: i32[2], 0.5, 3, 0, 255, i32) -> f32[2]",
                "agraph (int32[2] x) => (float[2] z) {\n"
                "  wide = Cast<to = 11>(x)\n"
                "  zero = Constant<value = double {3.0}>()\n"
                "  centred = Sub(wide, zero)\n"
                "  narrow = Cast<to = 1>(centred)\n"
                "  scale = Constant<value = float {0.5}>()\n"
                "  z = Mul(narrow, scale)\n"
                "}");
}

LOWERING_TEST(DequantizePerTensor, DoesNotReadItsRange) {
  EXPECT_LOWERS(
      "quantized_decomposed.dequantize_per_tensor.tensor2(x: i8[2], s: f32[1], z: i64[1], l: i64[1], m: i64[1], i8) -> "
      "f32[2]",
      "agraph (int8[2] x, float[1] s, int64[1] z, int64[1] l, int64[1] m) => (float[2] y) {\n"
      "  scalar = Constant<value = int64[0] {}>()\n"
      "  scale = Reshape(s, scalar)\n"
      "  zero = Reshape(z, scalar)\n"
      "  zero_point = Cast<to = 3>(zero)\n"
      "  y = DequantizeLinear<axis = 0>(x, scale, zero_point)\n"
      "}");
}

LOWERING_TEST(QuantizePerChannel, IsQuantizeLinearOnItsAxis) {
  EXPECT_LOWERS("quantized_decomposed.quantize_per_channel(x: f32[2,3], s: f32[2], z: i64[2], 0, -128, 127, i8) -> i8[2,3]",
                "agraph (float[2,3] x, float[2] s, int64[2] z) => (int8[2,3] y) {\n"
                "  zero_points = Cast<to = 3>(z)\n"
                "  y = QuantizeLinear<axis = 0>(x, s, zero_points)\n"
                "}");
}

LOWERING_TEST(QuantizePerChannel, To32BitsIsArithmetic) {
  EXPECT_LOWERS("quantized_decomposed.quantize_per_channel(x: f32[2,3], s: f32[2], z: i64[2], 0, 0, 1000, i32) -> i32[2,3]",
                "agraph (float[2,3] x, float[2] s, int64[2] z) => (int32[2,3] y) {\n"
                "  axis = Constant<value = int64[1] {1}>()\n"
                "  scales = Unsqueeze(s, axis)\n"
                "  inverse = Reciprocal(scales)\n"
                "  steps = Mul(x, inverse)\n"
                "  whole = Round(steps)\n"
                "  zero_points = Unsqueeze(z, axis)\n"
                "  zeros = Cast<to = 1>(zero_points)\n"
                "  q = Add(whole, zeros)\n"
                "  least = Constant<value = float {0.0}>()\n"
                "  most = Constant<value = float {1000.0}>()\n"
                "  bounded = Clip(q, least, most)\n"
                "  y = Cast<to = 6>(bounded)\n"
                "}");
}

LOWERING_TEST(QuantizePerChannel, IsRefusedForAnAxisThatIsNotThere) {
  EXPECT_REFUSED(
      "quantized_decomposed.quantize_per_channel(x: f32[2,3], s: f32[2], z: i64[2], 4, -128, 127, i8) -> i8[2,3]",
      "axis 4 of a tensor of rank 2");
}

// Zero points are added before rounding here, unlike above.
LOWERING_TEST(QuantizePerToken, IsComputedInThePromotedType) {
  EXPECT_LOWERS("quantized_decomposed.quantize_per_token(x: f32[2,3], s: f64[2,1], z: i64[2,1], -128, 127, i8) -> i8[2,3]",
                "agraph (float[2,3] x, double[2,1] s, int64[2,1] z) => (int8[2,3] y) {\n"
                "  wide = Cast<to = 11>(x)\n"
                "  inverse = Reciprocal(s)\n"
                "  steps = Mul(wide, inverse)\n"
                "  zeros = Cast<to = 11>(z)\n"
                "  q = Add(steps, zeros)\n"
                "  whole = Round(q)\n"
                "  least = Constant<value = double {-128.0}>()\n"
                "  most = Constant<value = double {127.0}>()\n"
                "  bounded = Clip(whole, least, most)\n"
                "  y = Cast<to = 3>(bounded)\n"
                "}");
}

LOWERING_TEST(QuantizePerToken, IsRefusedForFloats) {
  EXPECT_REFUSED(
      "quantized_decomposed.quantize_per_token(x: f32[2,3], s: f64[2,1], z: i64[2,1], -128, 127, f32) -> f32[2,3]",
      "dtype=float: wanted an integer, float8e4m3fn or float8e5m2");
}

LOWERING_TEST(DequantizePerToken, ScalesWhatIsCentred) {
  EXPECT_LOWERS(
      "quantized_decomposed.dequantize_per_token(x: i8[2,3], s: f32[2,1], z: f32[2,1], -128, 127, i8, f32) -> f32[2,3]",
      "agraph (int8[2,3] x, float[2,1] s, float[2,1] z) => (float[2,3] y) {\n"
      "  f = Cast<to = 1>(x)\n"
      "  centred = Sub(f, z)\n"
      "  y = Mul(centred, s)\n"
      "}");
}

LOWERING_TEST(QuantizePerChannelGroup, SpreadsEachScaleOverItsGroup) {
  EXPECT_LOWERS(
      "quantized_decomposed.quantize_per_channel_group(x: f32[2,8], s: f32[2,2], z: i32[2,2], -8, 7, i8, 4) -> i8[2,8]",
      "agraph (float[2,8] x, float[2,2] s, int32[2,2] z) => (int8[2,8] y) {\n"
      "  groups = Constant<value = int64[3] {2, -1, 4}>()\n"
      "  grouped = Reshape(x, groups)\n"
      "  axis = Constant<value = int64[1] {2}>()\n"
      "  scales = Unsqueeze(s, axis)\n"
      "  inverse = Reciprocal(scales)\n"
      "  steps = Mul(grouped, inverse)\n"
      "  zero_points = Unsqueeze(z, axis)\n"
      "  zeros = Cast<to = 1>(zero_points)\n"
      "  q = Add(steps, zeros)\n"
      "  whole = Round(q)\n"
      "  least = Constant<value = float {-8.0}>()\n"
      "  most = Constant<value = float {7.0}>()\n"
      "  bounded = Clip(whole, least, most)\n"
      "  sizes = Constant<value = int64[2] {2, 8}>()\n"
      "  rows = Reshape(bounded, sizes)\n"
      "  y = Cast<to = 3>(rows)\n"
      "}");
}

LOWERING_TEST(DequantizePerChannelGroup, IsArithmeticBeforeOpset21) {
  EXPECT_LOWERS(
      "quantized_decomposed.dequantize_per_channel_group(x: i8[2,8], s: f32[2,2], z: i32[2,2], -8, 7, i8, 4, f32) -> "
      "f32[2,8]",
      "agraph (int8[2,8] x, float[2,2] s, int32[2,2] z) => (float[2,8] y) {\n"
      "  groups = Constant<value = int64[3] {2, -1, 4}>()\n"
      "  grouped = Reshape(x, groups)\n"
      "  f = Cast<to = 1>(grouped)\n"
      "  axis = Constant<value = int64[1] {2}>()\n"
      "  zero_points = Unsqueeze(z, axis)\n"
      "  zeros = Cast<to = 1>(zero_points)\n"
      "  centred = Sub(f, zeros)\n"
      "  scales = Unsqueeze(s, axis)\n"
      "  scaled = Mul(centred, scales)\n"
      "  sizes = Constant<value = int64[2] {2, 8}>()\n"
      "  y = Reshape(scaled, sizes)\n"
      "}");
}

LOWERING_TEST(DequantizePerChannelGroup, TakesALargeGroupForTheWholeRow) {
  EXPECT_LOWERS(
      "quantized_decomposed.dequantize_per_channel_group(x: i8[2,8], s: f32[2,1], none, -8, 7, i8, 32, f32) -> f32[2,8]",
      "agraph (int8[2,8] x, float[2,1] s) => (float[2,8] y) {\n"
      "  groups = Constant<value = int64[3] {2, -1, 8}>()\n"
      "  grouped = Reshape(x, groups)\n"
      "  f = Cast<to = 1>(grouped)\n"
      "  axis = Constant<value = int64[1] {2}>()\n"
      "  scales = Unsqueeze(s, axis)\n"
      "  scaled = Mul(f, scales)\n"
      "  sizes = Constant<value = int64[2] {2, 8}>()\n"
      "  y = Reshape(scaled, sizes)\n"
      "}");
}

LOWERING_TEST(PerChannelGroup, IsRefusedForOtherThanMatrices) {
  EXPECT_REFUSED(
      "quantized_decomposed.dequantize_per_channel_group(x: i8[8], s: f32[2,1], none, -8, 7, i8, 4, f32) -> f32[8]",
      "input has rank 1 and group_size is 4");
  EXPECT_REFUSED(
      "quantized_decomposed.quantize_per_channel_group(x: f32[2,8], s: f32[2,2], z: i32[2,2], -8, 7, i8, 0) -> i8[2,8]",
      "input has rank 2 and group_size is 0");
}

LOWERING_TEST(ChooseQparams, StretchesTheRangeToHoldZero) {
  EXPECT_LOWERS("quantized_decomposed.choose_qparams.tensor(x: f32[2,3], 0, 255, 0.125, u8) -> (f64[1], i64[1])",
                "agraph (float[2,3] x) => (double[1] s, int64[1] z) {\n"
                "  largest = ReduceMax<keepdims = 0>(x)\n"
                "  zero = Constant<value = float {0.0}>()\n"
                "  most = Max(largest, zero)\n"
                "  smallest = ReduceMin<keepdims = 0>(x)\n"
                "  least = Min(smallest, zero)\n"
                "  range = Sub(most, least)\n"
                "  steps = Constant<value = float {255.0}>()\n"
                "  step = Div(range, steps)\n"
                "  eps = Constant<value = float {0.125}>()\n"
                "  scale = Max(step, eps)\n"
                "  wide = Cast<to = 11>(scale)\n"
                "  one = Constant<value = int64[1] {1}>()\n"
                "  s = Reshape(wide, one)\n"
                "  below = Div(least, scale)\n"
                "  whole = Round(below)\n"
                "  place = Sub(zero, whole)\n"
                "  bounded = Clip(place, zero, steps)\n"
                "  number = Cast<to = 7>(bounded)\n"
                "  z = Reshape(number, one)\n"
                "}");
}

LOWERING_TEST(ChooseQparamsSymmetric, HasZeroInTheMiddle) {
  EXPECT_LOWERS("quantized_decomposed.choose_qparams_symmetric.tensor(x: f32[2,3], 0, 255, 0.125, u8) -> (f64[1], i64[1])",
                "agraph (float[2,3] x) => (double[1] s, int64[1] z) {\n"
                "  sizes = Abs(x)\n"
                "  most = ReduceMax<keepdims = 0>(sizes)\n"
                "  steps = Constant<value = float {127.5}>()\n"
                "  step = Div(most, steps)\n"
                "  eps = Constant<value = float {0.125}>()\n"
                "  scale = Max(step, eps)\n"
                "  wide = Cast<to = 11>(scale)\n"
                "  one = Constant<value = int64[1] {1}>()\n"
                "  s = Reshape(wide, one)\n"
                "  z = Constant<value = int64[1] {128}>()\n"
                "}");
}

LOWERING_TEST(ChooseQparamsPerToken, HasZeroInTheMiddle) {
  EXPECT_LOWERS("quantized_decomposed.choose_qparams_per_token(x: f32[2,3], i8) -> (f64[2,1], i64[2,1])",
                "agraph (float[2,3] x) => (double[2,1] s, int64[2,1] z) {\n"
                "  sizes = Abs(x)\n"
                "  last = Constant<value = int64[1] {-1}>()\n"
                "  most = ReduceMax(sizes, last)\n"
                "  eps = Constant<value = float {1e-05}>()\n"
                "  above = Max(most, eps)\n"
                "  steps = Constant<value = float {127.0}>()\n"
                "  scale = Div(above, steps)\n"
                "  s = Cast<to = 11>(scale)\n"
                "  zero = Constant<value = float {0.0}>()\n"
                "  zeros = Mul(scale, zero)\n"
                "  z = Cast<to = 7>(zeros)\n"
                "}");
}

LOWERING_TEST(ChooseQparamsPerTokenAsymmetric, TakesTheEndWithTheSmallerError) {
  EXPECT_LOWERS("quantized_decomposed.choose_qparams_per_token_asymmetric(x: f32[2,3], i8) -> (f64[2,1], i64[2,1])",
                "agraph (float[2,3] x) => (double[2,1] s, int64[2,1] z) {\n"
                "  last = Constant<value = int64[1] {-1}>()\n"
                "  largest = ReduceMax(x, last)\n"
                "  zero = Constant<value = float {0.0}>()\n"
                "  most = Max(largest, zero)\n"
                "  smallest = ReduceMin(x, last)\n"
                "  least = Min(smallest, zero)\n"
                "  range = Sub(most, least)\n"
                "  steps = Constant<value = float {255.0}>()\n"
                "  step = Div(range, steps)\n"
                "  eps = Constant<value = float {1.1920929e-07}>()\n"
                "  scale = Max(step, eps)\n"
                "  s = Cast<to = 11>(scale)\n"
                "  first = Constant<value = float {-128.0}>()\n"
                "  low = Div(least, scale)\n"
                "  low_error = Add(first, low)\n"
                "  end = Constant<value = float {127.0}>()\n"
                "  high = Div(most, scale)\n"
                "  high_error = Add(end, high)\n"
                "  error = Add(low_error, high_error)\n"
                "  from_low = Greater(error, zero)\n"
                "  low_place = Sub(first, low)\n"
                "  high_place = Sub(end, high)\n"
                "  place = Where(from_low, low_place, high_place)\n"
                "  bounded = Clip(place, first, end)\n"
                "  whole = Round(bounded)\n"
                "  z = Cast<to = 7>(whole)\n"
                "}");
}

LOWERING_TEST(ConvertElementType, IsACast) {
  EXPECT_LOWERS("quantized_decomposed.convert_element_type.no_fuse(x: i8[2], f16) -> f16[2]",
                "agraph (int8[2] x) => (float16[2] z) { z = Cast<to = 10>(x) }");
}

}  // namespace
