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

LOWERING_TEST(Convolution, IsRefusedForWindowsOfOtherAxes) {
  EXPECT_REFUSED("aten.conv1d(x: f32[1,2,5], w: f32[3,2,2], stride=[])", "stride=[], padding=[0], dilation=[1]");
  EXPECT_REFUSED("aten.conv2d(x: f32[1,2,5,5], w: f32[3,2,2,2], padding=[1,1,1])", "padding=[1, 1, 1]");
  EXPECT_REFUSED("aten.conv_transpose1d(x: f32[1,2,5], w: f32[2,3,2], stride=[0])", "stride=[0]");
  EXPECT_REFUSED("aten.conv_transpose1d(x: f32[1,2,5], w: f32[2,3,2], padding=[], output_padding=[2])", "padding=[]");
}

LOWERING_TEST(Convolution, IsRefusedForNumbersThatBelongToNoImage) {
  EXPECT_REFUSED("aten.conv1d.padding(x: f32[1,2,5], w: f32[3,2,2], padding='same', dilation=[9223372036854775807])",
                 "dilation=[9223372036854775807], output_padding=[0] over 1 axes");
  EXPECT_REFUSED("aten.conv1d(x: f32[1,2,5], w: f32[3,2,2], groups=0)", "groups=0");
  EXPECT_REFUSED("aten.conv2d(x: i64[1,2,5,5], w: i64[3,2,3037000500,3037000500])",
                 "weight has a kernel of size 3037000500");
}

}  // namespace
