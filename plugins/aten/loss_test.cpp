#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(MseLoss, IsTheMeanOfSquares) {
  EXPECT_LOWERS("aten.mse_loss(x: f32[2,3], y: f32[2,3]) -> f32[]",
                "agraph (float[2,3] x, float[2,3] y) => (float[] z) {\n"
                "  d = Sub(x, y)\n"
                "  squares = Mul(d, d)\n"
                "  z = ReduceMean<keepdims = 0>(squares)\n}");
}

// ReduceMean's kernels refuse what is empty; torch answers NaN.
LOWERING_TEST(MseLoss, OfNothingDividesZeroByZero) {
  EXPECT_LOWERS("aten.mse_loss(x: f32[0], y: f32[0]) -> f32[]",
                "agraph (float[0] x, float[0] y) => (float[] z) {\n"
                "  d = Sub(x, y)\n"
                "  squares = Mul(d, d)\n"
                "  sum = ReduceSum<keepdims = 0>(squares)\n"
                "  count = Constant<value = float {0.0}>()\n"
                "  z = Div(sum, count)\n}");
}

LOWERING_TEST(L1Loss, IsSummedUpInFloat) {
  EXPECT_LOWERS("aten.l1_loss(x: f16[4], y: f16[4], 2) -> f16[]",
                "agraph (float16[4] x, float16[4] y) => (float16[] z) {\n"
                "  d = Sub(x, y)\n"
                "  distance = Abs(d)\n"
                "  wide = Cast<to = 1>(distance)\n"
                "  sum = ReduceSum<keepdims = 0>(wide)\n"
                "  z = Cast<to = 10>(sum)\n}");
}

LOWERING_TEST(L1Loss, KnowsThreeReductions) {
  EXPECT_REFUSED("aten.l1_loss(x: f32[4], y: f32[4], 3) -> f32[]", "reduction=3");
}

LOWERING_TEST(CosineEmbeddingLoss, NeedsOneTargetPerVector) {
  EXPECT_REFUSED("aten.cosine_embedding_loss(x: f32[2,3], y: f32[2,3], t: f32[2,3]) -> f32[]", "target has rank 2");
}

}  // namespace
