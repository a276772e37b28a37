#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(GridSampler, IsOnnxsOwn) {
  EXPECT_LOWERS("aten.grid_sampler(x: f32[1,1,2,2], g: f32[1,3,3,2], 2, 1, true) -> f32[1,1,3,3]",
                "agraph (float[1,1,2,2] x, float[1,3,3,2] y) => (float[1,1,3,3] z) {\n"
                "  z = GridSample<align_corners = 1, mode = \"cubic\", padding_mode = \"border\">(x, y)\n}");
  EXPECT_LOWERS_AT(18, "aten.grid_sampler_2d(x: f32[1,1,2,2], g: f32[1,3,3,2], 2, 0, false) -> f32[1,1,3,3]",
                   "agraph (float[1,1,2,2] x, float[1,3,3,2] g) => (float[1,1,3,3] z) {\n"
                   "  z = GridSample<mode = \"bicubic\">(x, g)\n}");
}

LOWERING_TEST(GridSampler, ReadsVolumesNotByCubes) {
  EXPECT_REFUSED("aten.grid_sampler_3d(x: f32[1,1,2,2,2], g: f32[1,3,3,3,3], 2, 0, true) -> f32[1,1,3,3,3]",
                 "interpolation_mode=2");
}

LOWERING_TEST(AffineGrid, PutsOnePixelInTheMiddle) {
  EXPECT_LOWERS("aten.affine_grid_generator(x: f32[1,2,3], [1,1,1,1], true) -> f32[1,1,1,2]",
                "agraph (float[1,2,3] x) => (float[1,1,1,2] z) {\n"
                "  v1 = Constant<value = float {0.0}>()\n"
                "  v2 = Constant<value = int64[1] {1}>()\n"
                "  v3 = Expand(v1, v2)\n"
                "  v4 = Constant<value = int64[3] {1, 1, 1}>()\n"
                "  v5 = Reshape(v3, v4)\n"
                "  v6 = Expand(v1, v2)\n"
                "  v7 = Reshape(v6, v4)\n"
                "  v8 = Constant<value = float {1.0}>()\n"
                "  v9 = Expand(v8, v4)\n"
                "  v10 = Concat<axis = 2>(v5, v7, v9)\n"
                "  v11 = Constant<value = int64[2] {1, 3}>()\n"
                "  v12 = Reshape(v10, v11)\n"
                "  v13 = Transpose<perm = [0, 2, 1]>(x)\n"
                "  v14 = MatMul(v12, v13)\n"
                "  v15 = Constant<value = int64[4] {1, 1, 1, 2}>()\n"
                "  z = Reshape(v14, v15)\n}");
}

}  // namespace
