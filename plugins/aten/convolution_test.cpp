#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(ConvTranspose, TakesAnOutputPaddingBeyondTheStride) {
  EXPECT_LOWERS("aten.conv_transpose1d(x: f32[1,2,4], w: f32[2,3,3], b: f32[3], [1], [0], [1], 1, [2]) -> f32[1,3,9]",

                "agraph (float[1,2,4] x, float[2,3,3] y, float[3] w) => (float[1,3,9] z) {\n"
                "  v3 = ConvTranspose<dilations = [2], pads = [0, 0], strides = [1]>(x, y)\n"
                "  v4 = Constant<value = int64[6] {0, 0, 0, 0, 0, 1}>()\n"
                "  v5 = Pad(v3, v4)\n"
                "  v6 = Constant<value = int64[2] {3, 1}>()\n"
                "  v7 = Reshape(w, v6)\n"
                "  z = Add(v5, v7)\n}");
}

}  // namespace
