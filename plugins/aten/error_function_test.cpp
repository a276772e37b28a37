#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(Erfc, RefusesComplexNumbers) { EXPECT_REFUSED("aten.erfc(x: c64[2]) -> c64[2]", "self has dtype complex64"); }

}  // namespace
