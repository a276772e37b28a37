#include <fairlead/testing/lowering_test.hpp>

namespace {

// ---- the calls: two heads of two numbers each, the projections' parameters are w, b, o and c ----

std::string Mha(const std::string& rest) {
  return "aten._native_multi_head_attention(q: f32[2,3,4], k: f32[2,3,4], v: f32[2,3,4], 4, 2, w: f32[12,4], b: f32[12], "
         "o: f32[4,4], c: f32[4]" +
         rest;
}

std::string Encoder(const std::string& gelu_and_norm_first, const std::string& rest = "") {
  return "aten._transformer_encoder_layer_fwd(x: f32[2,3,4], 4, 2, w: f32[12,4], b: f32[12], o: f32[4,4], c: f32[4], " +
         gelu_and_norm_first +
         ", 0.125, n: f32[4], m: f32[4], r: f32[4], s: f32[4], f: f32[8,4], g: f32[8], h: f32[4,8], i: f32[4]" + rest +
         ") -> f32[2,3,4]";
}

// ---- the parts of the graphs ----

constexpr const char* kMhaInputs =
    "agraph (float[2,3,4] q, float[2,3,4] k, float[2,3,4] v, float[12,4] w, float[12] b, float[4,4] o, float[4] c";
constexpr const char* kEncoderGraph =
    "agraph (float[2,3,4] x, float[12,4] w, float[12] b, float[4,4] o, float[4] c, float[4] n, float[4] m, float[4] r, "
    "float[4] s, float[8,4] f, float[8] g, float[4,8] h, float[4] i) => (float[2,3,4] z) {\n";

// `name` is x projected by a third of the parameters, and split into heads.
std::string Heads(const std::string& name, const std::string& x, const std::string& first, const std::string& last) {
  const std::string& n = name;
  return "  " + n + "_weight = Slice(w, " + first + ", " + last + ", zero)\n" +  //
         "  " + n + "_turned = Transpose<perm = [1, 0]>(" + n + "_weight)\n" +   //
         "  " + n + "_product = MatMul(" + x + ", " + n + "_turned)\n" +         //
         "  " + n + "_bias = Slice(b, " + first + ", " + last + ", zero)\n" +    //
         "  " + n + "_all = Add(" + n + "_product, " + n + "_bias)\n" +          //
         "  " + n + "_split = Reshape(" + n + "_all, heads)\n" +                 //
         "  " + n + " = Transpose<perm = [0, 2, 1, 3]>(" + n + "_split)\n";
}

// `scores` of the projections.
std::string Scores(const std::string& q, const std::string& k, const std::string& v) {
  return "  zero = Constant<value = int64[1] {0}>()\n"
         "  four = Constant<value = int64[1] {4}>()\n"
         "  eight = Constant<value = int64[1] {8}>()\n"
         "  twelve = Constant<value = int64[1] {12}>()\n"
         "  heads = Constant<value = int64[4] {2, 3, 2, 2}>()\n" +
         Heads("query", q, "zero", "four") + Heads("key", k, "four", "eight") + Heads("value", v, "eight", "twelve") +
         "  root = Constant<value = float {0.70710677}>()\n"
         "  scaled = Mul(query, root)\n"
         "  across = Transpose<perm = [0, 1, 3, 2]>(key)\n"
         "  scores = MatMul(scaled, across)\n";
}

// `name` is the values under `weights`, the softmax of `scores`.
std::string Attended(const std::string& scores, const std::string& name) {
  return "  weights = Softmax(" + scores + ")\n" +
         "  read = MatMul(weights, value)\n"
         "  merged = Transpose<perm = [0, 2, 1, 3]>(read)\n"
         "  sizes = Constant<value = int64[3] {2, 3, 4}>()\n"
         "  flat = Reshape(merged, sizes)\n"
         "  ot = Transpose<perm = [1, 0]>(o)\n"
         "  out = MatMul(flat, ot)\n"
         "  " +
         name + " = Add(out, c)\n";
}

// `name` is x through the two linear maps, with what is between them.
std::string FeedForward(const std::string& x, const std::string& activation, const std::string& name) {
  return "  ft = Transpose<perm = [1, 0]>(f)\n"
         "  wide_product = MatMul(" +
         x +
         ", ft)\n"
         "  wide = Add(wide_product, g)\n" +
         activation +
         "  ht = Transpose<perm = [1, 0]>(h)\n"
         "  narrow = MatMul(active, ht)\n"
         "  " +
         name + " = Add(narrow, i)\n";
}

// ---- attention ----

LOWERING_TEST(NativeMultiHeadAttention, GivesTheMeanOfItsHeadsWeights) {
  EXPECT_LOWERS(Mha(") -> (f32[2,3,4], f32[2,3,3])"),
                kMhaInputs + (") => (float[2,3,4] z, float[2,3,3] mean) {\n" + Scores("q", "k", "v")) +
                    Attended("scores", "z") +
                    "  axis = Constant<value = int64[1] {1}>()\n"
                    "  mean = ReduceMean<keepdims = 0>(weights, axis)\n}");
}

LOWERING_TEST(NativeMultiHeadAttention, LooksAwayFromTheKeysOfItsMask) {
  EXPECT_LOWERS(Mha(", p: bool[2,3], average_attn_weights=false, mask_type=1) -> (f32[2,3,4], f32[2,2,3,3])"),
                kMhaInputs + (", bool[2,3] p) => (float[2,3,4] z, float[2,2,3,3] weights) {\n" + Scores("q", "k", "v")) +
                    "  axes = Constant<value = int64[2] {1, 2}>()\n"
                    "  keys = Unsqueeze(p, axes)\n"
                    "  never = Constant<value = float {-inf}>()\n"
                    "  masked = Where(keys, never, scores)\n" +
                    Attended("masked", "z") + "}");
}

// torch looks at whether a number is zero, whatever it adds elsewhere.
LOWERING_TEST(NativeMultiHeadAttention, TakesAMaskOfNumbersForOneOfBools) {
  EXPECT_LOWERS(Mha(", p: f32[3,3], average_attn_weights=false, mask_type=0) -> (f32[2,3,4], f32[2,2,3,3])"),
                kMhaInputs + (", float[3,3] p) => (float[2,3,4] z, float[2,2,3,3] weights) {\n" + Scores("q", "k", "v")) +
                    "  pairs = Cast<to = 9>(p)\n"
                    "  never = Constant<value = float {-inf}>()\n"
                    "  masked = Where(pairs, never, scores)\n" +
                    Attended("masked", "z") + "}");
}

LOWERING_TEST(NativeMultiHeadAttention, LeavesOutWeightsThatAreNotNeeded) {
  EXPECT_LOWERS(
      R"(agraph (float[2,3,4] q, float[2,3,4] k, float[2,3,4] v, float[12,4] w, float[12] b, float[4,4] o, float[4] c)
                 => (float[2,3,4] y) {
           y, none_of_it = aten::_native_multi_head_attention.default(query=q, key=k, value=v, embed_dim=4, num_head=2,
             qkv_weight=w, qkv_bias=b, proj_weight=o, proj_bias=c, need_weights=false)
         })",
      kMhaInputs + (") => (float[2,3,4] z) {\n" + Scores("q", "k", "v")) + Attended("scores", "z") + "}");
}

