#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(IntegerConvolution, AddsUpAProductForEachPosition) {
  EXPECT_LOWERS("aten.conv1d(x: i64[1,2,5], w: i64[3,2,2], b: i64[3]) -> i64[1,3,4]",
                "agraph (int64[1,2,5] x, int64[3,2,2] w, int64[3] b) => (int64[1,3,4] z) {\n"
                "  kernel = Constant<value = int64[4] {1, 3, 2, 2}>()\n"
                "  matrices = Reshape(w, kernel)\n"
                "  zero = Constant<value = int64 {0}>()\n"
                "  matrix0 = Gather<axis = 3>(matrices, zero)\n"
                "  at0 = Constant<value = int64[1] {0}>()\n"
                "  at4 = Constant<value = int64[1] {4}>()\n"
                "  axis = Constant<value = int64[1] {2}>()\n"
                "  met0 = Slice(x, at0, at4, axis)\n"
                "  columns = Constant<value = int64[4] {1, 1, 2, 4}>()\n"
                "  columns0 = Reshape(met0, columns)\n"
                "  product0 = MatMul(matrix0, columns0)\n"
                "  one = Constant<value = int64 {1}>()\n"
                "  matrix1 = Gather<axis = 3>(matrices, one)\n"
                "  at1 = Constant<value = int64[1] {1}>()\n"
                "  at5 = Constant<value = int64[1] {5}>()\n"
                "  met1 = Slice(x, at1, at5, axis)\n"
                "  columns1 = Reshape(met1, columns)\n"
                "  product1 = MatMul(matrix1, columns1)\n"
                "  sum = Add(product0, product1)\n"
                "  sizes = Constant<value = int64[3] {1, 3, 4}>()\n"
                "  shaped = Reshape(sum, sizes)\n"
                "  column = Constant<value = int64[2] {3, 1}>()\n"
                "  bias = Reshape(b, column)\n"
                "  z = Add(shaped, bias)\n"
                "}");
}

// Of 5 elements and a zero on each side every second one, from the first to the seventh.
LOWERING_TEST(IntegerConvolution, OfNarrowNumbersIsComputedIn32Bits) {
  EXPECT_LOWERS("aten.conv1d(x: u8[1,2,5], w: u8[2,1,1], none, [2], [1], [1], 2) -> u8[1,2,4]",
                "agraph (uint8[1,2,5] x, uint8[2,1,1] w) => (uint8[1,2,4] z) {\n"
                "  wide_w = Cast<to = 6>(w)\n"
                "  kernel = Constant<value = int64[4] {2, 1, 1, 1}>()\n"
                "  matrices = Reshape(wide_w, kernel)\n"
                "  zero = Constant<value = int64 {0}>()\n"
                "  matrix = Gather<axis = 3>(matrices, zero)\n"
                "  wide_x = Cast<to = 6>(x)\n"
                "  pads = Constant<value = int64[6] {0, 0, 1, 0, 0, 1}>()\n"
                "  padded = Pad(wide_x, pads)\n"
                "  at0 = Constant<value = int64[1] {0}>()\n"
                "  at7 = Constant<value = int64[1] {7}>()\n"
                "  two = Constant<value = int64[1] {2}>()\n"
                "  met = Slice(padded, at0, at7, two, two)\n"
                "  columns = Constant<value = int64[4] {1, 2, 1, 4}>()\n"
                "  by_group = Reshape(met, columns)\n"
                "  product = MatMul(matrix, by_group)\n"
                "  sizes = Constant<value = int64[3] {1, 2, 4}>()\n"
                "  shaped = Reshape(product, sizes)\n"
                "  z = Cast<to = 2>(shaped)\n"
                "}");
}

