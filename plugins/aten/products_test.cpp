#include <fairlead/testing/lowering_test.hpp>

namespace {

// torch.export cannot write tuples of more than one element yet, so numbers do not cover them.
LOWERING_TEST(Combinations, ArePositionsThatRise) {
  EXPECT_LOWERS("aten.combinations(x: f32[3]) -> f32[?,2]",
                "agraph (float[3] x) => (float[`?`,2] z) {\n"
                "  v1 = Constant<value = int64 {0}>()\n"
                "  v2 = Constant<value = int64 {3}>()\n"
                "  v3 = Constant<value = int64 {1}>()\n"
                "  v4 = Range(v1, v2, v3)\n"
                "  v5 = Constant<value = int64[2] {-1, 1}>()\n"
                "  v6 = Reshape(v4, v5)\n"
                "  v7 = Constant<value = int64[2] {1, -1}>()\n"
                "  v8 = Reshape(v4, v7)\n"
                "  v9 = Less(v6, v8)\n"
                "  v10 = NonZero(v9)\n"
                "  v11 = Transpose<perm = [1, 0]>(v10)\n"
                "  z = Gather(x, v11)\n}");
}

LOWERING_TEST(Combinations, AreOfFewElements) { EXPECT_REFUSED("aten.combinations(x: f32[30], 9) -> f32[?,9]", "r=9"); }

LOWERING_TEST(Tensordot, SumsWhatMeetsAnAxisOfOne) {
  EXPECT_LOWERS("aten.tensordot(x: f32[2,1], y: f32[3,4], [1], [0]) -> f32[2,4]",
                "agraph (float[2,1] x, float[3,4] y) => (float[2,4] z) {\n"
                "  v2 = Constant<value = int64[1] {0}>()\n"
                "  v3 = ReduceSum(y, v2)\n"
                "  z = MatMul(x, v3)\n}");
}

LOWERING_TEST(Kron, MultipliesEveryElementWithEveryOther) {
  EXPECT_LOWERS("aten.kron(x: f32[2,3], y: f32[4]) -> f32[2,12]",
                "agraph (float[2,3] x, float[4] y) => (float[2,12] z) {\n"
                "  v2 = Constant<value = int64[4] {2, 1, 3, 1}>()\n"
                "  v3 = Reshape(x, v2)\n"
                "  v4 = Constant<value = int64[4] {1, 1, 1, 4}>()\n"
                "  v5 = Reshape(y, v4)\n"
                "  v6 = Mul(v3, v5)\n"
                "  v7 = Constant<value = int64[2] {2, 12}>()\n"
                "  z = Reshape(v6, v7)\n}");
}

}  // namespace
