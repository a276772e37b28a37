#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(Det, IsOneOperator) {
  EXPECT_LOWERS("aten.linalg_det(x: f32[2,2]) -> f32[]", "agraph (float[2,2] x) => (float[] z) { z = Det(x) }");
}

LOWERING_TEST(Inv, IsRefusedInHalfPrecision) {
  EXPECT_REFUSED("aten.linalg_inv(x: f16[2,2]) -> f16[2,2]", "A has dtype float16");
}

LOWERING_TEST(Solve, IsRefusedForNumbers) {
  EXPECT_REFUSED("aten.linalg_solve(A: f32[3,3], B: f32[])", "a matrix has rank 0, wanted at least 2");
  EXPECT_REFUSED("aten.cholesky_solve(B: f32[3], L: f32[3,3])", "a matrix has rank 1, wanted at least 2");
}

LOWERING_TEST(TensorSolve, IsRefusedForARightSideOfHigherRank) {
  EXPECT_REFUSED("aten.linalg_tensorsolve(A: f32[6], B: f32[2,3])", "self has rank 1, other 2");
}

}  // namespace
