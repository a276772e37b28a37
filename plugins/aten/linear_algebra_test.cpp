#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(Cross, TakesTheFirstAxisOfThree) {
  EXPECT_LOWERS("aten.cross(x: f32[2,3], y: f32[2,3]) -> f32[2,3]",
                "agraph (float[2,3] x, float[2,3] y) => (float[2,3] z) {\n"
                "  next = Constant<value = int64[3] {1, 2, 0}>()\n"
                "  last = Constant<value = int64[3] {2, 0, 1}>()\n"
                "  y1 = Gather<axis = 1>(y, next)\n"
                "  x1 = Gather<axis = 1>(x, last)\n"
                "  b = Mul(x1, y1)\n"
                "  y2 = Gather<axis = 1>(y, last)\n"
                "  x2 = Gather<axis = 1>(x, next)\n"
                "  a = Mul(x2, y2)\n"
                "  z = Sub(a, b)\n}");
  EXPECT_REFUSED("aten.cross(x: f32[2,4], y: f32[2,4]) -> f32[2,4]", "dim=None, and no size is 3");
}

LOWERING_TEST(MatrixPower, SquaresWhatItCan) {
  EXPECT_LOWERS("aten.linalg_matrix_power(x: f32[2,2], 5) -> f32[2,2]",
                "agraph (float[2,2] x) => (float[2,2] z) {\n"
                "  x2 = MatMul(x, x)\n"
                "  x4 = MatMul(x2, x2)\n"
                "  z = MatMul(x, x4)\n}");
}

LOWERING_TEST(MultiDot, GoesFromTheRightToKeepAVector) {
  EXPECT_LOWERS("aten.linalg_multi_dot([x: f32[2,3], y: f32[3,4], v: f32[4]]) -> f32[2]",
                "agraph (float[2,3] x, float[3,4] y, float[4] v) => (float[2] z) {\n"
                "  yv = MatMul(y, v)\n"
                "  z = MatMul(x, yv)\n}");
}

LOWERING_TEST(MatrixNorm, IsRefusedWhereItTakesSingularValues) {
  EXPECT_REFUSED("aten.linalg_matrix_norm(x: f32[2,2], 2) -> f32[]", "ord=2: it takes singular values");
  EXPECT_REFUSED("aten.linalg_matrix_norm.str_ord(x: f32[2,2], 'nuc') -> f32[]", "ord=nuc: it takes singular values");
  EXPECT_REFUSED("aten.linalg_norm(x: f32[2,2], -2) -> f32[]", "ord=-2: it takes singular values");
}

}  // namespace
