#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(BitwiseAnd, OfBoolsIsLogical) {
  EXPECT_LOWERS("aten.bitwise_and.Tensor(x: bool[2], y: bool[2]) -> bool[2]",
                "agraph (bool[2] x, bool[2] y) => (bool[2] z) { z = And(x, y) }");
}

LOWERING_TEST(BitwiseAnd, OfIntegersIsInOneType) {
  EXPECT_LOWERS("aten.__and__.Tensor(x: i64[2], y: i32[2]) -> i64[2]",
                "agraph (int64[2] x, int32[2] y) => (int64[2] z) {\n"
                "  wide = Cast<to=7>(y)\n"
                "  z = BitwiseAnd(x, wide)\n}");
}

LOWERING_TEST(BitwiseLeftShift, OfSignedIntegersGoesThroughTheUnsignedTwin) {
  EXPECT_LOWERS("aten.bitwise_left_shift.Tensor_Scalar(x: i32[2], 3) -> i32[2]",
                "agraph (int32[2] x) => (int32[2] z) {\n"
                "  bits = Cast<to=12>(x)\n"
                "  three = Constant<value = uint32 {3}>()\n"
                "  shifted = BitShift<direction=\"LEFT\">(bits, three)\n"
                "  z = Cast<to=6>(shifted)\n}");
}

LOWERING_TEST(BitwiseRightShift, OfUnsignedIntegersNeedsNoFill) {
  EXPECT_LOWERS("aten.bitwise_right_shift.Tensor_Scalar(x: u8[2], 3) -> u8[2]",
                "agraph (uint8[2] x) => (uint8[2] z) {\n"
                "  three = Constant<value = uint8 {3}>()\n"
                "  z = BitShift<direction=\"RIGHT\">(x, three)\n}");
}

LOWERING_TEST(BitwiseRightShift, ByTheWholeWidthLeavesNothing) {
  EXPECT_LOWERS("aten.bitwise_right_shift.Tensor(x: u8[2], n: u8[2]) -> u8[2]",
                "agraph (uint8[2] x, uint8[2] n) => (uint8[2] z) {\n"
                "  zero = Constant<value = uint8 {0}>()\n"
                "  width = Constant<value = uint8 {8}>()\n"
                "  shifted = BitShift<direction=\"RIGHT\">(x, n)\n"
                "  beyond = GreaterOrEqual(n, width)\n"
                "  z = Where(beyond, zero, shifted)\n}");
}

}  // namespace
