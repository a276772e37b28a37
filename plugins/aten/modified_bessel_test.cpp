#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(I0, RefusesComplexNumbers) { EXPECT_REFUSED("aten.i0(x: c64[2]) -> c64[2]", "self has dtype complex64"); }

}  // namespace
