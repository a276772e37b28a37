#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(DeformConv2d, IsDeformConvWithItsMaskLast) {
  EXPECT_LOWERS(
      "torchvision.deform_conv2d(x: f32[2,4,7,6], w: f32[6,2,3,3], o: f32[2,36,5,3], m: f32[2,18,5,3], b: f32[6], 1, 2, 0, "
      "1, "
      "1, 1, 2, 2, true) -> f32[2,6,5,3]",
      "agraph (float[2,4,7,6] x, float[6,2,3,3] w, float[2,36,5,3] o, float[2,18,5,3] m, float[6] b) => (float[2,6,5,3] z) "
      "{\n"
      "  z = DeformConv<dilations=[1, 1], group=2, offset_group=2, pads=[0, 1, 0, 1], strides=[1, 2]>(x, w, o, b, m)\n}");
}

LOWERING_TEST(DeformConv2d, LeavesOutAMaskThatIsNotUsed) {
  EXPECT_LOWERS(
      "torchvision.deform_conv2d(x: f32[2,4,7,6], w: f32[5,4,3,3], o: f32[2,18,5,4], m: f32[2,1], b: f32[5], 1, 1, 0, 0, "
      "1, 1, "
      "1, 1, false) -> f32[2,5,5,4]",
      "agraph (float[2,4,7,6] x, float[5,4,3,3] w, float[2,18,5,4] o, float[2,1] m, float[5] b) => (float[2,5,5,4] z) {\n"
      "  z = DeformConv<dilations=[1, 1], pads=[0, 0, 0, 0], strides=[1, 1]>(x, w, o, b)\n}");
}

LOWERING_TEST(DeformConv2d, IsRefusedWithoutGroups) {
  EXPECT_REFUSED(
      "torchvision.deform_conv2d(x: f32[2,4,7,6], w: f32[5,4,3,3], o: f32[2,18,5,4], m: f32[2,1], b: f32[5], 1, 1, 0, 0, "
      "1, 1, "
      "1, 0, false) -> f32[2,5,5,4]",
      "groups=1, offset_groups=0");
}

LOWERING_TEST(DeformConv2d, IsRefusedForOneImage) {
  EXPECT_REFUSED(
      "torchvision.deform_conv2d(x: f32[4,7,6], w: f32[5,4,3,3], o: f32[18,5,4], m: f32[2,1], b: f32[5], 1, 1, 0, 0, 1, 1, "
      "1, 1, "
      "false) -> f32[5,5,4]",
      "input has rank 3");
}

}  // namespace
