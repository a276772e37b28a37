#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(UpsampleAntialiased, IsOnnxsResizeWhereThatSaysTheSame) {
  EXPECT_LOWERS("aten._upsample_bilinear2d_aa(x: f32[1,1,4,4], [2,2], false) -> f32[1,1,2,2]",
                "agraph (float[1,1,4,4] x) => (float[1,1,2,2] z) {\n"
                "  v1 = Constant<value = int64[4] {1, 1, 2, 2}>()\n"
                "  z = Resize<antialias = 1, exclude_outside = 1, mode = \"linear\">(x, \"\", \"\", v1)\n}");
}

LOWERING_TEST(UpsampleAntialiased, IsOfFloats) {
  EXPECT_REFUSED("aten._upsample_bilinear2d_aa(x: u8[1,1,4,4], [2,2], false) -> u8[1,1,2,2]", "dtype uint8");
}

}  // namespace
