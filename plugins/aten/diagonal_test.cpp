#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(DiagEmbed, FillsUpTheShorterSide) {
  EXPECT_LOWERS("aten.diag_embed(x: f32[2,3], 1) -> f32[2,4,4]",
                "agraph (float[2,3] x) => (float[2,4,4] z) {\n"
                "  v1 = Constant<value = int64 {0}>()\n"
                "  v2 = Constant<value = int64 {4}>()\n"
                "  v3 = Constant<value = int64 {1}>()\n"
                "  v4 = Range(v1, v2, v3)\n"
                "  v5 = Constant<value = int64[1] {1}>()\n"
                "  v6 = Unsqueeze(v4, v5)\n"
                "  v7 = Add(v6, v3)\n"
                "  v8 = Constant<value = int64[1] {0}>()\n"
                "  v9 = Unsqueeze(v4, v8)\n"
                "  v10 = Equal(v7, v9)\n"
                "  v11 = Constant<value = float {0.0}>()\n"
                "  v12 = Constant<value = int64[2] {2, 1}>()\n"
                "  v13 = Expand(v11, v12)\n"
                "  v14 = Concat<axis = 1>(x, v13)\n"
                "  v15 = Constant<value = int64[1] {2}>()\n"
                "  v16 = Unsqueeze(v14, v15)\n"
                "  z = Where(v10, v16, v11)\n}");
}

LOWERING_TEST(Diag, NeedsOneOrTwoAxes) { EXPECT_REFUSED("aten.diag(x: f32[2,2,2]) -> f32[2]", "self has rank 3"); }

LOWERING_TEST(BlockDiag, TakesWhatHasLessAxesAsARow) {
  EXPECT_LOWERS("aten.block_diag([x: f32[2,2], y: f32[3]]) -> f32[3,5]",
                "agraph (float[2,2] x, float[3] y) => (float[3,5] z) {\n"
                "  v2 = Constant<value = float {0.0}>()\n"
                "  v3 = Constant<value = int64[2] {2, 3}>()\n"
                "  v4 = Expand(v2, v3)\n"
                "  v5 = Concat<axis = 1>(x, v4)\n"
                "  v6 = Constant<value = int64[2] {1, 2}>()\n"
                "  v7 = Expand(v2, v6)\n"
                "  v8 = Constant<value = int64[2] {1, 3}>()\n"
                "  v9 = Reshape(y, v8)\n"
                "  v10 = Concat<axis = 1>(v7, v9)\n"
                "  z = Concat<axis = 0>(v5, v10)\n}");
}

LOWERING_TEST(Diagonal, IsRefusedOfOneAxis) {
  EXPECT_REFUSED("aten.diagonal(x: f32[3], dim2=0)", "dim1=0 and dim2=0 are one axis");
  EXPECT_REFUSED("aten.diagonal_scatter(x: f32[3,3], y: f32[3], dim1=1, dim2=-1)", "dim1=1 and dim2=-1 are one axis");
}

LOWERING_TEST(Diagonal, IsRefusedForAnOffsetWithoutACounterpart) {
  EXPECT_REFUSED("aten.diagonal(x: f32[3,3], -9223372036854775808)", "offset=-9223372036854775808");
  EXPECT_REFUSED("aten.diag_embed(x: f32[3], -9223372036854775808)", "offset=-9223372036854775808");
}

}  // namespace
