#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(RnnTanhCell, IsTwoLinearMapsAndTheirTanh) {
  EXPECT_LOWERS("aten.rnn_tanh_cell(x: f32[2,3], h: f32[2,5], w: f32[5,3], r: f32[5,5]) -> f32[2,5]",
                "agraph (float[2,3] x, float[2,5] h, float[5,3] w, float[5,5] r) => (float[2,5] z) {\n"
                "  wt = Transpose<perm = [1, 0]>(w)\n"
                "  xw = MatMul(x, wt)\n"
                "  rt = Transpose<perm = [1, 0]>(r)\n"
                "  hr = MatMul(h, rt)\n"
                "  gates = Add(xw, hr)\n"
                "  z = Tanh(gates)\n}");
}

LOWERING_TEST(RnnReluCell, HasABiasInEachLinearMap) {
  EXPECT_LOWERS(
      "aten.rnn_relu_cell(x: f32[2,3], h: f32[2,5], w: f32[5,3], r: f32[5,5], b: f32[5], c: f32[5]) -> f32[2,5]",
      "agraph (float[2,3] x, float[2,5] h, float[5,3] w, float[5,5] r, float[5] b, float[5] c) => (float[2,5] z) {\n"
      "  of_input = Gemm<transB = 1>(x, w, b)\n"
      "  of_state = Gemm<transB = 1>(h, r, c)\n"
      "  gates = Add(of_input, of_state)\n"
      "  z = Relu(gates)\n"
      "}");
}

// Gates in torch's order: reset, update, new. z (h - n) + n is (1 - z) n + z h.
LOWERING_TEST(GruCell, ResetsAfterTheLinearMapOfItsState) {
  EXPECT_LOWERS(
      "aten.gru_cell(x: f32[2,3], h: f32[2,5], w: f32[15,3], r: f32[15,5], b: f32[15], c: f32[15]) -> f32[2,5]",
      "agraph (float[2,3] x, float[2,5] h, float[15,3] w, float[15,5] r, float[15] b, float[15] c) => (float[2,5] z) {\n"
      "  of_input = Gemm<transB = 1>(x, w, b)\n"
      "  xr, xz, xn = Split<axis = -1, num_outputs = 3>(of_input)\n"
      "  of_state = Gemm<transB = 1>(h, r, c)\n"
      "  hr, hz, hn = Split<axis = -1, num_outputs = 3>(of_state)\n"
      "  reset_sum = Add(xr, hr)\n"
      "  reset = Sigmoid(reset_sum)\n"
      "  kept = Mul(reset, hn)\n"
      "  new_sum = Add(xn, kept)\n"
      "  new = Tanh(new_sum)\n"
      "  update_sum = Add(xz, hz)\n"
      "  update = Sigmoid(update_sum)\n"
      "  apart = Sub(h, new)\n"
      "  moved = Mul(update, apart)\n"
      "  z = Add(new, moved)\n"
      "}");
}

// Gates in torch's order: input, forget, cell, output.
LOWERING_TEST(LstmCell, GivesItsHiddenStateAndItsCell) {
  EXPECT_LOWERS(
      "aten.lstm_cell(x: f32[2,3], [h: f32[2,5], c: f32[2,5]], w: f32[20,3], r: f32[20,5]) -> (f32[2,5], f32[2,5])",
      "agraph (float[2,3] x, float[2,5] h, float[2,5] c, float[20,3] w, float[20,5] r) => (float[2,5] hidden, float[2,5] "
      "cell) {\n"
      "  wt = Transpose<perm = [1, 0]>(w)\n"
      "  of_input = MatMul(x, wt)\n"
      "  rt = Transpose<perm = [1, 0]>(r)\n"
      "  of_state = MatMul(h, rt)\n"
      "  gates = Add(of_input, of_state)\n"
      "  i, f, g, o = Split<axis = -1, num_outputs = 4>(gates)\n"
      "  forget = Sigmoid(f)\n"
      "  kept = Mul(forget, c)\n"
      "  enter = Sigmoid(i)\n"
      "  fresh = Tanh(g)\n"
      "  added = Mul(enter, fresh)\n"
      "  cell = Add(kept, added)\n"
      "  leave = Sigmoid(o)\n"
      "  seen = Tanh(cell)\n"
      "  hidden = Mul(leave, seen)\n"
      "}");
}

LOWERING_TEST(LstmCell, IsRefusedWithoutItsCell) {
  EXPECT_REFUSED("aten.lstm_cell(x: f32[2,3], [h: f32[2,5]], w: f32[20,3], r: f32[20,5]) -> (f32[2,5], f32[2,5])",
                 "hx has 1 tensors, wanted 2");
}

}  // namespace
