#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(RoiAlign, SplitsTheImageOffAndCountsSamplesByLength) {
  EXPECT_LOWERS("torchvision.roi_align(x: f32[2,3,9,8], r: f32[5,5], 0.5, 3, 2, -1, true) -> f32[5,3,3,2]",
                "agraph (float[2,3,9,8] x, float[5,5] r) => (float[5,3,3,2] z) {\n"
                "  one = Constant<value=int64[1] {1}>()\n"
                "  five = Constant<value=int64[1] {5}>()\n"
                "  corners = Slice(r, one, five, one)\n"
                "  zero = Constant<value=int64 {0}>()\n"
                "  image = Gather<axis=1>(r, zero)\n"
                "  index = Cast<to=7>(image)\n"
                "  z = RoiAlign<output_height=3, output_width=2, spatial_scale=0.5>(x, corners, index)\n}");
}

LOWERING_TEST(RoiAlign, SaysWhenCornersArePixels) {
  EXPECT_LOWERS("torchvision.roi_align(x: f32[2,3,9,8], r: f32[5,5], 1.0, 3, 2, 2, false) -> f32[5,3,3,2]",
                "agraph (float[2,3,9,8] x, float[5,5] r) => (float[5,3,3,2] z) {\n"
                "  one = Constant<value=int64[1] {1}>()\n"
                "  five = Constant<value=int64[1] {5}>()\n"
                "  corners = Slice(r, one, five, one)\n"
                "  zero = Constant<value=int64 {0}>()\n"
                "  image = Gather<axis=1>(r, zero)\n"
                "  index = Cast<to=7>(image)\n"
                "  z = RoiAlign<coordinate_transformation_mode=\"output_half_pixel\", output_height=3, output_width=2, "
                "sampling_ratio=2>(x, corners, index)\n}");
}

LOWERING_TEST(RoiAlign, IsRefusedWithoutBins) {
  EXPECT_REFUSED("torchvision.roi_align(x: f32[2,3,9,8], r: f32[5,5], 1.0, 0, 2, 2, false) -> f32[5,3,0,2]",
                 "pooled_height=0, pooled_width=2");
}

LOWERING_TEST(RoiPool, IsRefusedForOneImage) {
  EXPECT_REFUSED("torchvision.roi_pool(x: f32[3,9,8], r: f32[5,5], 1.0, 2, 2) -> (f32[5,3,2,2], i32[5,3,2,2])",
                 "input has rank 3 and rois 2, wanted 4 and 2");
}

LOWERING_TEST(PsRoiAlign, KeepsABinOfEachChannel) {
  EXPECT_LOWERS(
      "torchvision.ps_roi_align(x: f32[2,12,9,8], r: f32[5,5], 0.5, 3, 2, 2) -> (f32[5,2,3,2], i32[5,2,3,2])",
      "agraph (float[2,12,9,8] x, float[5,5] r) => (float[5,2,3,2] z, int32[5,2,3,2] channels) {\n"
      "  one = Constant<value=int64[1] {1}>()\n"
      "  five = Constant<value=int64[1] {5}>()\n"
      "  corners = Slice(r, one, five, one)\n"
      "  zero = Constant<value=int64 {0}>()\n"
      "  image = Gather<axis=1>(r, zero)\n"
      "  index = Cast<to=7>(image)\n"
      "  all = RoiAlign<output_height=3, output_width=2, sampling_ratio=2, spatial_scale=0.5>(x, corners, index)\n"
      "  square = Constant<value=int64[3] {5, 2, 36}>()\n"
      "  by_pair = Reshape(all, square)\n"
      "  diagonal = Constant<value=int64[6] {0, 7, 14, 21, 28, 35}>()\n"
      "  own = Gather<axis=2>(by_pair, diagonal)\n"
      "  result = Constant<value=int64[4] {5, 2, 3, 2}>()\n"
      "  z = Reshape(own, result)\n"
      "  count = Constant<value=int64 {12}>()\n"
      "  step = Constant<value=int64 {1}>()\n"
      "  numbers = Range(zero, count, step)\n"
      "  small = Cast<to=6>(numbers)\n"
      "  bins = Constant<value=int64[4] {1, 2, 3, 2}>()\n"
      "  by_bin = Reshape(small, bins)\n"
      "  channels = Expand(by_bin, result)\n}");
}

}  // namespace