// Two zeros follow from the stride of 2, one more on each side from the kernel of 2; the kernel is turned around.
LOWERING_TEST(IntegerConvolution, TransposedReadsElementsThatAreSpreadOut) {
  EXPECT_LOWERS("aten.conv_transpose1d(x: i64[1,1,3], w: i64[1,1,2], none, [2]) -> i64[1,1,6]",
                "agraph (int64[1,1,3] x, int64[1,1,2] w) => (int64[1,1,6] z) {\n"
                "  kernel = Constant<value = int64[4] {1, 1, 1, 2}>()\n"
                "  by_input = Reshape(w, kernel)\n"
                "  by_output = Transpose<perm = [0, 2, 1, 3]>(by_input)\n"
                "  minus_one = Constant<value = int64[1] {-1}>()\n"
                "  far_below = Constant<value = int64[1] {-9223372036854775808}>()\n"
                "  three = Constant<value = int64[1] {3}>()\n"
                "  matrices = Slice(by_output, minus_one, far_below, three, minus_one)\n"
                "  apart = Unsqueeze(x, three)\n"
                "  zeros = Constant<value = int64[8] {0, 0, 0, 0, 0, 0, 0, 1}>()\n"
                "  with_zeros = Pad(apart, zeros)\n"
                "  sizes = Constant<value = int64[3] {1, 1, 6}>()\n"
                "  spread = Reshape(with_zeros, sizes)\n"
                "  at0 = Constant<value = int64[1] {0}>()\n"
                "  at5 = Constant<value = int64[1] {5}>()\n"
                "  axis = Constant<value = int64[1] {2}>()\n"
                "  between = Slice(spread, at0, at5, axis)\n"
                "  around = Constant<value = int64[6] {0, 0, 1, 0, 0, 1}>()\n"
                "  padded = Pad(between, around)\n"
                "  zero = Constant<value = int64 {0}>()\n"
                "  matrix0 = Gather<axis = 3>(matrices, zero)\n"
                "  at6 = Constant<value = int64[1] {6}>()\n"
                "  met0 = Slice(padded, at0, at6, axis)\n"
                "  columns = Constant<value = int64[4] {1, 1, 1, 6}>()\n"
                "  columns0 = Reshape(met0, columns)\n"
                "  product0 = MatMul(matrix0, columns0)\n"
                "  one = Constant<value = int64 {1}>()\n"
                "  matrix1 = Gather<axis = 3>(matrices, one)\n"
                "  at1 = Constant<value = int64[1] {1}>()\n"
                "  at7 = Constant<value = int64[1] {7}>()\n"
                "  met1 = Slice(padded, at1, at7, axis)\n"
                "  columns1 = Reshape(met1, columns)\n"
                "  product1 = MatMul(matrix1, columns1)\n"
                "  sum = Add(product0, product1)\n"
                "  z = Reshape(sum, sizes)\n"
                "}");
}

LOWERING_TEST(IntegerConvolution, IsRefusedForAKernelThatIsEmptyLargeOrOfSymbolicSize) {
  EXPECT_REFUSED("aten.conv1d(x: i64[1,2,5], w: i64[3,2,0]) -> i64[1,3,6]",
                 "weight has dtype int64 and a kernel of 0 positions, wanted 1 to 1024");
  EXPECT_REFUSED("aten.conv1d(x: i64[1,2,5000], w: i64[3,2,1025]) -> i64[1,3,3976]",
                 "weight has dtype int64 and a kernel of 1025 positions, wanted 1 to 1024");
  EXPECT_REFUSED("aten.conv1d(x: i64[1,2,5], w: i64[3,2,n]) -> i64[1,3,m]",
                 "weight has dtype int64 and a kernel of symbolic size");
}

LOWERING_TEST(IntegerConvolution, IsRefusedForMorePositionsThanAnInt64Holds) {
  EXPECT_REFUSED("aten.conv3d(x: i64[1,2,9,9,9], w: i64[3,2,9000000,9000000,9000000])",
                 "a kernel of 9223372036854775807 positions, wanted 1 to 1024");
}

}  // namespace
