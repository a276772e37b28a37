#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(Zeta, RefusesComplexNumbers) {
  EXPECT_REFUSED("aten.special_zeta(x: c64[2], q: f32[2]) -> c64[2]", "the operands have dtype complex64");
}

}  // namespace
