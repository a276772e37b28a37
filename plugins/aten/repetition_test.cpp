#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(RepeatInterleave, ReadsItsPlacesFromATable) {
  EXPECT_LOWERS("aten.repeat_interleave.Tensor(repeats: i64[3]) -> i64[?]",
                "agraph (int64[3] repeats) => (int64[`?`] z) {\n"
                "  nothing = Constant<value = int64[1] {0}>()\n"
                "  counts = Concat<axis = 0>(repeats, nothing)\n"
                "  most = ReduceMax<keepdims = 0>(counts)\n"
                "  zero = Constant<value = int64 {0}>()\n"
                "  one = Constant<value = int64 {1}>()\n"
                "  columns = Range(zero, most, one)\n"
                "  row = Unsqueeze(columns, nothing)\n"
                "  first = Constant<value = int64[1] {1}>()\n"
                "  column = Unsqueeze(repeats, first)\n"
                "  table = Less(row, column)\n"
                "  places = NonZero(table)\n"
                "  z = Gather(places, zero)\n"
                "}");
}

LOWERING_TEST(RepeatInterleave, RefusesAMatrixOfCounts) {
  EXPECT_REFUSED("aten.repeat_interleave.Tensor(repeats: i64[2,2]) -> i64[?]", "repeats has rank 2, wanted 1");
}

}  // namespace
