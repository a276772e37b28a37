// Scaled dot product attention.
#include <cmath>

#include "families.hpp"

namespace fairlead::aten {
namespace {

// [batch…, heads, length, size] with each head repeated so that there are as many as the query has.
Value RepeatHeads(Builder& b, Value value, Value query) {
  if (b.SameDim(value, -3, query, -3)) return value;
  const auto own = value.static_dim(-3), wanted = query.static_dim(-3);
  if (!own || !wanted || *own == 0 || *wanted % *own != 0) return b.Unsupported("enable_gqa with heads of unknown number");
  Dims wide = value.dims();
  wide.insert(wide.end() - 2, Dim(*wanted / *own));
  Dims merged = value.dims();
  merged[merged.size() - 3] = *wanted;
  return b.Reshape(b.Expand(b.Unsqueeze(value, {value.rank() - 2}), wide), merged);
}

// [length, other] with true where a position may look: at itself and at what comes before.
Value CausalMask(Builder& b, const Dim& length, const Dim& other) {
  return b.GreaterOrEqual(b.Unsqueeze(b.Iota(length), {1}), b.Unsqueeze(b.Iota(other), {0}));
}

Value TransposedMatrix(Builder& b, Value value) {
  std::vector<int64_t> order(static_cast<std::size_t>(value.rank()));
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int64_t>(i);
  std::swap(order[order.size() - 1], order[order.size() - 2]);
  return b.Transpose(value, {.perm = order});
}

// softmax(Q Kᵀ scale + mask) V. A row that is masked altogether gives zeros in torch, not NaN.
Value SdpaComposed(Builder& b, Value query, Value key, Value value, Value attn_mask, double dropout_p, bool is_causal,
                   std::optional<double> scale, bool enable_gqa) {
  if (dropout_p != 0) return b.Unsupported("dropout_p={}: attention dropout has no inference form", dropout_p);
  if (query.rank() < 2 || key.rank() < 2) return b.Unsupported("query has rank {}, key {}", query.rank(), key.rank());
  if (enable_gqa) {
    key = RepeatHeads(b, key, query);
    value = RepeatHeads(b, value, query);
  }
  Value factor;
  if (scale) {
    factor = b.Like(query, *scale);
  } else if (const auto size = query.static_dim(-1)) {
    factor = b.Like(query, 1 / std::sqrt(static_cast<double>(*size)));
  } else {
    factor = b.Reciprocal(b.Sqrt(b.ToType(b.ToValue(query.dim(-1)), query.dtype())));
  }
  Value scores = b.MatMul(b.Mul(query, factor), TransposedMatrix(b, key));
  const Value hidden = b.Like(scores, -INFINITY);
  if (is_causal) scores = b.Where(CausalMask(b, query.dim(-2), key.dim(-2)), scores, hidden);
  if (!attn_mask) return b.MatMul(b.Softmax(scores, {.axis = -1}), value);
  scores = attn_mask.dtype() == DType::kBool ? b.Where(attn_mask, scores, hidden)
                                             : b.Add(scores, b.ToType(attn_mask, scores.dtype()));
  const Value nothing_seen = b.Equal(b.ReduceMax(scores, {scores.rank() - 1}, true), hidden);
  const Value weights = b.Where(nothing_seen, b.Like(scores, 0), b.Softmax(scores, {.axis = -1}));
  return b.MatMul(weights, value);
}

constexpr Lowering kTable[] = {
    Lower<SdpaComposed>(
        "aten::scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask=None, "
        "float dropout_p=0.0, bool is_causal=False, *, float? scale=None, bool enable_gqa=False) -> Tensor"),
};

}  // namespace

std::span<const Lowering> AttentionLowerings() { return kTable; }

}  // namespace fairlead::aten
