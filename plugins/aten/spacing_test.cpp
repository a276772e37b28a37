#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(Linspace, OfNumbersIsAConstant) {
  EXPECT_LOWERS("aten.linspace(1, 2, 3) -> f32[3]",
                "agraph () => (float[3] z) {\n"
                "  z = Constant<value = float[3] {1.0, 1.5, 2.0}>()\n"
                "}");
}

LOWERING_TEST(Logspace, OfWholeNumbersLosesFractionsAtTheEnd) {
  EXPECT_LOWERS("aten.logspace(0, 1, 3, base=5.0, dtype=i64) -> i64[3]",
                "agraph () => (int64[3] z) {\n"
                "  points = Constant<value = double[3] {1.0, 2.0, 5.0}>()\n"
                "  z = Cast<to = 7>(points)\n"
                "}");
}

LOWERING_TEST(Linspace, RefusesNegativeSteps) { EXPECT_REFUSED("aten.linspace(1, 2, -3) -> f32[0]", "steps=-3"); }

}  // namespace