LOWERING_TEST(NativeMultiHeadAttention, IsRefusedWhereWeightsAreReadThatItDoesNotGive) {
  EXPECT_REFUSED(Mha(", none, false) -> (f32[2,3,4], f32[0])"), "need_weights=false, and the weights are read");
}

LOWERING_TEST(NativeMultiHeadAttention, IsRefusedForAMaskOfNoType) {
  EXPECT_REFUSED(Mha(", p: bool[2,3]) -> (f32[2,3,4], f32[2,3,3])"), "mask_type=-1");
  EXPECT_REFUSED(Mha(", p: bool[2,3], mask_type=3) -> (f32[2,3,4], f32[2,3,3])"), "mask_type=3");
}

LOWERING_TEST(NativeMultiHeadAttention, IsRefusedWithoutABatch) {
  EXPECT_REFUSED(
      "aten._native_multi_head_attention(q: f32[3,4], k: f32[3,4], v: f32[3,4], 4, 2, w: f32[12,4], b: f32[12], "
      "o: f32[4,4], c: f32[4]) -> (f32[3,4], f32[3,3])",
      "query has rank 2, wanted 3");
}

// ---- a layer ----

LOWERING_TEST(TransformerEncoderLayer, NormalizesWhatItHasAddedUp) {
  EXPECT_LOWERS(Encoder("false, false"), kEncoderGraph + Scores("x", "x", "x") + Attended("scores", "attended") +
                                             "  with_x = Add(attended, x)\n"
                                             "  first = LayerNormalization<epsilon = 0.125>(with_x, n, m)\n" +
                                             FeedForward("first", "  active = Relu(wide)\n", "fed") +
                                             "  with_first = Add(fed, first)\n"
                                             "  z = LayerNormalization<epsilon = 0.125>(with_first, r, s)\n}");
}

std::string NormalizedFirst(const std::string& activation) {
  return kEncoderGraph + ("  first = LayerNormalization<epsilon = 0.125>(x, n, m)\n" + Scores("first", "first", "first")) +
         Attended("scores", "attended") +
         "  with_x = Add(attended, x)\n"
         "  second = LayerNormalization<epsilon = 0.125>(with_x, r, s)\n" +
         FeedForward("second", activation, "fed") + "  z = Add(fed, with_x)\n}";
}

LOWERING_TEST(TransformerEncoderLayer, NormalizesFirstAndAddsWhatWasNot) {
  EXPECT_LOWERS(Encoder("true, true"), NormalizedFirst("  active = Gelu(wide)\n"));
}

LOWERING_TEST(TransformerEncoderLayer, HasGeluWrittenOutBeforeOpset20) {
  EXPECT_LOWERS_AT(19, Encoder("true, true"),
                   NormalizedFirst("  half = Constant<value = float {0.5}>()\n"
                                   "  halved = Mul(wide, half)\n"
                                   "  turned = Mul(wide, root)\n"
                                   "  erf = Erf(turned)\n"
                                   "  one = Constant<value = float {1.0}>()\n"
                                   "  above = Add(erf, one)\n"
                                   "  active = Mul(halved, above)\n"));
}

LOWERING_TEST(TransformerEncoderLayer, IsRefusedForAMaskOfNoType) {
  EXPECT_REFUSED(Encoder("false, false", ", p: bool[2,3]"), "mask_type=-1");
}

LOWERING_TEST(NativeMultiHeadAttention, IsRefusedWhereHeadsDoNotDivide) {
  for (const char* heads : {"0", "3"})
    EXPECT_REFUSED(std::string("aten._native_multi_head_attention(q: f32[2,3,4], k: f32[2,3,4], v: f32[2,3,4], 4, ") +
                       heads + ", w: f32[12,4], b: f32[12], o: f32[4,4], c: f32[4]) -> (f32[2,3,4], f32[2,3,3])",
                   std::string("embed_dim=4 in ") + heads + " heads");
}

}  // namespace
