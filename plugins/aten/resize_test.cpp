#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(Pad, CutsBeforeItComesRound) {
  EXPECT_LOWERS("aten.pad(x: f32[1,2,5], [-1,2], 'circular') -> f32[1,2,6]",
                "agraph (float[1,2,5] x) => (float[1,2,6] z) {\n"
                "  v1 = Constant<value = int64[1] {1}>()\n"
                "  v2 = Constant<value = int64[1] {5}>()\n"
                "  v3 = Constant<value = int64[1] {2}>()\n"
                "  v4 = Slice(x, v1, v2, v3)\n"
                "  v5 = Constant<value = int64[1] {0}>()\n"
                "  v6 = Slice(v4, v5, v3, v3)\n"
                "  z = Concat<axis = 2>(v4, v6)\n}");
  EXPECT_REFUSED("aten.pad(x: f32[1,2,3], [-2,2], 'circular') -> f32[1,2,3]", "comes round more than once");
}

LOWERING_TEST(Pad, RepeatsTheBorderOfAnAxisThatIsCutOff) {
  EXPECT_LOWERS("aten.pad(x: f32[1,2,3], [-3,2], 'replicate') -> f32[1,2,2]",
                "agraph (float[1,2,3] x) => (float[1,2,2] z) {\n"
                "  v1 = Constant<value = int64 {0}>()\n"
                "  v2 = Constant<value = int64 {2}>()\n"
                "  v3 = Constant<value = int64 {1}>()\n"
                "  v4 = Range(v1, v2, v3)\n"
                "  v5 = Constant<value = int64 {-3}>()\n"
                "  v6 = Sub(v4, v5)\n"
                "  v7 = Max(v6, v1)\n"
                "  v8 = Min(v7, v2)\n"
                "  z = Gather<axis = 2>(x, v8)\n}");
}

// Where corners are aligned, torch places what it reads by the sizes, whatever factor made them.
LOWERING_TEST(Upsample, OfAlignedCornersHasSizes) {
  EXPECT_LOWERS(
      "aten.upsample_linear1d.vec(x: f32[1,2,6], none, true, [1.75]) -> f32[1,2,10]",
      "agraph (float[1,2,6] x) => (float[1,2,10] z) {\n"
      "  v1 = Constant<value = int64[3] {1, 2, 10}>()\n"
      "  z = Resize<coordinate_transformation_mode = \"align_corners\", mode = \"linear\">(x, \"\", \"\", v1)\n}");
  EXPECT_LOWERS("aten.upsample_linear1d.vec(x: f32[1,2,6], none, false, [1.75]) -> f32[1,2,10]",
                "agraph (float[1,2,6] x) => (float[1,2,10] z) {\n"
                "  v1 = Constant<value = float[3] {1.0, 1.0, 1.75}>()\n"
                "  z = Resize<mode = \"linear\">(x, \"\", v1)\n}");
}

LOWERING_TEST(Upsample, OfBytesIsRefused) {
  EXPECT_REFUSED("aten.upsample_bilinear2d.vec(x: u8[1,1,4,4], [2,2], false, none) -> u8[1,1,2,2]", "dtype uint8");
  EXPECT_REFUSED("aten.upsample_bicubic2d.vec(x: u8[1,1,4,4], [2,2], false, none) -> u8[1,1,2,2]", "dtype uint8");
}

LOWERING_TEST(PixelUnshuffle, IsRefusedForFactorsThatAreNone) {
  EXPECT_REFUSED("aten.pixel_unshuffle(x: f32[1,2,4,4], 0)", "downscale_factor=0");
  EXPECT_REFUSED("aten.pixel_unshuffle(x: f32[1,2,4,4], 3037000500)", "3037000500");
}

}  // namespace
