#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(LtScalar, ComparesIntegersWithAFractionAsFloats) {
  EXPECT_LOWERS("aten.lt.Scalar(x: i64[2], 0.5) -> bool[2]",
                "agraph (int64[2] x) => (bool[2] z) {\n"
                "  f = Cast<to=1>(x)\n"
                "  half = Constant<value = float {0.5}>()\n"
                "  z = Less(f, half)\n}");
}

LOWERING_TEST(LtTensor, OrdersBoolsAsIntegers) {
  EXPECT_LOWERS("aten.lt.Tensor(x: bool[2], y: bool[2]) -> bool[2]",
                "agraph (bool[2] x, bool[2] y) => (bool[2] z) {\n"
                "  a = Cast<to=6>(x)\n"
                "  b = Cast<to=6>(y)\n"
                "  z = Less(a, b)\n}");
}

LOWERING_TEST(NeTensor, IsTheOppositeOfEqual) {
  EXPECT_LOWERS("aten.ne.Tensor(x: f32[2], y: f32[2]) -> bool[2]",
                "agraph (float[2] x, float[2] y) => (bool[2] z) {\n"
                "  same = Equal(x, y)\n"
                "  z = Not(same)\n}");
}

LOWERING_TEST(LogicalAnd, TakesNumbersForTruthValues) {
  EXPECT_LOWERS("aten.logical_and(x: f32[2], y: bool[2]) -> bool[2]",
                "agraph (float[2] x, bool[2] y) => (bool[2] z) {\n"
                "  a = Cast<to=9>(x)\n"
                "  z = And(a, y)\n}");
}

LOWERING_TEST(Maximum, OfBoolsIsALogicalOr) {
  EXPECT_LOWERS("aten.maximum(x: bool[2], y: bool[2]) -> bool[2]",
                "agraph (bool[2] x, bool[2] y) => (bool[2] z) { z = Or(x, y) }");
}

LOWERING_TEST(Where, PromotesBothBranches) {
  EXPECT_LOWERS("aten.where.ScalarOther(c: bool[2], x: i64[2], 2.5) -> f32[2]",
                "agraph (bool[2] c, int64[2] x) => (float[2] z) {\n"
                "  f = Cast<to=1>(x)\n"
                "  other = Constant<value = float {2.5}>()\n"
                "  z = Where(c, f, other)\n}");
}

LOWERING_TEST(Where, ChoosesBoolsByLogic) {
  EXPECT_LOWERS("aten.where.self(c: bool[2], x: bool[2], y: bool[2]) -> bool[2]",
                "agraph (bool[2] c, bool[2] x, bool[2] y) => (bool[2] z) {\n"
                "  chosen = And(c, x)\n"
                "  not_c = Not(c)\n"
                "  other = And(not_c, y)\n"
                "  z = Or(chosen, other)\n}");
}

}  // namespace
