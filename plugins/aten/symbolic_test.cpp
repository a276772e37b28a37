#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(Pos, OfANumberIsTheNumber) {
  EXPECT_LOWERS("python.pos(n: symint)", "agraph (wrapped int64[] n) => (wrapped int64[] z) { z = Identity(n) }");
}

}  // namespace
