#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(Linspace, OfNumbersIsAConstant) {
  EXPECT_LOWERS("aten.linspace(1, 2, 3) -> f32[3]",
                "agraph () => (float[3] z) {\n"
                "  z = Constant<value = float[3] {1.0, 1.5, 2.0}>()\n"
                "}");
}

LOWERING_TEST(Logspace, OfWholeNumbersLosesFractionsAtTheEnd) {
  EXPECT_LOWERS("aten.logspace(0, 1, 3, base=5.0, dtype=i64) -> i64[3]",
                "agraph () => (int64[3] z) {\n"
                "  points = Constant<value = double[3] {1.0, 2.0, 5.0}>()\n"
                "  z = Cast<to = 7>(points)\n"
                "}");
}

LOWERING_TEST(Linspace, RefusesNegativeSteps) { EXPECT_REFUSED("aten.linspace(1, 2, -3) -> f32[0]", "steps=-3"); }

LOWERING_TEST(Linspace, OfWholeNumbersLosesFractionsAtTheEnd) {
  EXPECT_LOWERS("aten.linspace(0, 5, 4, dtype=i64) -> i64[4]",
                "agraph () => (int64[4] z) {\n"
                "  points = Constant<value = double[4] {0.0, 1.0, 3.0, 5.0}>()\n"
                "  z = Cast<to = 7>(points)\n"
                "}");
}

LOWERING_TEST(Linspace, OfOneStepIsItsStart) {
  EXPECT_LOWERS("aten.linspace(7, 9, 1) -> f32[1]", "agraph () => (float[1] z) { z = Constant<value = float[1] {7.0}>() }");
}

LOWERING_TEST(Linspace, CountsTheSecondHalfFromItsEnd) {
  EXPECT_LOWERS("aten.linspace.Tensor_Scalar(x: f32[], 1.5, 3) -> f32[3]",
                "agraph (float[] x) => (float[3] z) {\n"
                "  none_yet = Constant<value = int64 {0}>()\n"
                "  steps = Constant<value = int64 {3}>()\n"
                "  one = Constant<value = int64 {1}>()\n"
                "  places = Range(none_yet, steps, one)\n"
                "  first_half = Less(places, one)\n"
                "  end = Constant<value = float {1.5}>()\n"
                "  length = Sub(end, x)\n"
                "  two = Constant<value = float {2.0}>()\n"
                "  width = Div(length, two)\n"
                "  from_start = Cast<to = 1>(places)\n"
                "  ahead = Mul(width, from_start)\n"
                "  up = Add(x, ahead)\n"
                "  from_end = Sub(two, from_start)\n"
                "  behind = Mul(width, from_end)\n"
                "  down = Sub(end, behind)\n"
                "  z = Where(first_half, up, down)\n"
                "}");
}

LOWERING_TEST(Linspace, OfHalfPrecisionIsComputedInFloat) {
  EXPECT_LOWERS("aten.linspace.Scalar_Tensor(2, y: f16[], 1, dtype=f16) -> f16[1]",
                "agraph (float16[] y) => (float16[1] z) {\n"
                "  start = Constant<value = float {2.0}>()\n"
                "  none_yet = Constant<value = int64 {0}>()\n"
                "  one = Constant<value = int64 {1}>()\n"
                "  places = Range(none_yet, one, one)\n"
                "  steps = Cast<to = 1>(places)\n"
                "  point = Add(start, steps)\n"
                "  z = Cast<to = 10>(point)\n"
                "}");
}

LOWERING_TEST(Logspace, OfNumbersIsAConstant) {
  EXPECT_LOWERS("aten.logspace(0, 2, 3) -> f32[3]",
                "agraph () => (float[3] z) { z = Constant<value = float[3] {1.0, 10.0, 100.0}>() }");
}

LOWERING_TEST(Logspace, TakesPowersInDouble) {
  EXPECT_LOWERS("aten.logspace.Tensor_Scalar(x: f32[1], 4, 1, base=2.0) -> f32[1]",
                "agraph (float[1] x) => (float[1] z) {\n"
                "  scalar = Constant<value = int64[0] {}>()\n"
                "  start = Reshape(x, scalar)\n"
                "  none_yet = Constant<value = int64 {0}>()\n"
                "  one = Constant<value = int64 {1}>()\n"
                "  places = Range(none_yet, one, one)\n"
                "  steps = Cast<to = 1>(places)\n"
                "  exponents = Add(start, steps)\n"
                "  wide = Cast<to = 11>(exponents)\n"
                "  base = Constant<value = double {2.0}>()\n"
                "  powers = Pow(base, wide)\n"
                "  z = Cast<to = 1>(powers)\n"
                "}");
}

LOWERING_TEST(Logspace, RefusesNegativeSteps) { EXPECT_REFUSED("aten.logspace(0, 1, -1) -> f32[0]", "steps=-1"); }

LOWERING_TEST(Spacing, RefusesConstantsThatAreLarge) {
  EXPECT_REFUSED("aten.linspace(0, 1, 2000000) -> f32[2000000]", "steps=2000000");
  EXPECT_REFUSED("aten.logspace(0, 1, 2000000) -> f32[2000000]", "steps=2000000");
}

}  // namespace
