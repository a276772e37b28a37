#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(Kthvalue, IsTheLastOfTheFirstK) {
  EXPECT_LOWERS("aten.kthvalue(x: i64[5], 2) -> (i64[], i64[])",
                "agraph (int64[5] x) => (int64 z, int64 place) {\n"
                "  k = Constant<value = int64[1] {2}>()\n"
                "  values, indices = TopK<axis = 0, largest = 0>(x, k)\n"
                "  last = Constant<value = int64[1] {-1}>()\n"
                "  end = Constant<value = int64[1] {9223372036854775807}>()\n"
                "  axis = Constant<value = int64[1] {0}>()\n"
                "  value = Slice(values, last, end, axis)\n"
                "  z = Squeeze(value, axis)\n"
                "  index = Slice(indices, last, end, axis)\n"
                "  place = Squeeze(index, axis)\n}");
}

LOWERING_TEST(Quantile, KnowsFiveInterpolations) {
  EXPECT_REFUSED("aten.quantile.scalar(x: f32[5], 0.5, interpolation='cubic') -> f32[]", "interpolation='cubic'");
}

}  // namespace
