#include <fairlead/testing/lowering_test.hpp>

namespace {

LOWERING_TEST(Linear, IsAGemmOfTheWeightAsItIsStored) {
  EXPECT_LOWERS("aten.linear(x: f32[2,3], w: f32[4,3], b: f32[4]) -> f32[2,4]",
                "agraph (float[2,3] x, float[4,3] w, float[4] b) => (float[2,4] z) { z = Gemm<transB = 1>(x, w, b) }");
}

LOWERING_TEST(Addmm, IsAGemm) {
  EXPECT_LOWERS("aten.addmm(c: f32[2,4], a: f32[2,3], b: f32[3,4]) -> f32[2,4]",
                "agraph (float[2,4] c, float[2,3] a, float[3,4] b) => (float[2,4] z) { z = Gemm(a, b, c) }");
}

LOWERING_TEST(Mm, MultipliesIntegersToo) {
  EXPECT_LOWERS("aten.mm(a: i64[2,3], b: i64[3,4]) -> i64[2,4]",
                "agraph (int64[2,3] a, int64[3,4] b) => (int64[2,4] z) { z = MatMul(a, b) }");
}

LOWERING_TEST(Linear, OfMoreAxesIsAProductAndASum) {
  EXPECT_LOWERS("aten.linear(x: f32[5,2,3], w: f32[4,3], b: f32[4]) -> f32[5,2,4]",
                "agraph (float[5,2,3] x, float[4,3] w, float[4] b) => (float[5,2,4] z) {\n"
                "  wt = Transpose<perm = [1, 0]>(w)\n"
                "  product = MatMul(x, wt)\n"
                "  z = Add(product, b)\n"
                "}");
}

LOWERING_TEST(Linear, OfWholeNumbersIsNoGemm) {
  EXPECT_LOWERS("aten.linear(x: i64[2,3], w: i64[4,3], b: i64[4]) -> i64[2,4]",
                "agraph (int64[2,3] x, int64[4,3] w, int64[4] b) => (int64[2,4] z) {\n"
                "  wt = Transpose<perm = [1, 0]>(w)\n"
                "  product = MatMul(x, wt)\n"
                "  z = Add(product, b)\n"
                "}");
}

LOWERING_TEST(Linear, OfAVectorIsAProduct) {
  EXPECT_LOWERS("aten.linear(x: f32[2,3], w: f32[3]) -> f32[2]",
                "agraph (float[2,3] x, float[3] w) => (float[2] z) { z = MatMul(x, w) }");
}

LOWERING_TEST(Linear, RefusesABatchOfWeights) {
  EXPECT_REFUSED("aten.linear(x: f32[2,3], w: f32[1,4,3]) -> f32[2,4]", "weight has rank 3");
}

LOWERING_TEST(Addmm, DoesNotLookAtWhatIsTakenTimesZero) {
  EXPECT_LOWERS("aten.addmm(c: f32[2,4], a: f32[2,3], b: f32[3,4], beta=0, alpha=2) -> f32[2,4]",
                "agraph (float[2,4] c, float[2,3] a, float[3,4] b) => (float[2,4] z) {\n"
                "  product = MatMul(a, b)\n"
                "  two = Constant<value = float {2.0}>()\n"
                "  z = Mul(product, two)\n"
                "}");
}

LOWERING_TEST(Addmm, OfWholeNumbersIsWrittenOut) {
  EXPECT_LOWERS("aten.addmm(c: i64[4], a: i64[2,3], b: i64[3,4], beta=3) -> i64[2,4]",
                "agraph (int64[4] c, int64[2,3] a, int64[3,4] b) => (int64[2,4] z) {\n"
                "  three = Constant<value = int64 {3}>()\n"
                "  scaled = Mul(c, three)\n"
                "  product = MatMul(a, b)\n"
                "  z = Add(scaled, product)\n"
                "}");
}

LOWERING_TEST(Addbmm, AddsAllProductsUp) {
  EXPECT_LOWERS("aten.addbmm(c: f32[2,4], a: f32[5,2,3], b: f32[5,3,4]) -> f32[2,4]",
                "agraph (float[2,4] c, float[5,2,3] a, float[5,3,4] b) => (float[2,4] z) {\n"
                "  products = MatMul(a, b)\n"
                "  batch = Constant<value = int64[1] {0}>()\n"
                "  sum = ReduceSum<keepdims = 0>(products, batch)\n"
                "  z = Add(c, sum)\n"
                "}");
}

LOWERING_TEST(Addmv, ScalesItsProduct) {
  EXPECT_LOWERS("aten.addmv(c: f32[2], a: f32[2,3], b: f32[3], alpha=0.5) -> f32[2]",
                "agraph (float[2] c, float[2,3] a, float[3] b) => (float[2] z) {\n"
                "  product = MatMul(a, b)\n"
                "  half = Constant<value = float {0.5}>()\n"
                "  scaled = Mul(product, half)\n"
                "  z = Add(c, scaled)\n"
                "}");
}

LOWERING_TEST(Outer, IsComputedInThePromotedType) {
  EXPECT_LOWERS("aten.outer(x: i64[2], y: f32[3]) -> f32[2,3]",
                "agraph (int64[2] x, float[3] y) => (float[2,3] z) {\n"
                "  f = Cast<to = 1>(x)\n"
                "  axis = Constant<value = int64[1] {1}>()\n"
                "  column = Unsqueeze(f, axis)\n"
                "  z = Mul(column, y)\n"
                "}");
}

LOWERING_TEST(Addr, OfBoolsIsAndThenOr) {
  EXPECT_LOWERS("aten.addr(c: bool[2,3], x: bool[2], y: bool[3]) -> bool[2,3]",
                "agraph (bool[2,3] c, bool[2] x, bool[3] y) => (bool[2,3] z) {\n"
                "  axis = Constant<value = int64[1] {1}>()\n"
                "  column = Unsqueeze(x, axis)\n"
                "  product = And(column, y)\n"
                "  z = Or(c, product)\n"
                "}");
}

LOWERING_TEST(Addr, ScalesBothOfItsTerms) {
  EXPECT_LOWERS("aten.addr(c: f32[2,3], x: f32[2], y: f32[3], beta=2, alpha=0.5) -> f32[2,3]",
                "agraph (float[2,3] c, float[2] x, float[3] y) => (float[2,3] z) {\n"
                "  two = Constant<value = float {2.0}>()\n"
                "  added = Mul(c, two)\n"
                "  axis = Constant<value = int64[1] {1}>()\n"
                "  column = Unsqueeze(x, axis)\n"
                "  product = Mul(column, y)\n"
                "  half = Constant<value = float {0.5}>()\n"
                "  scaled = Mul(product, half)\n"
                "  z = Add(added, scaled)\n"
                "}");
}

// Labels that occur once, capitals first; what an ellipsis stands for before them.
LOWERING_TEST(IntMm, IsMatMulIntegerOfBytes) {
  EXPECT_LOWERS("aten._int_mm(a: i8[n,3], b: i8[3,4]) -> i32[n,4]",
                "agraph (int8[n,3] a, int8[3,4] b) => (int32[n,4] y) {\n"
                "  y = MatMulInteger(a, b)\n"
                "}");
}

LOWERING_TEST(Einsum, SaysTheOutputThatIsImplied) {
  EXPECT_LOWERS("aten.einsum('ba, aC', [x: f32[2,3], y: f32[3,4]]) -> f32[4,2]",
                "agraph (float[2,3] x, float[3,4] y) => (float[4,2] z) { z = Einsum<equation = \"ba,aC->Cb\">(x, y) }");
  EXPECT_LOWERS(
      "aten.einsum('...i,ij', [x: f32[5,2,3], y: f32[3,4]]) -> f32[5,2,4]",
      "agraph (float[5,2,3] x, float[3,4] y) => (float[5,2,4] z) { z = Einsum<equation = \"...i,ij->...j\">(x, y) }");
}

LOWERING_TEST(Einsum, IsRefusedForDotsThatAreNoEllipsis) {
  EXPECT_REFUSED("aten.einsum('a..b', [x: f32[3,5]])", "equation='a..b'");
  EXPECT_REFUSED("aten.einsum('i...j...', [x: f32[3,5]])", "equation='i...j...'");
}

}  // namespace
