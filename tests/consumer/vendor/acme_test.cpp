#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(ScaledRelu, IsAReluTimesItsScale) {
  EXPECT_LOWERS("acme.scaled_relu(x: f32[2,3], scale=0.5) -> f32[2,3]",
                "agraph (float[2,3] x) => (float[2,3] z) {\n"
                "  positive = Relu(x)\n"
                "  scale = Constant<value = float {0.5}>()\n"
                "  z = Mul(positive, scale)\n}");
}

LOWERING_TEST(ScaledRelu, RefusesNegativeScales) {
  EXPECT_REFUSED("acme.scaled_relu(x: f32[2,3], scale=-1.0) -> f32[2,3]", "scale is -1");
}

// What the macros are for: a graph that is another one fails.
LOWERING_TEST(ScaledRelu, IsNoOtherGraph) {
  std::string difference;
  const auto lowered =
      fairlead::testing::LowerText({FAIRLEAD_TEST_PLUGIN}, "acme.scaled_relu(x: f32[2], scale=2.0) -> f32[2]", 20);
  ASSERT_TRUE(lowered.ok) << lowered.error;
  EXPECT_FALSE(
      fairlead::testing::SameGraph(lowered.text, "agraph (float[2] x) => (float[2] z) { z = Relu(x) }", &difference));
  EXPECT_NE(difference.find("differs from"), std::string::npos);
}

}  // namespace
