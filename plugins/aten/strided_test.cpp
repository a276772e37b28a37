#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(AsStrided, GathersFromMemory) {
  EXPECT_LOWERS("aten.as_strided(x: f32[3,4], [2,2], [1,2], 3) -> f32[2,2]",
                "agraph (float[3,4] x) => (float[2,2] z) {\n"
                "  v1 = Constant<value = int64[1] {-1}>()\n"
                "  v2 = Reshape(x, v1)\n"
                "  v3 = Constant<value = int64 {3}>()\n"
                "  v4 = Constant<value = int64 {0}>()\n"
                "  v5 = Constant<value = int64 {2}>()\n"
                "  v6 = Constant<value = int64 {1}>()\n"
                "  v7 = Range(v4, v5, v6)\n"
                "  v8 = Mul(v7, v6)\n"
                "  v9 = Constant<value = int64[2] {-1, 1}>()\n"
                "  v10 = Reshape(v8, v9)\n"
                "  v11 = Add(v3, v10)\n"
                "  v12 = Range(v4, v5, v6)\n"
                "  v13 = Mul(v12, v5)\n"
                "  v14 = Constant<value = int64[2] {1, -1}>()\n"
                "  v15 = Reshape(v13, v14)\n"
                "  v16 = Add(v11, v15)\n"
                "  z = Gather(v2, v16)\n}");
}

LOWERING_TEST(AsStrided, StaysInsideOfItsArgument) {
  EXPECT_REFUSED("aten.as_strided(x: f32[4], [2], [4]) -> f32[2]", "it reads element 4 of 4");
  EXPECT_REFUSED("aten.as_strided(x: f32[4], [2], [1], -1) -> f32[2]", "storage_offset=-1");
  EXPECT_REFUSED("aten.as_strided(x: f32[4], [2], [-1], 1) -> f32[2]", "stride[0]=-1");
  EXPECT_REFUSED("aten.as_strided(x: f32[4], [-9223372036854775808], [1])", "size[0]=-9223372036854775808");
}

}  // namespace
