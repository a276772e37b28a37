// What nn.MultiheadAttention and nn.TransformerEncoderLayer call outside of training: attention with its projections, and a
// whole layer. Follows aten/src/ATen/native/transformers/attention.cpp and transformer.cpp.
#include <cmath>

#include "families.hpp"

namespace fairlead::aten {
namespace {

Value LinearMap(Builder& b, Value x, Value weight, Value bias) {
  return b.Aten("aten::linear", {{"input", x}, {"weight", weight}, {"bias", bias}});
}

// [batch, length, heads * size] → [batch, heads, length, size]
Value SplitHeads(Builder& b, Value x, int64_t heads, int64_t size) {
  return b.Transpose(b.Reshape(x, Dims{x.dim(0), x.dim(1), heads, size}), {.perm = {0, 2, 1, 3}});
}

// True where a position must not look, to meet [batch, heads, length, length].
Value Hidden(Builder& b, Value mask, std::optional<int64_t> mask_type) {
  enum : int64_t { kOfPairs, kOfKeys, kOfAll };
  const int64_t type = mask_type.value_or(-1);
  if (type != kOfPairs && type != kOfKeys && type != kOfAll) return b.Unsupported("mask_type={}", type);
  const Value hidden = b.ToType(mask, DType::kBool);
  return type == kOfKeys && hidden.rank() == 2 ? b.Unsqueeze(hidden, {1, 2}) : hidden;
}

struct Projections {
  int64_t embed_dim, heads;
  Value qkv_weight, qkv_bias, out_weight, out_bias;
};

struct Attended {
  Value output, weights;  // [batch, length, embed_dim] and [batch, heads, length, length]
};

Attended Attend(Builder& b, Value query, Value key, Value value, const Projections& p, Value mask,
                std::optional<int64_t> mask_type) {
  if (query.rank() != 3) {
    b.Unsupported("query has rank {}, wanted 3", query.rank());
    return {};
  }
  if (p.heads < 1 || p.embed_dim < 1 || p.embed_dim > INT32_MAX || p.embed_dim % p.heads != 0) {
    b.Unsupported("embed_dim={} in {} heads", p.embed_dim, p.heads);
    return {};
  }
  const auto projected = [&](Value x, int64_t part) {
    const Dim first = part * p.embed_dim, last = (part + 1) * p.embed_dim;
    const Value y = LinearMap(b, x, b.Slice(p.qkv_weight, 0, first, last), b.Slice(p.qkv_bias, 0, first, last));
    return SplitHeads(b, y, p.heads, p.embed_dim / p.heads);
  };
  const Value q = projected(query, 0), k = projected(key, 1), v = projected(value, 2);
  const double scale = 1 / std::sqrt(static_cast<double>(p.embed_dim) / static_cast<double>(p.heads));
  Value scores = b.MatMul(b.Mul(q, b.Like(q, scale)), b.Transpose(k, {.perm = {0, 1, 3, 2}}));
  if (mask) scores = b.Where(Hidden(b, mask, mask_type), b.Like(scores, -INFINITY), scores);
  const Value weights = b.Softmax(scores, {.axis = -1});
  const Value merged = b.Transpose(b.MatMul(weights, v), {.perm = {0, 2, 1, 3}});
  const Value flat = b.Reshape(merged, Dims{merged.dim(0), merged.dim(1), p.embed_dim});
  return {LinearMap(b, flat, p.out_weight, p.out_bias), weights};
}

std::array<Value, 2> MultiHeadAttention(Builder& b, Value query, Value key, Value value, int64_t embed_dim,
                                        int64_t num_head, Value qkv_weight, Value qkv_bias, Value proj_weight,
                                        Value proj_bias, Value mask, bool need_weights, bool average_attn_weights,
                                        std::optional<int64_t> mask_type) {
  const Projections projections = {embed_dim, num_head, qkv_weight, qkv_bias, proj_weight, proj_bias};
  const auto [output, weights] = Attend(b, query, key, value, projections, mask, mask_type);
  if (need_weights) return {output, average_attn_weights ? b.ReduceMean(weights, {1}, false) : weights};
  // There is no second result then.
  if (b.IsResultUsed(1)) return b.Unsupported("need_weights=false, and the weights are read");
  return {output, b.Zeros({0}, query.dtype())};
}

Value TransformerEncoderLayer(Builder& b, Value src, int64_t embed_dim, int64_t num_heads, Value qkv_weight, Value qkv_bias,
                              Value proj_weight, Value proj_bias, bool use_gelu, bool norm_first, double eps,
                              Value norm_weight_1, Value norm_bias_1, Value norm_weight_2, Value norm_bias_2,
                              Value ffn_weight_1, Value ffn_bias_1, Value ffn_weight_2, Value ffn_bias_2, Value mask,
                              std::optional<int64_t> mask_type) {
  const auto norm = [&](Value x, Value weight, Value bias) {
    return b.Aten("aten::layer_norm", {{"input", x},
                                       {"normalized_shape", Ints(std::span(&embed_dim, 1))},
                                       {"weight", weight},
                                       {"bias", bias},
                                       {"eps", eps}});
  };
  const Projections projections = {embed_dim, num_heads, qkv_weight, qkv_bias, proj_weight, proj_bias};
  Value x = norm_first ? norm(src, norm_weight_1, norm_bias_1) : src;
  x = b.Add(Attend(b, x, x, x, projections, mask, mask_type).output, src);
  if (!norm_first) x = norm(x, norm_weight_1, norm_bias_1);
  const Value attended = x;
  if (norm_first) x = norm(x, norm_weight_2, norm_bias_2);
  x = LinearMap(b, x, ffn_weight_1, ffn_bias_1);
  x = use_gelu ? b.Aten("aten::gelu", {{"self", x}}) : b.Relu(x);
  x = b.Add(LinearMap(b, x, ffn_weight_2, ffn_bias_2), attended);
  return norm_first ? x : norm(x, norm_weight_2, norm_bias_2);
}

constexpr Lowering kTable[] = {
    Lower<MultiHeadAttention>(
        "aten::_native_multi_head_attention(Tensor query, Tensor key, Tensor value, int embed_dim, int num_head, "
        "Tensor qkv_weight, Tensor qkv_bias, Tensor proj_weight, Tensor proj_bias, Tensor? mask=None, "
        "bool need_weights=True, bool average_attn_weights=True, int? mask_type=None) -> (Tensor, Tensor)"),
    Lower<TransformerEncoderLayer>(
        "aten::_transformer_encoder_layer_fwd(Tensor src, int embed_dim, int num_heads, Tensor qkv_weight, Tensor "
        "qkv_bias, "
        "Tensor proj_weight, Tensor proj_bias, bool use_gelu, bool norm_first, float eps, Tensor norm_weight_1, "
        "Tensor norm_bias_1, Tensor norm_weight_2, Tensor norm_bias_2, Tensor ffn_weight_1, Tensor ffn_bias_1, "
        "Tensor ffn_weight_2, Tensor ffn_bias_2, Tensor? mask=None, int? mask_type=None) -> Tensor"),
};

}  // namespace

std::span<const Lowering> TransformerLowerings() { return kTable; }

}  // namespace fairlead::aten
