#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(RnnRelu, IsOneOperatorWithReluForEachDirection) {
  EXPECT_LOWERS(
      "aten.rnn_relu.input(x: f32[4,2,3], h: f32[1,2,5], [w: f32[5,3], r: f32[5,5]], false, 1, 0.0, false, false, false) "
      "-> "
      "(f32[4,2,5], f32[1,2,5])",
      "agraph (float[4,2,3] x, float[1,2,5] h, float[5,3] w, float[5,5] r) => (float[4,2,5] y, float[1,2,5] last) {\n"
      "  zero = Constant<value = int64[1] {0}>()\n"
      "  w1 = Unsqueeze(w, zero)\n"
      "  r1 = Unsqueeze(r, zero)\n"
      "  one = Constant<value = int64[1] {1}>()\n"
      "  h0 = Slice(h, zero, one, zero)\n"
      "  steps, last = RNN<activations = [\"Relu\"], hidden_size = 5>(x, w1, r1, \"\", \"\", h0)\n"
      "  y = Squeeze(steps, one)\n}");
}

LOWERING_TEST(Recurrent, IsRefusedWhereItDropsOut) {
  EXPECT_REFUSED(
      "aten.gru.input(x: f32[4,2,3], h: f32[2,2,5], [w: f32[15,3], r: f32[15,5], v: f32[15,5], s: f32[15,5]], false, 2, "
      "0.5, "
      "true, false, false) -> (f32[4,2,5], f32[2,2,5])",
      "train=true with dropout=0.5");
}

LOWERING_TEST(Recurrent, IsRefusedWhereParametersAreMissing) {
  EXPECT_REFUSED(
      "aten.gru.input(x: f32[4,2,3], h: f32[1,2,5], [w: f32[15,3], r: f32[15,5]], true, 1, 0.0, false, false, false) -> "
      "(f32[4,2,5], f32[1,2,5])",
      "params has 2 tensors, wanted 4");
}

LOWERING_TEST(PackPaddedSequence, IsRefusedWhereCountsHaveAnotherType) {
  EXPECT_REFUSED("aten._pack_padded_sequence(x: f32[4,2,3], n: i64[2], false) -> (f32[6,3], f32[4])",
                 "batch_sizes was captured as float");
}

LOWERING_TEST(Recurrent, IsRefusedWithoutLayers) {
  EXPECT_REFUSED("aten.gru.input(x: f32[5,2,3], h: f32[1,2,4], [], true, 0, 0.0, false, false, false)",
                 "num_layers=0 with 0 tensors in params");
  EXPECT_REFUSED(
      "aten.rnn_tanh.input(x: f32[5,2,3], h: f32[1,2,4], [], true, -9223372036854775808, 0.0, false, true, false)",
      "num_layers=-9223372036854775808");
}

LOWERING_TEST(PackPaddedSequence, IsRefusedForNumbers) {
  EXPECT_REFUSED("aten._pack_padded_sequence(x: f32[3], n: i64[3], false)", "input has rank 1, wanted at least 2");
}

}  // namespace
