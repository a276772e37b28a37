#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(Linear, IsAGemmOfTheWeightAsItIsStored) {
  EXPECT_LOWERS("aten.linear(x: f32[2,3], w: f32[4,3], b: f32[4]) -> f32[2,4]",
                "agraph (float[2,3] x, float[4,3] w, float[4] b) => (float[2,4] z) { z = Gemm<transB = 1>(x, w, b) }");
}

LOWERING_TEST(Addmm, IsAGemm) {
  EXPECT_LOWERS("aten.addmm(c: f32[2,4], a: f32[2,3], b: f32[3,4]) -> f32[2,4]",
                "agraph (float[2,4] c, float[2,3] a, float[3,4] b) => (float[2,4] z) { z = Gemm(a, b, c) }");
}

LOWERING_TEST(Mm, MultipliesIntegersToo) {
  EXPECT_LOWERS("aten.mm(a: i64[2,3], b: i64[3,4]) -> i64[2,4]",
                "agraph (int64[2,3] a, int64[3,4] b) => (int64[2,4] z) { z = MatMul(a, b) }");
}

}  // namespace
