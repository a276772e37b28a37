#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(MaxPool, TakesIntegersFromATableOfWindows) {
  EXPECT_LOWERS("aten.max_pool1d(x: i64[1,6], [2]) -> i64[1,3]",
                "agraph (int64[1,6] x) => (int64[1,3] z) {\n"
                "  v1 = Constant<value = int64 {0}>()\n"
                "  v2 = Constant<value = int64 {3}>()\n"
                "  v3 = Constant<value = int64 {1}>()\n"
                "  v4 = Range(v1, v2, v3)\n"
                "  v5 = Constant<value = int64 {2}>()\n"
                "  v6 = Mul(v4, v5)\n"
                "  v7 = Sub(v6, v1)\n"
                "  v8 = Constant<value = int64[1] {1}>()\n"
                "  v9 = Unsqueeze(v7, v8)\n"
                "  v10 = Range(v1, v5, v3)\n"
                "  v11 = Constant<value = int64[1] {0}>()\n"
                "  v12 = Unsqueeze(v10, v11)\n"
                "  v13 = Neg(v9)\n"
                "  v14 = Max(v13, v1)\n"
                "  v15 = Add(v14, v1)\n"
                "  v16 = Div(v15, v3)\n"
                "  v17 = Max(v12, v16)\n"
                "  v18 = Constant<value = int64 {5}>()\n"
                "  v19 = Sub(v18, v9)\n"
                "  v20 = Div(v19, v3)\n"
                "  v21 = Min(v17, v20)\n"
                "  v22 = Mul(v21, v3)\n"
                "  v23 = Add(v9, v22)\n"
                "  v24 = Gather<axis = 1>(x, v23)\n"
                "  v25 = Constant<value = int64[1] {2}>()\n"
                "  z = ReduceMax<keepdims = 0>(v24, v25)\n}");
}

LOWERING_TEST(AveragePool, DividesIntegersAsTorchDoes) {
  EXPECT_LOWERS("aten.avg_pool1d(x: i64[1,6], [2], [2], [0], false, false) -> i64[1,3]",
                "agraph (int64[1,6] x) => (int64[1,3] z) {\n"
                "  v1 = Constant<value = int64 {0}>()\n"
                "  v2 = Constant<value = int64 {2}>()\n"
                "  v3 = Constant<value = int64 {1}>()\n"
                "  v4 = Range(v1, v2, v3)\n"
                "  v5 = Constant<value = int64[1] {0}>()\n"
                "  v6 = Unsqueeze(v4, v5)\n"
                "  v7 = Constant<value = int64 {3}>()\n"
                "  v8 = Range(v1, v7, v3)\n"
                "  v9 = Mul(v8, v2)\n"
                "  v10 = Sub(v9, v1)\n"
                "  v11 = Constant<value = int64[1] {1}>()\n"
                "  v12 = Unsqueeze(v10, v11)\n"
                "  v13 = Neg(v12)\n"
                "  v14 = Max(v13, v1)\n"
                "  v15 = Add(v14, v1)\n"
                "  v16 = Div(v15, v3)\n"
                "  v17 = Max(v6, v16)\n"
                "  v18 = Constant<value = int64 {5}>()\n"
                "  v19 = Sub(v18, v12)\n"
                "  v20 = Div(v19, v3)\n"
                "  v21 = Min(v17, v20)\n"
                "  v22 = Equal(v21, v6)\n"
                "  v23 = Mul(v21, v3)\n"
                "  v24 = Add(v12, v23)\n"
                "  v25 = Gather<axis = 1>(x, v24)\n"
                "  v26 = Where(v22, v25, v1)\n"
                "  v27 = Constant<value = int64[1] {2}>()\n"
                "  v28 = ReduceSum<keepdims = 0>(v26, v27)\n"
                "  v29 = Cast<to = 7>(v22)\n"
                "  v30 = ReduceSum<keepdims = 0>(v29, v11)\n"
                "  z = Div(v28, v30)\n}");
}

LOWERING_TEST(AdaptiveAveragePool, LeavesATensorThatHasTheSizeAlready) {
  EXPECT_LOWERS("aten.adaptive_avg_pool1d(x: f32[2,3], [3]) -> f32[2,3]",
                "agraph (float[2,3] x) => (float[2,3] z) { z = Identity(x) }");
}

LOWERING_TEST(MaxPool1dWithIndices, IsRefusedForAKernelBelowZero) {
  EXPECT_REFUSED("aten.max_pool1d_with_indices(x: f32[2,3], [-2]) -> (f32[2,3], i64[2,3])", "kernel_size=[-2]");
}

LOWERING_TEST(MaxPool, IsRefusedForWindowsOfOtherAxes) {
  EXPECT_REFUSED("aten.max_pool1d(x: i64[2,7], [9,9,9], dilation=[], ceil_mode=true)",
                 "kernel_size=[9, 9, 9], stride=[], padding=[0], dilation=[]");
  EXPECT_REFUSED("aten.avg_pool3d(x: bool[], [-1,-1,-1])", "kernel_size=[-1, -1, -1]");
}

}  // namespace
