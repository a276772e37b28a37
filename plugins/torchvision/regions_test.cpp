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

LOWERING_TEST(RoiAlign, OfDoublesScalesItsCornersBefore) {
  EXPECT_LOWERS("torchvision.roi_align(x: f64[2,3,9,8], r: f64[5,5], 0.5, 3, 2, 2, true) -> f64[5,3,3,2]",
                "agraph (double[2,3,9,8] x, double[5,5] r) => (double[5,3,3,2] z) {\n"
                "  one = Constant<value = int64[1] {1}>()\n"
                "  five = Constant<value = int64[1] {5}>()\n"
                "  corners = Slice(r, one, five, one)\n"
                "  half = Constant<value = double {0.5}>()\n"
                "  scaled = Mul(corners, half)\n"
                "  zero = Constant<value = int64 {0}>()\n"
                "  image = Gather<axis = 1>(r, zero)\n"
                "  index = Cast<to = 7>(image)\n"
                "  z = RoiAlign<output_height = 3, output_width = 2, sampling_ratio = 2>(x, scaled, index)\n"
                "}");
}

LOWERING_TEST(RoiAlign, OfHalfPrecisionIsComputedInFloat) {
  EXPECT_LOWERS("torchvision.roi_align(x: f16[2,3,9,8], r: f16[5,5], 0.5, 3, 2, 2, true) -> f16[5,3,3,2]",
                "agraph (float16[2,3,9,8] x, float16[5,5] r) => (float16[5,3,3,2] z) {\n"
                "  wide_x = Cast<to = 1>(x)\n"
                "  wide_r = Cast<to = 1>(r)\n"
                "  one = Constant<value = int64[1] {1}>()\n"
                "  five = Constant<value = int64[1] {5}>()\n"
                "  corners = Slice(wide_r, one, five, one)\n"
                "  zero = Constant<value = int64 {0}>()\n"
                "  image = Gather<axis = 1>(wide_r, zero)\n"
                "  index = Cast<to = 7>(image)\n"
                "  y = RoiAlign<output_height = 3, output_width = 2, sampling_ratio = 2, spatial_scale = 0.5>(wide_x, "
                "corners, index)\n"
                "  z = Cast<to = 10>(y)\n"
                "}");
}

LOWERING_TEST(RoiPool, IsMaxRoiPoolWherePlacesAreNotRead) {
  EXPECT_LOWERS(R"(agraph (float[2,3,9,8] x, float[5,5] r) => (float[5,3,3,2] y) {
                     y, places = torchvision::roi_pool.default(input=x, rois=r, spatial_scale=0.5, pooled_height=3, pooled_width=2)
                   })",
                "agraph (float[2,3,9,8] x, float[5,5] r) => (float[5,3,3,2] z) {\n"
                "  z = MaxRoiPool<pooled_shape = [3, 2], spatial_scale = 0.5>(x, r)\n}");
}

LOWERING_TEST(RoiPool, OfHalfPrecisionIsMaxRoiPoolInFloat) {
  EXPECT_LOWERS(R"(agraph (float16[2,3,9,8] x, float16[5,5] r) => (float16[5,3,3,2] y) {
                     y, places = torchvision::roi_pool.default(input=x, rois=r, spatial_scale=0.5, pooled_height=3, pooled_width=2)
                   })",
                "agraph (float16[2,3,9,8] x, float16[5,5] r) => (float16[5,3,3,2] z) {\n"
                "  wide_x = Cast<to = 1>(x)\n"
                "  wide_r = Cast<to = 1>(r)\n"
                "  y = MaxRoiPool<pooled_shape = [3, 2], spatial_scale = 0.5>(wide_x, wide_r)\n"
                "  z = Cast<to = 10>(y)\n}");
}

