// Extremes and orders where NaN may be among the numbers (extremes.hpp), through the operators that have them.
#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(Amax, OfFloatsIsNanWhereASumOfAbsoluteValuesIs) {
  EXPECT_LOWERS("aten.amax(x: f32[2,3], [1]) -> f32[2]",
                "agraph (float[2,3] x) => (float[2] z) {\n"
                "  axes = Constant<value = int64[1] {1}>()\n"
                "  largest = ReduceMax<keepdims = 0>(x, axes)\n"
                "  absolute = Abs(x)\n"
                "  sum = ReduceSum<keepdims = 0>(absolute, axes)\n"
                "  unordered = IsNaN(sum)\n"
                "  z = Where(unordered, sum, largest)\n}");
}

LOWERING_TEST(Amax, OfIntegersIsOneNode) {
  EXPECT_LOWERS("aten.amax(x: i64[2,3], [1]) -> i64[2]",
                "agraph (int64[2,3] x) => (int64[2] z) {\n"
                "  axes = Constant<value = int64[1] {1}>()\n"
                "  z = ReduceMax<keepdims = 0>(x, axes)\n}");
}

LOWERING_TEST(Argmax, OfFloatsLooksForNanFirst) {
  EXPECT_LOWERS("aten.argmax(x: f32[2,3], 1) -> i64[2]",
                "agraph (float[2,3] x) => (int64[2] z) {\n"
                "  axes = Constant<value = int64[1] {1}>()\n"
                "  largest = ReduceMax(x, axes)\n"
                "  reaches = GreaterOrEqual(x, largest)\n"
                "  unordered = IsNaN(x)\n"
                "  two = Constant<value = float {2.0}>()\n"
                "  one = Cast<to = 1>(reaches)\n"
                "  scores = Where(unordered, two, one)\n"
                "  z = ArgMax<axis = 1, keepdims = 0>(scores)\n}");
}

LOWERING_TEST(Topk, OfFloatsPutsNanAboveInfinity) {
  EXPECT_LOWERS("aten.topk(x: f16[5], 2) -> (f16[2], i64[2])",
                "agraph (float16[5] x) => (float16[2] z, int64[2] indices) {\n"
                "  wide = Cast<to = 1>(x)\n"
                "  unordered = IsNaN(x)\n"
                "  infinity = Constant<value = float {inf}>()\n"
                "  most = Constant<value = float {3.4028234663852886e+38}>()\n"
                "  finite = Min(wide, most)\n"
                "  keys = Where(unordered, infinity, finite)\n"
                "  k = Constant<value = int64[1] {2}>()\n"
                "  values, indices = TopK<axis = 0>(keys, k)\n"
                "  z = GatherElements(x, indices)\n}");
}

LOWERING_TEST(MaxPool, OfFloatsMarksWindowsWithNan) {
  EXPECT_LOWERS("aten.max_pool1d(x: f32[1,1,4], [2]) -> f32[1,1,2]",
                "agraph (float[1,1,4] x) => (float[1,1,2] z) {\n"
                "  largest = MaxPool<dilations = [1], kernel_shape = [2], pads = [0, 0], strides = [2]>(x)\n"
                "  unordered = IsNaN(x)\n"
                "  marks = Cast<to = 1>(unordered)\n"
                "  marked = MaxPool<dilations = [1], kernel_shape = [2], pads = [0, 0], strides = [2]>(marks)\n"
                "  flags = Cast<to = 9>(marked)\n"
                "  missing = Constant<value = float {nan}>()\n"
                "  z = Where(flags, missing, largest)\n}");
}

}  // namespace
