#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(Igamma, RefusesComplexNumbers) {
  EXPECT_REFUSED("aten.igamma(a: c64[2], x: f32[2]) -> c64[2]", "the operands have dtype complex64");
}

}  // namespace
