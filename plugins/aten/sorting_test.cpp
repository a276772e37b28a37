#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(TopK, IsTopKOnTheLastAxis) {
  EXPECT_LOWERS("aten.topk(x: i64[2,5], 2) -> (i64[2,2], i64[2,2])",
                "agraph (int64[2,5] x) => (int64[2,2] values, int64[2,2] places) {\n"
                "  two = Constant<value = int64[1] {2}>()\n"
                "  values, places = TopK<axis = 1>(x, two)\n"
                "}");
}

LOWERING_TEST(Sort, IsTopKOfAllFromTheSmallest) {
  EXPECT_LOWERS("aten.sort(x: i64[4]) -> (i64[4], i64[4])",
                "agraph (int64[4] x) => (int64[4] values, int64[4] places) {\n"
                "  all = Constant<value = int64[1] {4}>()\n"
                "  values, places = TopK<axis = 0, largest = 0>(x, all)\n"
                "}");
}

}  // namespace
