// Sums, means and maxima over bags of embedding rows.
#include <algorithm>
#include <limits>

#include "families.hpp"

namespace fairlead::aten {
namespace {

enum class BagMode : int64_t { kSum = 0, kMean = 1, kMax = 2 };

struct Bags {
  Value output, offset2bag, bag_size, max_indices;
};

// Which bag each index belongs to: how many offsets, the first one aside, are not greater than its place.
Value BagOfPlace(Builder& b, Value offsets, const Dim& count) {
  const Value places = b.Unsqueeze(b.Iota(count), {1});
  const Value begun = b.LessOrEqual(b.Unsqueeze(offsets, {0}), places);
  return b.Sub(b.ReduceSum(b.ToType(begun, DType::kInt64), {1}, false), b.Constant(1, DType::kInt64));
}

// A result that nothing reads, in the shape that PyTorch recorded.
Value Unread(Builder& b, std::size_t result) {
  Dims sizes;
  for (const int64_t size : b.ResultType(result).sizes) sizes.push_back(std::max<int64_t>(size, 0));
  return b.Zeros(sizes, DType::kInt64);
}

Bags EmbeddingBag(Builder& b, Value weight, Value indices, Value offsets, NoEffect<bool> /*scale_grad_by_freq*/,
                  int64_t mode, NoEffect<bool> /*sparse*/, Value per_sample_weights, bool include_last_offset,
                  std::optional<int64_t> padding_idx) {
  if (mode < 0 || mode > 2) {
    b.Unsupported("mode={}", mode);
    return {};
  }
  const auto kind = static_cast<BagMode>(mode);
  // Runtimes neither add narrow floats where they scatter nor compare them.
  const DType type = weight.dtype();
  if (BitWidth(type) == 16) weight = b.ToType(weight, DType::kFloat);
  const Value places = b.ToType(indices, DType::kInt64);
  Value starts = b.ToType(offsets, DType::kInt64);
  if (include_last_offset) starts = b.Slice(starts, 0, 0, -1);
  const Dim bags = starts.dim(0), width = weight.dim(1);
  const Value bag = BagOfPlace(b, starts, places.dim(0));
  Value rows = b.Gather(weight, places);
  // A padding index counts for nothing, neither in the sum nor in the number of rows.
  Value counted = b.Expand(b.Constant(1, DType::kInt64), b.Shape(places));
  if (padding_idx && *padding_idx >= 0)
    counted = b.ToType(b.Not(b.Equal(places, b.Constant(*padding_idx, DType::kInt64))), DType::kInt64);
  if (per_sample_weights) rows = b.Mul(rows, b.Unsqueeze(b.ToType(per_sample_weights, rows.dtype()), {1}));
  const Value index = b.Expand(b.Unsqueeze(bag, {1}), b.Shape(rows));
  const Value sizes = b.ScatterElements(b.Zeros({bags}, DType::kInt64), bag, counted, {.axis = 0, .reduction = "add"});
  const Value kept = b.ToType(b.Unsqueeze(counted, {1}), DType::kBool);
  const bool largest = kind == BagMode::kMax;
  const Value ignored = b.Like(rows, largest ? -std::numeric_limits<double>::infinity() : 0.0);
  const Value start = b.Expand(ignored, b.ShapeOf({bags, width}));
  Value out =
      b.ScatterElements(start, index, b.Where(kept, rows, ignored), {.axis = 0, .reduction = largest ? "max" : "add"});
  const Value empty = b.Unsqueeze(b.Equal(sizes, b.Constant(0, DType::kInt64)), {1});
  if (kind == BagMode::kMean) {
    const Value divisor = b.Max({sizes, b.Constant(1, DType::kInt64)});
    out = b.Div(out, b.ToType(b.Unsqueeze(divisor, {1}), rows.dtype()));
  }
  if (largest) out = b.Where(empty, b.Like(rows, 0), out);
  // What the other results hold is the business of torch's backward pass, and differs between its own code paths.
  for (std::size_t i = 1; i < 4; ++i)
    if (b.IsResultUsed(i)) {
      b.Unsupported("its result {} is used: it is bookkeeping for the backward pass", i);
      return {};
    }
  return {b.ToType(out, type), Unread(b, 1), Unread(b, 2), Unread(b, 3)};
}

// Here a padding index counts from the back where it is negative.
Bags EmbeddingBagPadded(Builder& b, Value weight, Value indices, Value offsets, NoEffect<bool> scale_grad_by_freq,
                        int64_t mode, NoEffect<bool> sparse, Value per_sample_weights, bool include_last_offset,
                        std::optional<int64_t> padding_idx) {
  const auto rows = weight.static_dim(0);
  if (padding_idx && *padding_idx < 0 && !rows) {
    b.Unsupported("padding_idx={} of a symbolic number of rows", *padding_idx);
    return {};
  }
  if (padding_idx && *padding_idx < 0) *padding_idx += *rows;
  return EmbeddingBag(b, weight, indices, offsets, scale_grad_by_freq, mode, sparse, per_sample_weights,
                      include_last_offset, padding_idx);
}

// The variants without padding_idx in their signature.
Bags EmbeddingBagPlain(Builder& b, Value weight, Value indices, Value offsets, NoEffect<bool> scale_grad_by_freq,
                       int64_t mode, NoEffect<bool> sparse, Value per_sample_weights, bool include_last_offset) {
  return EmbeddingBag(b, weight, indices, offsets, scale_grad_by_freq, mode, sparse, per_sample_weights,
                      include_last_offset, std::nullopt);
}
Bags EmbeddingBagInternal(Builder& b, Value weight, Value indices, Value offsets, NoEffect<bool> scale_grad_by_freq,
                          int64_t mode, NoEffect<bool> sparse, Value per_sample_weights, bool include_last_offset,
                          int64_t padding_idx) {
  return EmbeddingBag(b, weight, indices, offsets, scale_grad_by_freq, mode, sparse, per_sample_weights,
                      include_last_offset, padding_idx);
}

#define FL_BAG "Tensor weight, Tensor indices, Tensor offsets, "
#define FL_BAG_DEFAULTS                                                                             \
  FL_BAG                                                                                            \
  "bool scale_grad_by_freq=False, int mode=0, bool sparse=False, Tensor? per_sample_weights=None, " \
  "bool include_last_offset=False"

constexpr Lowering kTable[] = {
    Lower<EmbeddingBagPlain>("aten::embedding_bag(" FL_BAG_DEFAULTS ") -> (Tensor, Tensor, Tensor, Tensor)")
        .Note("only the first result"),
    Lower<EmbeddingBagPadded>("aten::embedding_bag.padding_idx(" FL_BAG
                              "bool scale_grad_by_freq, int mode, bool sparse, Tensor? per_sample_weights, "
                              "bool include_last_offset, int? padding_idx) -> (Tensor, Tensor, Tensor, Tensor)"),
    Lower<EmbeddingBagInternal>("aten::_embedding_bag(" FL_BAG_DEFAULTS
                                ", int padding_idx=-1) -> (Tensor, Tensor, Tensor, Tensor)"),
    Lower<EmbeddingBagInternal>("aten::_embedding_bag_forward_only(" FL_BAG_DEFAULTS
                                ", int padding_idx=-1) -> (Tensor, Tensor, Tensor, Tensor)"),
};

}  // namespace

std::span<const Lowering> EmbeddingBagLowerings() { return kTable; }

}  // namespace fairlead::aten
