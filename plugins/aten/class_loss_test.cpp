#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(NllLoss, LeavesTheIgnoredClassOut) {
  EXPECT_LOWERS("aten.nll_loss(x: f32[2,3], y: i64[2], none, 0, 1) -> f32[2]",
                "agraph (float[2,3] x, int64[2] y) => (float[2] z) {\n"
                "  ignored = Constant<value = int64 {1}>()\n"
                "  is_ignored = Equal(y, ignored)\n"
                "  counted = Not(is_ignored)\n"
                "  zero = Constant<value = int64 {0}>()\n"
                "  classes = Where(counted, y, zero)\n"
                "  axis = Constant<value = int64[1] {1}>()\n"
                "  places = Unsqueeze(classes, axis)\n"
                "  scores = GatherElements<axis = 1>(x, places)\n"
                "  squeezed = Squeeze(scores, axis)\n"
                "  picked = Neg(squeezed)\n"
                "  nothing = Constant<value = float {0.0}>()\n"
                "  z = Where(counted, picked, nothing)\n}");
}

LOWERING_TEST(CrossEntropyLoss, OfProbabilitiesIsASumOverTheClasses) {
  EXPECT_LOWERS("aten.cross_entropy_loss(x: f32[2,3], y: f32[2,3], none, 2) -> f32[]",
                "agraph (float[2,3] x, float[2,3] y) => (float[] z) {\n"
                "  scores = LogSoftmax<axis = 1>(x)\n"
                "  product = Mul(scores, y)\n"
                "  axis = Constant<value = int64[1] {1}>()\n"
                "  sums = ReduceSum<keepdims = 0>(product, axis)\n"
                "  loss = Neg(sums)\n"
                "  z = ReduceSum<keepdims = 0>(loss)\n}");
}

LOWERING_TEST(LinearCrossEntropyChunked, IsTheLossOfTheWholeBatch) {
  EXPECT_LOWERS(
      "torch_nn._linear_cross_entropy_batch_chunked_no_reduction(x: f32[n,3], w: f32[4,3], y: i64[n], none, none, -100, 2, "
      "'compact', f32) -> f32[n]",
      "agraph (float[n,3] x, float[4,3] w, int64[n] y) => (float[n] z) {\n"
      "  ignored = Constant<value = int64 {-100}>()\n"
      "  is_ignored = Equal(y, ignored)\n"
      "  counted = Not(is_ignored)\n"
      "  columns = Transpose<perm = [1, 0]>(w)\n"
      "  products = MatMul(x, columns)\n"
      "  scores = LogSoftmax<axis = 1>(products)\n"
      "  first = Constant<value = int64 {0}>()\n"
      "  class = Where(counted, y, first)\n"
      "  axis = Constant<value = int64[1] {1}>()\n"
      "  column = Unsqueeze(class, axis)\n"
      "  picked = GatherElements<axis = 1>(scores, column)\n"
      "  row = Squeeze(picked, axis)\n"
      "  loss = Neg(row)\n"
      "  nothing = Constant<value = float {0.0}>()\n"
      "  z = Where(counted, loss, nothing)\n}");
}

LOWERING_TEST(LinearCrossEntropyChunked, RefusesGradientsAndOtherReductions) {
  const std::string call =
      "torch_nn._linear_cross_entropy_batch_chunked(x: f32[2,3], w: f32[4,3], y: i64[2], none, none, '";
  const std::string rest =
      "', -100, 0.0, 2, 'compact', f32, true, true, true, false) -> (f32[], f32[2,3], f32[4,3], f32[0])";
  EXPECT_REFUSED(call + "none" + rest, "reduction='none'");
  EXPECT_REFUSED(call + "mean" + rest, "a gradient, result 1, is read");
}

LOWERING_TEST(MultiMarginLoss, KnowsTwoPowers) {
  EXPECT_REFUSED("aten.multi_margin_loss(x: f32[2,3], y: i64[2], 3) -> f32[]", "p=3");
}

}  // namespace
