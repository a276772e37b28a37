#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(AiryAi, RefusesComplexNumbers) {
  EXPECT_REFUSED("aten.special_airy_ai(x: c64[2]) -> c64[2]", "self has dtype complex64");
}

}  // namespace
