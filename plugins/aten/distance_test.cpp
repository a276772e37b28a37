#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(Cdist, ComparesEveryPairOfRows) {
  EXPECT_LOWERS("aten.cdist(x: f32[4,3], y: f32[2,3], 1.0) -> f32[4,2]",
                "agraph (float[4,3] x, float[2,3] y) => (float[4,2] z) {\n"
                "  rows = Constant<value = int64[1] {-2}>()\n"
                "  x_rows = Unsqueeze(x, rows)\n"
                "  columns = Constant<value = int64[1] {-3}>()\n"
                "  y_columns = Unsqueeze(y, columns)\n"
                "  d = Sub(x_rows, y_columns)\n"
                "  axis = Constant<value = int64[1] {2}>()\n"
                "  z = ReduceL1<keepdims = 0>(d, axis)\n}");
}

LOWERING_TEST(Cdist, KnowsThreeModes) {
  EXPECT_REFUSED("aten.cdist(x: f32[4,3], y: f32[2,3], 2.0, 3) -> f32[4,2]", "compute_mode=3");
}

LOWERING_TEST(CosineSimilarity, IsOfFloats) {
  EXPECT_REFUSED("aten.cosine_similarity(x: i64[4,3], y: i64[4,3]) -> f32[4]", "x1 and x2 are int64");
}

LOWERING_TEST(Bilinear, IsRefusedForNumbers) {
  EXPECT_REFUSED("aten.bilinear(x: f32[], y: f32[], w: f32[1,1,1]) -> f32[1]", "input1 has rank 0, input2 0 and weight 3");
}

LOWERING_TEST(Cdist, OfBoolsIsRefused) {
  EXPECT_REFUSED("aten._cdist_forward(x: bool[30,30], x, 2.0, none)", "_cdist_forward");
}

}  // namespace
