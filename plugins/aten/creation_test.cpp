#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(Arange, CountsWithRange) {
  EXPECT_LOWERS("aten.arange(5) -> i64[5]",
                "agraph () => (int64[5] z) {\n"
                "  zero = Constant<value = int64 {0}>()\n"
                "  five = Constant<value = int64 {5}>()\n"
                "  one = Constant<value = int64 {1}>()\n"
                "  z = Range(zero, five, one)\n"
                "}");
}

LOWERING_TEST(Linspace, IsAConstantWithExactEnds) {
  EXPECT_LOWERS("aten.linspace(0, 1, 3) -> f32[3]",
                "agraph () => (float[3] z) { z = Constant<value = float[3] {0.0, 0.5, 1.0}>() }");
  EXPECT_REFUSED("aten.linspace(0, 1, -2) -> f32[3]", "steps=-2");
}

LOWERING_TEST(ZerosLike, KeepsTheTypeOfItsArgument) {
  EXPECT_LOWERS("aten.zeros_like(x: f16[2,3]) -> f16[2,3]",
                "agraph (float16[2,3] x) => (float16[2,3] z) {\n"
                "  zero = Constant<value = float16 {0.0}>()\n"
                "  shape = Constant<value = int64[2] {2, 3}>()\n"
                "  z = Expand(zero, shape)\n"
                "}");
}

LOWERING_TEST(TrilIndices, IsRefusedForMoreRowsThanItCanWrite) {
  EXPECT_REFUSED("aten.tril_indices(9223372036854775807, 0)", "row=9223372036854775807, col=0");
}

}  // namespace
