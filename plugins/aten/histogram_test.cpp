#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(Histc, NeedsABin) { EXPECT_REFUSED("aten.histc(x: f32[4], bins=0) -> f32[0]", "bins=0"); }

}  // namespace
