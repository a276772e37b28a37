#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(Sum, CountsBoolsInInt64) {
  EXPECT_LOWERS("aten.sum.dim_IntList(x: bool[2,3], [-1], true) -> i64[2,1]",
                "agraph (bool[2,3] x) => (int64[2,1] z) {\n"
                "  whole = Cast<to = 7>(x)\n"
                "  last = Constant<value = int64[1] {1}>()\n"
                "  z = ReduceSum(whole, last)\n"
                "}");
}

LOWERING_TEST(Mean, StaysInHalfPrecision) {
  EXPECT_LOWERS("aten.mean.dim(x: f16[2,3], [1]) -> f16[2]",
                "agraph (float16[2,3] x) => (float16[2] z) {\n"
                "  last = Constant<value = int64[1] {1}>()\n"
                "  z = ReduceMean<keepdims = 0>(x, last)\n"
                "}");
}

LOWERING_TEST(Amax, OfIntegersHasNoNaNToLookFor) {
  EXPECT_LOWERS("aten.amax(x: i64[2,3], [1]) -> i64[2]",
                "agraph (int64[2,3] x) => (int64[2] z) {\n"
                "  last = Constant<value = int64[1] {1}>()\n"
                "  z = ReduceMax<keepdims = 0>(x, last)\n"
                "}");
}

LOWERING_TEST(Diff, IsRefusedForMoreDifferencesThanItCanWrite) {
  EXPECT_REFUSED("aten.diff(x: f32[5], 3037000500)", "n=3037000500");
  EXPECT_REFUSED("aten.diff(x: f32[5], -1)", "n=-1");
}

}  // namespace
