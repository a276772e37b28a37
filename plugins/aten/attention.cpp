// Scaled dot product attention, and the kernels that PyTorch chooses for it.
#include <cmath>

#include "families.hpp"

namespace fairlead::aten {
namespace {

struct Attended {
  Value query, key, value;
  Value mask;  // bool, true where a position may look, or a number that is added; absent: it may look everywhere
  bool is_causal = false;
  std::optional<double> scale;
  bool enable_gqa = false;
};

// [batch…, heads, length, size] with each head repeated so that there are as many as the query has.
Value RepeatHeads(Builder& b, Value value, Value query) {
  if (value.rank() < 3 || query.rank() < 3) return b.Unsupported("enable_gqa with a tensor of rank {}", value.rank());
  if (b.SameDim(value, -3, query, -3)) return value;
  const Dim own = value.dim(-3), wanted = query.dim(-3);
  if (own.IsStatic() && wanted.IsStatic() && (own.size == 0 || wanted.size % own.size != 0))
    return b.Unsupported("enable_gqa with {} heads for {} of the query", own.size, wanted.size);
  Dims wide = value.dims(), merged = wide;
  wide.insert(wide.end() - 2, b.FloorDivide(wanted, own));
  merged[merged.size() - 3] = wanted;
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

// torch computes in float where the type is narrower.
Attended Wide(Builder& b, Attended a) {
  if (BitWidth(a.query.dtype()) >= 32) return a;
  for (Value* value : {&a.query, &a.key, &a.value}) *value = b.ToType(*value, DType::kFloat);
  return a;
}

// Q Kᵀ scale + mask.
Value ScoresOf(Builder& b, const Attended& a) {
  if (a.query.rank() < 2 || a.key.rank() < 2 || a.value.rank() < 2)
    return b.Unsupported("query has rank {}, key {}, value {}", a.query.rank(), a.key.rank(), a.value.rank());
  const Value key = a.enable_gqa ? RepeatHeads(b, a.key, a.query) : a.key;
  Value factor;
  if (a.scale) {
    factor = b.Like(a.query, *a.scale);
  } else if (const auto size = a.query.static_dim(-1)) {
    factor = b.Like(a.query, 1 / std::sqrt(static_cast<double>(*size)));
  } else {
    factor = b.Reciprocal(b.Sqrt(b.ToType(b.ToValue(a.query.dim(-1)), a.query.dtype())));
  }
  Value scores = b.MatMul(b.Mul(a.query, factor), TransposedMatrix(b, key));
  const Value hidden = b.Like(scores, -INFINITY);
  if (a.is_causal) scores = b.Where(CausalMask(b, a.query.dim(-2), key.dim(-2)), scores, hidden);
  if (!a.mask) return scores;
  return a.mask.dtype() == DType::kBool ? b.Where(a.mask, scores, hidden) : b.Add(scores, b.ToType(a.mask, scores.dtype()));
}

// A row that is masked altogether gives zeros in torch, not NaN.
Value WeightsOf(Builder& b, const Attended& a, Value scores) {
  const Value weights = b.Softmax(scores, {.axis = -1});
  if (!a.mask) return weights;
  const Value nothing_seen = b.Equal(b.ReduceMax(scores, {scores.rank() - 1}, true), b.Like(scores, -INFINITY));
  return b.Where(nothing_seen, b.Like(scores, 0), weights);
}

Value Weighted(Builder& b, const Attended& a, Value weights) {
  return b.MatMul(weights, a.enable_gqa ? RepeatHeads(b, a.value, a.query) : a.value);
}

Value Composed(Builder& b, const Attended& a) {
  const Attended wide = Wide(b, a);
  return b.ToType(Weighted(b, wide, WeightsOf(b, wide, ScoresOf(b, wide))), a.query.dtype());
}

// Whether ONNX's operator says the same: it knows no broadcasting but of masks, and runtimes refuse a negative scale.
bool IsOneOperator(Builder& b, const Attended& a) {
  if (a.query.rank() != 4 || a.key.rank() != 4 || a.value.rank() != 4) return false;
  if (a.scale && *a.scale <= 0) return false;
  if (a.query.dtype() == DType::kDouble || (a.mask && a.mask.rank() > 4)) return false;
  for (const Value other : {a.key, a.value})
    if (!b.SameDim(other, 0, a.query, 0) || !b.SameDim(other, 2, a.key, 2)) return false;
  if (!b.SameDim(a.key, 1, a.value, 1) || !b.SameDim(a.key, 3, a.query, 3)) return false;
  if (a.mask && (a.mask.rank() < 1 || !b.SameDim(a.mask, -1, a.key, 2) || a.is_causal)) return false;
  if (b.SameDim(a.key, 1, a.query, 1)) return a.key.static_dim(2) != 0;
  const auto own = a.key.static_dim(1), wanted = a.query.static_dim(1);
  return a.enable_gqa && own && wanted && *own > 0 && *wanted % *own == 0 && a.key.static_dim(2) != 0;
}

Value AsOperator(Builder& b, const Attended& a) {
  if (!IsOneOperator(b, a)) return Composed(b, a);
  const Attended wide = Wide(b, a);
  Value mask = a.mask;
  if (mask && mask.dtype() != DType::kBool) mask = b.ToType(mask, wide.query.dtype());
  if (mask && mask.rank() == 1) mask = b.Unsqueeze(mask, {0});
  // Runtimes want all of its rows.
  if (mask && !b.SameDim(mask, -2, a.query, 2)) {
    Dims sizes(static_cast<std::size_t>(mask.rank()), Dim(-1));
    sizes[sizes.size() - 2] = a.query.dim(2);
    mask = b.Expand(mask, sizes);
  }
  return b.ToType(b.Attention(wide.query, wide.key, wide.value, mask, {.is_causal = a.is_causal, .scale = a.scale}).Y,
                  a.query.dtype());
}

using Form = Value (*)(Builder&, const Attended&);

bool DropsOut(Builder& b, double dropout_p) {
  if (dropout_p != 0) b.Unsupported("dropout_p={}: attention dropout has no inference form", dropout_p);
  return dropout_p != 0;
}

template <Form form>
Value Sdpa(Builder& b, Value query, Value key, Value value, Value attn_mask, double dropout_p, bool is_causal,
           std::optional<double> scale, bool enable_gqa) {
  if (DropsOut(b, dropout_p)) return {};
  return form(b, {query, key, value, attn_mask, is_causal, scale, enable_gqa});
}

// ---- the kernels ----

// The output and the weights.
std::array<Value, 2> Math(Builder& b, Value query, Value key, Value value, Value attn_mask, double dropout_p,
                          bool is_causal, Value dropout_mask, std::optional<double> scale, bool enable_gqa) {
  if (dropout_mask) return b.Unsupported("dropout_mask is given: attention dropout has no inference form");
  if (DropsOut(b, dropout_p)) return {};
  // This one adds a mask of bools as zeros and ones.
  const Value added = attn_mask && attn_mask.dtype() == DType::kBool ? b.ToType(attn_mask, query.dtype()) : attn_mask;
  const Attended a = Wide(b, {query, key, value, added, is_causal, scale, enable_gqa});
  const Value weights = WeightsOf(b, a, ScoresOf(b, a));
  return {b.ToType(Weighted(b, a, weights), query.dtype()), b.ToType(weights, query.dtype())};
}

// The logarithms of the sums that a softmax divides by, [batch, heads, length].
Value LogOfSums(Builder& b, const Attended& a) {
  const Value scores = ScoresOf(b, Wide(b, a));
  return b.ReduceLogSumExp(scores, {scores.rank() - 1}, false);
}

template <Form form>
std::array<Value, 2> FlashForCpu(Builder& b, Value query, Value key, Value value, double dropout_p, bool is_causal,
                                 Value attn_mask, std::optional<double> scale) {
  if (DropsOut(b, dropout_p)) return {};
  const Attended a = {query, key, value, attn_mask, is_causal, scale, true};
  return {form(b, a), b.ToResultType(LogOfSums(b, a), 1)};
}

constexpr std::string_view kSdpa =
    "aten::scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask=None, "
    "float dropout_p=0.0, bool is_causal=False, *, float? scale=None, bool enable_gqa=False) -> Tensor";
constexpr std::string_view kFlashForCpu =
    "aten::_scaled_dot_product_flash_attention_for_cpu(Tensor query, Tensor key, Tensor value, float dropout_p=0., "
    "bool is_causal=False, *, Tensor? attn_mask=None, float? scale=None) -> (Tensor output, Tensor logsumexp)";

constexpr Lowering kTable[] = {
    Lower<Sdpa<AsOperator>>(kSdpa).Since(23),
    Lower<Sdpa<Composed>>(kSdpa).Until(22),
    Lower<FlashForCpu<AsOperator>>(kFlashForCpu).Since(23),
    Lower<FlashForCpu<Composed>>(kFlashForCpu).Until(22),
    Lower<Math>("aten::_scaled_dot_product_attention_math(Tensor query, Tensor key, Tensor value, Tensor? attn_mask=None, "
                "float dropout_p=0., bool is_causal=False, Tensor? dropout_mask=None, *, float? scale=None, "
                "bool enable_gqa=False) -> (Tensor, Tensor)"),
};

}  // namespace

std::span<const Lowering> AttentionLowerings() { return kTable; }

}  // namespace fairlead::aten
