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

LOWERING_TEST(RepeatInterleave, ByCountsGathersAlongItsAxis) {
  EXPECT_LOWERS("aten.repeat_interleave.self_Tensor(x: f32[3,2], r: i64[3], 0) -> f32[?,2]",
                "agraph (float[3,2] x, int64[3] r) => (float[`?`,2] z) {\n"
                "  nothing = Constant<value = int64[1] {0}>()\n"
                "  counts = Concat<axis = 0>(r, nothing)\n"
                "  most = ReduceMax<keepdims = 0>(counts)\n"
                "  zero = Constant<value = int64 {0}>()\n"
                "  one = Constant<value = int64 {1}>()\n"
                "  columns = Range(zero, most, one)\n"
                "  row = Unsqueeze(columns, nothing)\n"
                "  second = Constant<value = int64[1] {1}>()\n"
                "  column = Unsqueeze(r, second)\n"
                "  table = Less(row, column)\n"
                "  places = NonZero(table)\n"
                "  rows = Gather(places, zero)\n"
                "  z = Gather(x, rows)\n"
                "}");
}

LOWERING_TEST(RepeatInterleave, ByOneNumberIsAnExpansion) {
  EXPECT_LOWERS("aten.repeat_interleave.self_int(x: f32[3,2], 2, 1) -> f32[3,4]",
                "agraph (float[3,2] x) => (float[3,4] z) {\n"
                "  axis = Constant<value = int64[1] {2}>()\n"
                "  apart = Unsqueeze(x, axis)\n"
                "  sizes = Constant<value = int64[3] {3, 2, 2}>()\n"
                "  wide = Expand(apart, sizes)\n"
                "  merged = Constant<value = int64[2] {3, 4}>()\n"
                "  z = Reshape(wide, merged)\n"
                "}");
}

LOWERING_TEST(RepeatInterleave, WithoutAnAxisIsOfAllElements) {
  EXPECT_LOWERS("aten.repeat_interleave.self_int(x: f32[3,2], 2) -> f32[12]",
                "agraph (float[3,2] x) => (float[12] z) {\n"
                "  flat = Constant<value = int64[1] {-1}>()\n"
                "  all = Reshape(x, flat)\n"
                "  axis = Constant<value = int64[1] {1}>()\n"
                "  apart = Unsqueeze(all, axis)\n"
                "  sizes = Constant<value = int64[2] {6, 2}>()\n"
                "  wide = Expand(apart, sizes)\n"
                "  merged = Constant<value = int64[1] {12}>()\n"
                "  z = Reshape(wide, merged)\n"
                "}");
}

LOWERING_TEST(RepeatInterleave, NoTimesIsEmpty) {
  EXPECT_LOWERS("aten.repeat_interleave.self_int(x: f32[3,2], 0, 0) -> f32[0,2]",
                "agraph (float[3,2] x) => (float[0,2] z) {\n"
                "  zero = Constant<value = int64[1] {0}>()\n"
                "  z = Slice(x, zero, zero, zero)\n"
                "}");
}

LOWERING_TEST(RepeatInterleave, RefusesWhatItCannotCount) {
  EXPECT_REFUSED("aten.repeat_interleave.self_Tensor(x: f32[3,2], r: i64[2,2], 0) -> f32[?,2]",
                 "repeats has rank 2, wanted 0 or 1");
  EXPECT_REFUSED("aten.repeat_interleave.self_int(x: f32[3,2], 2, 5) -> f32[3,4]", "axis 5 of a tensor of rank 2");
  EXPECT_REFUSED("aten.repeat_interleave.self_int(x: f32[], 3, 0) -> f32[3]", "dim=0 of a tensor of rank 0");
}

LOWERING_TEST(RepeatInterleave, RefusesAnAxisThatIsNotThere) {
  EXPECT_REFUSED("aten.repeat_interleave.self_int(x: f32[2,3], 2, dim=-7)", "axis -7 of a tensor of rank 2");
}

}  // namespace
