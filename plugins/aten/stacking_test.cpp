#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(HStack, JoinsRowsEndToEnd) {
  EXPECT_LOWERS("aten.hstack([x: f32[2], y: f32[]]) -> f32[3]",
                "agraph (float[2] x, float[] y) => (float[3] z) {\n"
                "  v2 = Constant<value = int64[1] {1}>()\n"
                "  v3 = Reshape(y, v2)\n"
                "  z = Concat<axis = 0>(x, v3)\n}");
}

LOWERING_TEST(ChunkCat, FillsUpToEqualPieces) {
  EXPECT_LOWERS("aten._chunk_cat([x: f32[3], y: f32[2,2]], 0, 2) -> f32[2,4]",
                "agraph (float[3] x, float[2,2] y) => (float[2,4] z) {\n"
                "  v2 = Constant<value = float {0.0}>()\n"
                "  v3 = Constant<value = int64[1] {1}>()\n"
                "  v4 = Expand(v2, v3)\n"
                "  v5 = Concat<axis = 0>(x, v4)\n"
                "  v6 = Constant<value = int64[2] {2, 2}>()\n"
                "  v7 = Reshape(v5, v6)\n"
                "  z = Concat<axis = 1>(v7, y)\n}");
}

LOWERING_TEST(Atleast3d, LaysARowAlongTheSecondAxis) {
  EXPECT_LOWERS("aten.atleast_3d(x: f32[4]) -> f32[1,4,1]",
                "agraph (float[4] x) => (float[1,4,1] z) {\n"
                "  v1 = Constant<value = int64[1] {0}>()\n"
                "  v2 = Unsqueeze(x, v1)\n"
                "  v3 = Constant<value = int64[1] {2}>()\n"
                "  z = Unsqueeze(v2, v3)\n}");
}

LOWERING_TEST(ChunkCat, IsRefusedForNumbers) {
  EXPECT_REFUSED("aten._chunk_cat([x: f32[], y: f32[]], 0, 1) -> f32[2]", "tensors has a tensor of rank 0");
}

LOWERING_TEST(DSplit, IsRefusedForOtherSectionsThanRecorded) {
  EXPECT_REFUSED("aten.dsplit.int(x: f32[2,3,4], 3037000500)", "sections=3037000500 for 1 results");
  EXPECT_REFUSED("aten.dsplit.int(x: f32[2,3,4], -1)", "sections=-1 for 1 results");
}

}  // namespace
