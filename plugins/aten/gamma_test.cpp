#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(Polygamma, RefusesANegativeOrder) { EXPECT_REFUSED("aten.polygamma(-1, x: f32[2]) -> f32[2]", "n=-1"); }

}  // namespace