LOWERING_TEST(PsRoiAlign, IsNothingOfARegionWithoutSamples) {
  EXPECT_LOWERS(R"(agraph (float[2,6,9,8] x, float[5,5] r) => (float[5,1,3,2] y) {
                     y, channels = torchvision::ps_roi_align.default(input=x, rois=r, spatial_scale=0.25, pooled_height=3,
                                                                     pooled_width=2, sampling_ratio=-1)
                   })",
                R"(agraph (float[2,6,9,8] x, float[5,5] r) => (float[5,1,3,2] z) {
                     at1 = Constant<value = int64[1] {1}>()
                     at2 = Constant<value = int64[1] {2}>()
                     at3 = Constant<value = int64[1] {3}>()
                     at4 = Constant<value = int64[1] {4}>()
                     at5 = Constant<value = int64[1] {5}>()
                     corners = Slice(r, at1, at5, at1)
                     n0 = Constant<value = int64 {0}>()
                     image = Gather<axis = 1>(r, n0)
                     index = Cast<to = 7>(image)
                     all = RoiAlign<output_height = 3, output_width = 2, spatial_scale = 0.25>(x, corners, index)
                     pairs = Constant<value = int64[3] {5, 1, 36}>()
                     by_pair = Reshape(all, pairs)
                     diagonal = Constant<value = int64[6] {0, 7, 14, 21, 28, 35}>()
                     own = Gather<axis = 2>(by_pair, diagonal)
                     result = Constant<value = int64[4] {5, 1, 3, 2}>()
                     means = Reshape(own, result)
                     scale = Constant<value = float {0.25}>()
                     scaled = Mul(r, scale)
                     half = Constant<value = float {0.5}>()
                     places = Sub(scaled, half)
                     x2 = Slice(places, at3, at4, at1)
                     x1 = Slice(places, at1, at2, at1)
                     width = Sub(x2, x1)
                     columns = Constant<value = float {2.0}>()
                     column = Div(width, columns)
                     samples_across = Ceil(column)
                     zero = Constant<value = float {0.0}>()
                     none_across = Equal(samples_across, zero)
                     y2 = Slice(places, at4, at5, at1)
                     y1 = Slice(places, at2, at3, at1)
                     height = Sub(y2, y1)
                     rows = Constant<value = float {3.0}>()
                     row = Div(height, rows)
                     samples_down = Ceil(row)
                     none_down = Equal(samples_down, zero)
                     none_at_all = Or(none_across, none_down)
                     axes = Constant<value = int64[2] {2, 3}>()
                     everywhere = Unsqueeze(none_at_all, axes)
                     no_mean = Constant<value = float {nan}>()
                     z = Where(everywhere, no_mean, means)
                   })");
}

LOWERING_TEST(Regions, AreRefusedWithoutBinsOrInAnotherShape) {
  EXPECT_REFUSED("torchvision.ps_roi_align(x: f32[2,6,9,8], r: f32[5,5], 0.5, -1, 2, -1) -> (f32[5,1,3,2], i32[5,1,3,2])",
                 "pooled_height=-1, pooled_width=2");
  EXPECT_REFUSED("torchvision.ps_roi_pool(x: f32[2,6,9,8], r: f32[5], 0.5, 3, 2) -> (f32[5,1,3,2], i32[5,1,3,2])",
                 "input has rank 4 and rois 1, wanted 4 and 2");
  EXPECT_REFUSED("torchvision.roi_pool(x: f32[2,6,9,8], r: f32[5,5], 0.5, 3, 0) -> (f32[5,6,3,0], i32[5,6,3,0])",
                 "pooled_height=3, pooled_width=0");
  EXPECT_REFUSED_AT(22, "torchvision.roi_pool(x: f32[6,9,8], r: f32[5,5], 0.5, 3, 2) -> (f32[5,6,3,2], i32[5,6,3,2])",
                    "input has rank 3 and rois 2, wanted 4 and 2");
}

LOWERING_TEST(RoiAlign, IsRefusedForCornersWithoutAnImage) {
  EXPECT_REFUSED("torchvision.roi_align(x: f32[2,3,9,8], r: f32[5,4], 1.0, 2, 2, 2, false)",
                 "rois has 4 columns, wanted 5");
  EXPECT_REFUSED("torchvision.roi_align(x: f32[2,3,9,8], r: i64[5,5], 1.0, 2, 2, 2, false)",
                 "input has dtype float and rois int64, wanted floats");
}

LOWERING_TEST(RoiPool, IsRefusedForMoreBinsThanItCanWrite) {
  EXPECT_REFUSED("torchvision.roi_pool(x: f32[2,3,9,8], r: f32[5,5], 1.0, 3037000500, 3037000500)",
                 "pooled_height=3037000500, pooled_width=3037000500");
}

LOWERING_TEST(PsRoi, IsRefusedWhereTheBinsDoNotDivideTheChannels) {
  const std::string why = "input has 10 channels, wanted a multiple of pooled_height=2 times pooled_width=2";
  EXPECT_REFUSED("torchvision.ps_roi_align(x: f32[2,10,9,8], r: f32[5,5], 1.0, 2, 2, 2)", why);
  EXPECT_REFUSED("torchvision.ps_roi_pool(x: f32[2,10,9,8], r: f32[5,5], 1.0, 2, 2)", why);
}

}  // namespace
