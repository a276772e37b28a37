#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(ScatterReduce, ReducesBoolsAsIntegers) {
  EXPECT_LOWERS("aten.scatter_reduce.two(x: bool[4], 0, index: i64[2], src: bool[2], 'amax') -> bool[4]",
                "agraph (bool[4] x, int64[2] y, bool[2] w) => (bool[4] z) {\n"
                "  v3 = Cast<to = 6>(x)\n"
                "  v4 = Cast<to = 6>(w)\n"
                "  v5 = ScatterElements<reduction = \"max\">(v3, y, v4)\n"
                "  z = Cast<to = 9>(v5)\n}");
}

LOWERING_TEST(ScatterReduce, KeepsNan) {
  EXPECT_LOWERS("aten.scatter_reduce.two(x: f32[4], 0, index: i64[2], src: f32[2], 'amin') -> f32[4]",
                "agraph (float[4] x, int64[2] y, float[2] w) => (float[4] z) {\n"
                "  v3 = IsNaN(x)\n"
                "  v4 = Cast<to = 6>(v3)\n"
                "  v5 = IsNaN(w)\n"
                "  v6 = Cast<to = 6>(v5)\n"
                "  v7 = ScatterElements<reduction = \"max\">(v4, y, v6)\n"
                "  v8 = Cast<to = 9>(v7)\n"
                "  v9 = Constant<value = float {nan}>()\n"
                "  v10 = ScatterElements<reduction = \"min\">(x, y, w)\n"
                "  z = Where(v8, v9, v10)\n}");
}

LOWERING_TEST(ScatterReduce, RefusesReductionsItDoesNotKnow) {
  EXPECT_REFUSED("aten.scatter_reduce.two(x: f32[4], 0, index: i64[2], src: f32[2], 'median') -> f32[4]",
                 "reduce='median'");
}

LOWERING_TEST(Put, WritesIntoTheFlattenedTensor) {
  EXPECT_LOWERS("aten.put(x: f32[2,3], index: i64[2], source: f32[2]) -> f32[2,3]",
                "agraph (float[2,3] x, int64[2] y, float[2] w) => (float[2,3] z) {\n"
                "  v3 = Constant<value = int64[1] {-1}>()\n"
                "  v4 = Reshape(x, v3)\n"
                "  v5 = Reshape(y, v3)\n"
                "  v6 = Reshape(w, v3)\n"
                "  v7 = ScatterElements(v4, v5, v6)\n"
                "  v8 = Constant<value = int64[2] {2, 3}>()\n"
                "  z = Reshape(v7, v8)\n}");
}

}  // namespace
