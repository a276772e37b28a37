#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(MaxUnpool2d, ScattersIntoPlanesOfZeros) {
  EXPECT_LOWERS("aten.max_unpool2d(x: f32[1,2,1,3], indices: i64[1,2,1,3], [3, 4]) -> f32[1,2,3,4]",
                "agraph (float[1,2,1,3] x, int64[1,2,1,3] y) => (float[1,2,3,4] z) {\n"
                "  v2 = Constant<value = float {0.0}>()\n"
                "  v3 = Constant<value = int64[3] {1, 2, 12}>()\n"
                "  v4 = Expand(v2, v3)\n"
                "  v5 = Constant<value = int64[3] {1, 2, 3}>()\n"
                "  v6 = Reshape(y, v5)\n"
                "  v7 = Reshape(x, v5)\n"
                "  v8 = ScatterElements<axis = 2>(v4, v6, v7)\n"
                "  v9 = Constant<value = int64[4] {1, 2, 3, 4}>()\n"
                "  z = Reshape(v8, v9)\n}");
}

LOWERING_TEST(MaxUnpool2d, NeedsPlanes) {
  EXPECT_REFUSED("aten.max_unpool2d(x: f32[3], indices: i64[3], [3, 4]) -> f32[3,4]", "self has rank 1, wanted 3 or 4");
}

LOWERING_TEST(FractionalMaxPool2d, NeedsWindows) {
  EXPECT_REFUSED("aten.fractional_max_pool2d(x: f32[1,2,4,4], [2,2], [0,2], r: f32[1,2,2]) -> (f32[1,2,0,2], i64[1,2,0,2])",
                 "output_size=[0, 2]");
}

}  // namespace
