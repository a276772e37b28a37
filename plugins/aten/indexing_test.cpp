#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(IndexSelect, GathersAlongItsAxis) {
  EXPECT_LOWERS("aten.index_select(x: f32[2,3], 1, i: i64[2]) -> f32[2,2]",
                "agraph (float[2,3] x, int64[2] i) => (float[2,2] z) { z = Gather<axis = 1>(x, i) }");
}

LOWERING_TEST(Select, GathersANumberSoThatTheAxisVanishes) {
  EXPECT_LOWERS("aten.select.int(x: f32[2,3], 1, -1) -> f32[2]",
                "agraph (float[2,3] x) => (float[2] z) {\n"
                "  last = Constant<value = int64 {-1}>()\n"
                "  z = Gather<axis = 1>(x, last)\n"
                "}");
}

LOWERING_TEST(Gather, IsGatherElements) {
  EXPECT_LOWERS("aten.gather(x: f32[2,3], 1, i: i64[2,2]) -> f32[2,2]",
                "agraph (float[2,3] x, int64[2,2] i) => (float[2,2] z) { z = GatherElements<axis = 1>(x, i) }");
}

LOWERING_TEST(TakeAlongDim, IsRefusedForNumbers) {
  EXPECT_REFUSED("aten.take_along_dim(x: f32[], i: i64[], 0) -> f32[]", "self has rank 0, indices rank 0");
}

}  // namespace
