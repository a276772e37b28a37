#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(AddTensor, ScalesOtherByAlphaInPromotedType) {
  EXPECT_LOWERS("aten.add.Tensor(x: f32[2,3], y: i64[3], alpha=2) -> f32[2,3]",
                "agraph (float[2,3] x, int64[3] y) => (float[2,3] z) {\n"
                "  two = Constant<value = float {2.0}>()\n"
                "  y_f = Cast<to=1>(y)\n"
                "  scaled = Mul(y_f, two)\n"
                "  z = Add(x, scaled)\n}");
}

LOWERING_TEST(AddTensor, TakesANumberIntoTheTensorsType) {
  EXPECT_LOWERS("aten.add.Tensor(x: f16[2], 2.5) -> f16[2]",
                "agraph (float16[2] x) => (float16[2] z) {\n"
                "  c = Constant<value = float16 {2.5}>()\n"
                "  z = Add(x, c)\n}");
  EXPECT_LOWERS("aten.add.Tensor(x: i64[2], 2.5) -> f32[2]",
                "agraph (int64[2] x) => (float[2] z) {\n"
                "  f = Cast<to=1>(x)\n"
                "  c = Constant<value = float {2.5}>()\n"
                "  z = Add(f, c)\n}");
}

LOWERING_TEST(AddTensor, TakesAScalarTensorIntoTheTypeOfTheOther) {
  EXPECT_LOWERS("aten.add.Tensor(x: f16[2], y: f32[]) -> f16[2]",
                "agraph (float16[2] x, float[] y) => (float16[2] z) {\n"
                "  narrow = Cast<to=10>(y)\n"
                "  z = Add(x, narrow)\n}");
}

LOWERING_TEST(AddTensor, OfBoolsIsALogicalOr) {
  EXPECT_LOWERS("aten.add.Tensor(x: bool[2], y: bool[2]) -> bool[2]",
                "agraph (bool[2] x, bool[2] y) => (bool[2] z) { z = Or(x, y) }");
}

LOWERING_TEST(MulTensor, OfBoolsIsALogicalAnd) {
  EXPECT_LOWERS("aten.mul.Tensor(x: bool[2], y: bool[2]) -> bool[2]",
                "agraph (bool[2] x, bool[2] y) => (bool[2] z) { z = And(x, y) }");
}

LOWERING_TEST(MulTensor, TakesASymbolicNumber) {
  EXPECT_LOWERS("aten.mul.Tensor(x: f32[n], m: symint) -> f32[n]",
                "agraph (float[n] x, wrapped int64[] m) => (float[n] z) {\n"
                "  f = Cast<to=1>(m)\n"
                "  z = Mul(x, f)\n}");
}

LOWERING_TEST(RsubScalar, SubtractsFromTheNumber) {
  EXPECT_LOWERS("aten.rsub.Scalar(x: f32[2], 3) -> f32[2]",
                "agraph (float[2] x) => (float[2] z) {\n"
                "  three = Constant<value = float {3.0}>()\n"
                "  z = Sub(three, x)\n}");
}

LOWERING_TEST(DivTensor, OfIntegersIsAFloat) {
  EXPECT_LOWERS("aten.div.Tensor(x: i64[2], y: i32[2]) -> f32[2]",
                "agraph (int64[2] x, int32[2] y) => (float[2] z) {\n"
                "  a = Cast<to=1>(x)\n"
                "  b = Cast<to=1>(y)\n"
                "  z = Div(a, b)\n}");
}

LOWERING_TEST(DivTensorMode, TruncatesIntegersAsOnnxDoes) {
  EXPECT_LOWERS("aten.div.Tensor_mode(x: i64[2], y: i64[2], rounding_mode='trunc') -> i64[2]",
                "agraph (int64[2] x, int64[2] y) => (int64[2] z) { z = Div(x, y) }");
}

LOWERING_TEST(FloorDivide, OfSignedIntegersTakesTheRemainderAwayFirst) {
  EXPECT_LOWERS("aten.floor_divide(x: i64[2], y: i64[2]) -> i64[2]",
                "agraph (int64[2] x, int64[2] y) => (int64[2] z) {\n"
                "  r = Mod(x, y)\n"
                "  whole = Sub(x, r)\n"
                "  z = Div(whole, y)\n}");
}

LOWERING_TEST(FloorDivide, OfFloatsByAPowerOfTwoIsExact) {
  EXPECT_LOWERS("aten.floor_divide.Scalar(x: f32[2], 4) -> f32[2]",
                "agraph (float[2] x) => (float[2] z) {\n"
                "  four = Constant<value = float {4.0}>()\n"
                "  q = Div(x, four)\n"
                "  z = Floor(q)\n}");
}

LOWERING_TEST(Remainder, OfFloatsGetsTheSignOfTheDivisor) {
  EXPECT_LOWERS("aten.remainder.Tensor(x: f32[2], y: f32[2]) -> f32[2]",
                "agraph (float[2] x, float[2] y) => (float[2] z) {\n"
                "  r = Mod<fmod=1>(x, y)\n"
                "  zero = Constant<value = float {0.0}>()\n"
                "  no_rest = Equal(r, zero)\n"
                "  rest = Not(no_rest)\n"
                "  y_negative = Less(y, zero)\n"
                "  r_negative = Less(r, zero)\n"
                "  differ = Xor(y_negative, r_negative)\n"
                "  wrong = And(rest, differ)\n"
                "  moved = Add(r, y)\n"
                "  z = Where(wrong, moved, r)\n}");
}

LOWERING_TEST(PowTensorScalar, OfIntegersIsAProductOfSquares) {
  EXPECT_LOWERS("aten.pow.Tensor_Scalar(x: i8[2], 5) -> i8[2]",
                "agraph (int8[2] x) => (int8[2] z) {\n"
                "  base = Cast<to=7>(x)\n"
                "  square = Mul(base, base)\n"
                "  fourth = Mul(square, square)\n"
                "  wide = Mul(base, fourth)\n"
                "  z = Cast<to=3>(wide)\n}");
}

LOWERING_TEST(PowTensorScalar, RefusesNegativePowersOfIntegers) {
  EXPECT_REFUSED("aten.pow.Tensor_Scalar(x: i64[2], -1) -> i64[2]", "exponent=-1");
}

}  // namespace
