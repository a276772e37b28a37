#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(Col2im, IsOnnxsOwnForFloats) {
  EXPECT_LOWERS("aten.col2im(x: f32[1,4,4], [3,3], [2,2], [1,1], [0,0], [1,1]) -> f32[1,1,3,3]",
                "agraph (float[1,4,4] x) => (float[1,1,3,3] z) {\n"
                "  v1 = Constant<value = int64[2] {3, 3}>()\n"
                "  v2 = Constant<value = int64[2] {2, 2}>()\n"
                "  z = Col2Im<dilations = [1, 1], pads = [0, 0, 0, 0], strides = [1, 1]>(x, v1, v2)\n}");
}

LOWERING_TEST(Im2col, ReadsRowsThenColumns) {
  EXPECT_LOWERS("aten.im2col(x: f32[1,1,3,3], [2,2], [1,1], [0,0], [1,1]) -> f32[1,4,4]",
                "agraph (float[1,1,3,3] x) => (float[1,4,4] z) {\n"
                "  v1 = Constant<value = int64 {0}>()\n"
                "  v2 = Constant<value = int64 {2}>()\n"
                "  v3 = Constant<value = int64 {1}>()\n"
                "  v4 = Range(v1, v2, v3)\n"
                "  v5 = Mul(v4, v3)\n"
                "  v6 = Constant<value = int64[1] {1}>()\n"
                "  v7 = Unsqueeze(v5, v6)\n"
                "  v8 = Range(v1, v2, v3)\n"
                "  v9 = Mul(v8, v3)\n"
                "  v10 = Constant<value = int64[1] {0}>()\n"
                "  v11 = Unsqueeze(v9, v10)\n"
                "  v12 = Add(v7, v11)\n"
                "  v13 = Gather<axis = 2>(x, v12)\n"
                "  v14 = Range(v1, v2, v3)\n"
                "  v15 = Mul(v14, v3)\n"
                "  v16 = Unsqueeze(v15, v6)\n"
                "  v17 = Range(v1, v2, v3)\n"
                "  v18 = Mul(v17, v3)\n"
                "  v19 = Unsqueeze(v18, v10)\n"
                "  v20 = Add(v16, v19)\n"
                "  v21 = Gather<axis = 4>(v13, v20)\n"
                "  v22 = Transpose<perm = [0, 1, 2, 4, 3, 5]>(v21)\n"
                "  v23 = Constant<value = int64[3] {1, 4, 4}>()\n"
                "  z = Reshape(v22, v23)\n}");
}

LOWERING_TEST(Im2col, NeedsStrides) {
  EXPECT_REFUSED("aten.im2col(x: f32[1,1,3,3], [2,2], [1,1], [0,0], [0,1]) -> f32[1,4,4]", "stride=[0, 1]");
}

}  // namespace
