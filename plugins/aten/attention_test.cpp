#include <fairlead/testing/lowering_test.hpp>

namespace {

constexpr const char* kSelf =
    "aten.scaled_dot_product_attention(q: f32[2,4,3,8], k: f32[2,2,5,8], v: f32[2,2,5,8], m: bool[2,1,1,5], 0.0, false, "
    "scale=0.5, enable_gqa=true) -> f32[2,4,3,8]";

LOWERING_TEST(Attention, IsOneOperatorWithAllRowsOfItsMask) {
  EXPECT_LOWERS_AT(
      23, kSelf,
      "agraph (float[2,4,3,8] q, float[2,2,5,8] k, float[2,2,5,8] v, bool[2,1,1,5] m) => (float[2,4,3,8] z) {\n"
      "  sizes = Constant<value = int64[4] {1, 1, 3, 1}>()\n"
      "  rows = Expand(m, sizes)\n"
      "  z = Attention<scale = 0.5>(q, k, v, rows)\n}");
}

LOWERING_TEST(Attention, IsWrittenOutBeforeOpset23) {
  EXPECT_LOWERS("aten.scaled_dot_product_attention(q: f32[3,8], k: f32[5,8], v: f32[5,8], scale=0.5) -> f32[3,8]",
                "agraph (float[3,8] q, float[5,8] k, float[5,8] v) => (float[3,8] z) {\n"
                "  half = Constant<value = float {0.5}>()\n"
                "  kt = Transpose<perm = [1, 0]>(k)\n"
                "  scaled = Mul(q, half)\n"
                "  scores = MatMul(scaled, kt)\n"
                "  weights = Softmax(scores)\n"
                "  z = MatMul(weights, v)\n}");
}

LOWERING_TEST(Attention, IsRefusedWhereItDropsOut) {
  EXPECT_REFUSED("aten.scaled_dot_product_attention(q: f32[3,8], k: f32[5,8], v: f32[5,8], none, 0.5, false) -> f32[3,8]",
                 "dropout_p=0.5");
  EXPECT_REFUSED(
      "aten._scaled_dot_product_attention_math(q: f32[3,8], k: f32[5,8], v: f32[5,8], none, 0.5, false) -> "
      "(f32[3,8], f32[3,5])",
      "dropout_p=0.5");
}

LOWERING_TEST(Attention, IsRefusedWhereHeadsDoNotDivide) {
  EXPECT_REFUSED(
      "aten.scaled_dot_product_attention(q: f32[4,3,8], k: f32[3,5,8], v: f32[3,5,8], none, 0.0, false, enable_gqa=true) "
      "-> "
      "f32[4,3,8]",
      "enable_gqa with 3 heads for 4 of the query");
}

}  // namespace
