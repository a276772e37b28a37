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

LOWERING_TEST(DeformConv2d, OfHalfPrecisionIsComputedInFloat) {
  EXPECT_LOWERS(
      "torchvision.deform_conv2d(x: f16[2,4,7,6], w: f16[5,4,3,3], o: f16[2,18,5,4], m: f16[2,1], b: f16[5], 1, 1, 0, 0, "
      "1, 1, 1, 1, false) -> f16[2,5,5,4]",
      "agraph (float16[2,4,7,6] x, float16[5,4,3,3] w, float16[2,18,5,4] o, float16[2,1] m, float16[5] b) => "
      "(float16[2,5,5,4] z) {\n"
      "  wide_x = Cast<to = 1>(x)\n"
      "  wide_w = Cast<to = 1>(w)\n"
      "  wide_o = Cast<to = 1>(o)\n"
      "  wide_b = Cast<to = 1>(b)\n"
      "  y = DeformConv<dilations = [1, 1], pads = [0, 0, 0, 0], strides = [1, 1]>(wide_x, wide_w, wide_o, wide_b)\n"
      "  z = Cast<to = 10>(y)\n"
      "}");
}

// The place of each pixel plus its offset, from pixels to GridSample's -1 … 1: (2 place + 1) / size - 1.
LOWERING_TEST(DeformConv2d, IsAProductOfSamplesBeforeOpset19) {
  EXPECT_LOWERS_AT(
      18,
      "torchvision.deform_conv2d(x: f32[2,4,7,6], w: f32[5,4,1,1], o: f32[2,2,7,6], m: f32[2,1,7,6], b: f32[5], 1, 1, 0, "
      "0, 1, 1, 1, 1, true) -> f32[2,5,7,6]",
      R"(agraph (float[2,4,7,6] x, float[5,4,1,1] w, float[2,2,7,6] o, float[2,1,7,6] m, float[5] b) => (float[2,5,7,6] z) {
        by_tap = Constant<value = int64[5] {2, 1, 2, 7, 6}>()
        offset = Reshape(o, by_tap)
        n0 = Constant<value = int64 {0}>()
        n1 = Constant<value = int64 {1}>()
        tap = Constant<value = int64[1] {0}>()
        last_two = Constant<value = int64[2] {1, 2}>()
        one = Constant<value = float {1.0}>()
        two = Constant<value = float {2.0}>()
        right = Gather<axis = 2>(offset, n1)
        columns = Constant<value = int64 {6}>()
        across = Range(n0, columns, n1)
        strided_across = Mul(across, n1)
        tap_across = Unsqueeze(tap, last_two)
        all_across = Add(tap_across, strided_across)
        at_x = Cast<to = 1>(all_across)
        place_x = Add(right, at_x)
        twice_x = Mul(place_x, two)
        edge_x = Add(twice_x, one)
        width = Constant<value = float {6.0}>()
        part_x = Div(edge_x, width)
        grid_x = Sub(part_x, one)
        down = Gather<axis = 2>(offset, n0)
        rows = Constant<value = int64 {7}>()
        along = Range(n0, rows, n1)
        strided_along = Mul(along, n1)
        second = Constant<value = int64[1] {1}>()
        column = Unsqueeze(strided_along, second)
        tap_along = Unsqueeze(tap, last_two)
        all_along = Add(tap_along, column)
        at_y = Cast<to = 1>(all_along)
        place_y = Add(down, at_y)
        twice_y = Mul(place_y, two)
        edge_y = Add(twice_y, one)
        height = Constant<value = float {7.0}>()
        part_y = Div(edge_y, height)
        grid_y = Sub(part_y, one)
        fifth = Constant<value = int64[1] {4}>()
        last_x = Unsqueeze(grid_x, fifth)
        last_y = Unsqueeze(grid_y, fifth)
        pairs = Concat<axis = 4>(last_x, last_y)
        tall = Constant<value = int64[4] {2, 7, 6, 2}>()
        grid = Reshape(pairs, tall)
        read = GridSample(x, grid)
        masked = Mul(read, m)
        by_channel = Constant<value = int64[4] {2, 4, 1, 42}>()
        samples = Reshape(masked, by_channel)
        by_group = Constant<value = int64[4] {2, 1, 4, 42}>()
        grouped = Reshape(samples, by_group)
        filters = Constant<value = int64[3] {1, 5, 4}>()
        matrix = Reshape(w, filters)
        product = MatMul(matrix, grouped)
        sizes = Constant<value = int64[4] {2, 5, 7, 6}>()
        sum = Reshape(product, sizes)
        bias = Unsqueeze(b, last_two)
        z = Add(sum, bias)
      })");
}

LOWERING_TEST(DeformConv2d, IsRefusedForAKernelOfSymbolicSizeBeforeOpset19) {
  EXPECT_REFUSED_AT(
      18,
      "torchvision.deform_conv2d(x: f32[2,4,7,6], w: f32[5,4,k,k], o: f32[2,2,7,6], m: f32[2,1], b: f32[5], 1, 1, 0, 0, 1, "
      "1, 1, 1, false) -> f32[2,5,7,6]",
      "weight has symbolic sizes");
}

}  // namespace
