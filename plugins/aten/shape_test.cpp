#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(View, LeavesOneSizeOpen) {
  EXPECT_LOWERS("aten.view(x: f32[2,6], [3, -1]) -> f32[3,4]",
                "agraph (float[2,6] x) => (float[3,4] z) {\n"
                "  sizes = Constant<value = int64[2] {3, -1}>()\n"
                "  z = Reshape(x, sizes)\n"
                "}");
}

LOWERING_TEST(Cat, PromotesItsTensors) {
  EXPECT_LOWERS("aten.cat([x: f32[2,3], y: i64[1,3]]) -> f32[3,3]",
                "agraph (float[2,3] x, int64[1,3] y) => (float[3,3] z) {\n"
                "  y_f = Cast<to = 1>(y)\n"
                "  z = Concat<axis = 0>(x, y_f)\n"
                "}");
}

LOWERING_TEST(Squeeze, LeavesOtherSizesThanOne) {
  EXPECT_LOWERS("aten.squeeze.dim(x: f32[2,1], -1) -> f32[2]",
                "agraph (float[2,1] x) => (float[2] z) {\n"
                "  last = Constant<value = int64[1] {1}>()\n"
                "  z = Squeeze(x, last)\n"
                "}");
  EXPECT_LOWERS("aten.squeeze.dim(x: f32[2,3], 0) -> f32[2,3]",
                "agraph (float[2,3] x) => (float[2,3] z) { z = Identity(x) }");
}

LOWERING_TEST(Movedim, OfANumberIsTheNumber) {
  EXPECT_LOWERS("aten.movedim.int(x: f32[], 0, -1) -> f32[]", "agraph (float[] x) => (float[] z) { z = Identity(x) }");
}

LOWERING_TEST(Movedim, IsRefusedWhereAnAxisOccursTwice) {
  EXPECT_REFUSED("aten.movedim.intlist(x: f32[2,3,4], [0, 1], [2, 2]) -> f32[4,3,2]", "an axis occurs twice");
  EXPECT_REFUSED("aten.movedim.intlist(x: f32[2,3,4], [1, 1], [0, 2]) -> f32[4,3,2]", "an axis occurs twice");
}

LOWERING_TEST(TensorSplit, IsRefusedForOtherSectionsThanRecorded) {
  EXPECT_REFUSED("aten.tensor_split.sections(x: f32[5], 9223372036854775807)",
                 "sections=9223372036854775807 for 1 results");
}

LOWERING_TEST(Roll, ByTheLeastNumberIsByItsRemainder) {
  EXPECT_LOWERS("aten.roll(x: f32[5], [-9223372036854775808], [0]) -> f32[5]",
                "agraph (float[5] x) => (float[5] z) {\n"
                "  three = Constant<value=int64[1] {3}>()\n"
                "  end = Constant<value=int64[1] {9223372036854775807}>()\n"
                "  axis = Constant<value=int64[1] {0}>()\n"
                "  first = Slice(x, three, end, axis)\n"
                "  last = Slice(x, axis, three, axis)\n"
                "  z = Concat<axis=0>(first, last)\n}");
}

}  // namespace
