// Order statistics: medians, the k-th smallest, the most frequent, quantiles.
#include <algorithm>
#include <cmath>

#include "extremes.hpp"
#include "families.hpp"

namespace fairlead::aten {
namespace {

using Pair = std::array<Value, 2>;

// The pair at one position of the axis for each row; `positions` has size 1 there.
Pair At(Builder& b, const Ranked& ranked, Value positions, int64_t axis, bool keepdim) {
  const auto picked = [&](Value from) {
    const Value value = b.GatherElements(from, positions, {.axis = axis});
    return keepdim ? value : b.Squeeze(value, {axis});
  };
  return {picked(ranked.values), picked(ranked.indices)};
}

// ---- medians ----

// The lower of the two in the middle. With a NaN in the row it is the first NaN; nanmedian leaves NaN out, unless there
// is nothing else.
Pair MedianAlong(Builder& b, Value x, int64_t axis, bool keepdim, bool ignore_nan) {
  if (!IsFloat(x.dtype())) {
    const Dim k = b.FloorDivide(b.Plus(x.dim(axis), 1), 2);
    const Ranked ranked = FirstInOrder(b, x, k, axis, false);
    const auto last = [&](Value from) {
      const Value value = b.Slice(from, axis, -1, INT64_MAX);
      return keepdim ? value : b.Squeeze(value, {axis});
    };
    return {last(ranked.values), last(ranked.indices)};
  }
  const auto number = [&](int64_t n) { return b.Constant(n, DType::kInt64); };
  const Value missing = b.ReduceSum(b.ToType(b.IsNaN(x), DType::kInt64), {axis}, true);
  const Value present = b.Sub(b.ToValue(x.dim(axis)), missing);
  const Value middle = b.Div(b.Max({b.Sub(present, number(1)), number(0)}), number(2));
  const Value place = ignore_nan ? middle : b.Where(b.Greater(missing, number(0)), present, middle);
  return At(b, InOrder(b, x, axis, false), place, axis, keepdim);
}

template <bool ignore_nan> Pair MedianDim(Builder& b, Value self, int64_t dim, bool keepdim) {
  const int64_t axis = b.Axis(dim, self.rank());
  if (self.rank() == 0) return {self, b.Constant(0, DType::kInt64)};
  return MedianAlong(b, self, axis, keepdim, ignore_nan);
}
template <bool ignore_nan> Value Median(Builder& b, Value self) {
  if (self.rank() == 0) return self;
  const Value x = b.Reshape(self, {-1});
  if (x.static_dim(0) == 0) {
    if (!IsFloat(self.dtype())) return b.Unsupported("self has no elements");
    return b.Like(self, NAN);
  }
  return MedianAlong(b, x, 0, false, ignore_nan)[0];
}

Pair Kthvalue(Builder& b, Value self, Dim k, int64_t dim, bool keepdim) {
  const int64_t axis = b.Axis(dim, self.rank());
  if (self.rank() == 0) return {self, b.Constant(0, DType::kInt64)};
  const Ranked ranked = FirstInOrder(b, self, k, axis, false);
  const auto last = [&](Value from) {
    const Value value = b.Slice(from, axis, -1, INT64_MAX);
    return keepdim ? value : b.Squeeze(value, {axis});
  };
  return {last(ranked.values), last(ranked.indices)};
}

// ---- the most frequent ----

// The smallest of the most frequent values, and where the last of them stands. In ascending order equal values are a run;
// runs are numbered and counted, and the first of the longest is taken.
Pair Mode(Builder& b, Value self, int64_t dim, bool keepdim) {
  const int64_t axis = b.Axis(dim, self.rank());
  if (self.rank() == 0) return {self, b.Constant(0, DType::kInt64)};
  const Ranked ranked = InOrder(b, self, axis, false);
  const Value along = b.Constant(axis, DType::kInt64);
  const Value values = ranked.values;
  const Value later = b.Slice(values, axis, 1, INT64_MAX), earlier = b.Slice(values, axis, 0, -1);
  const Value changes = b.ToType(b.Not(b.Equal(later, earlier)), DType::kInt64);
  const Value zeros = b.Zeros(self.dims(), DType::kInt64);
  const Value run = b.CumSum(b.Concat({b.Slice(zeros, axis, 0, 1), changes}, {.axis = axis}), along);
  const Value counts =
      b.ScatterElements(zeros, run, b.Ones(self.dims(), DType::kInt64), {.axis = axis, .reduction = "add"});
  const Value longest = b.ArgMax(counts, {.axis = axis, .keepdims = 1});
  const Value ends = b.GatherElements(b.CumSum(counts, along), longest, {.axis = axis});
  return At(b, ranked, b.Sub(ends, b.Constant(1, DType::kInt64)), axis, keepdim);
}

// ---- quantiles ----

// Where quantile q of each row stands between its sorted values, rounded as `interpolation` has it. A row with a NaN has
// its last place, where a NaN stands; nanquantile counts the numbers alone.
Value RanksOf(Builder& b, Value sorted, Value q, std::string_view interpolation, bool ignore_nan) {
  const int64_t axis = sorted.rank() - 1;
  const Value one = b.Like(sorted, 1), zero = b.Like(sorted, 0);
  Value ranks;
  if (ignore_nan) {
    const Value present = b.ToType(b.Not(b.IsNaN(sorted)), sorted.dtype());
    ranks = b.Max({b.Mul(q, b.Sub(b.ReduceSum(present, {axis}, true), one)), zero});
  } else {
    const Value last = b.ToType(b.ToValue(b.Minus(sorted.dim(axis), 1)), sorted.dtype());
    ranks = b.Where(b.IsNaN(b.Slice(sorted, axis, -1, INT64_MAX)), last, b.Mul(q, last));
  }
  if (interpolation == "lower") return b.Floor(ranks);
  if (interpolation == "higher") return b.Ceil(ranks);
  return interpolation == "nearest" ? b.Round(ranks) : ranks;
}

// The numbers at `ranks` of the last axis, between two of them where a rank is no whole number.
Value Interpolated(Builder& b, Value sorted, Value ranks, std::string_view interpolation) {
  const int64_t axis = sorted.rank() - 1;
  const Value below = b.ToType(ranks, DType::kInt64);
  const Value low = b.GatherElements(sorted, below, {.axis = axis});
  if (interpolation != "linear" && interpolation != "midpoint") return low;
  const Value high = b.GatherElements(sorted, b.ToType(b.Ceil(ranks), DType::kInt64), {.axis = axis});
  const Value distance = b.Sub(high, low), half = b.Like(sorted, 0.5);
  if (interpolation == "midpoint") return b.Sub(high, b.Mul(distance, half));
  // As lerp has it: from the nearer end.
  const Value weight = b.Sub(ranks, b.ToType(below, sorted.dtype()));
  return b.Where(b.Less(weight, half), b.Add(low, b.Mul(distance, weight)),
                 b.Sub(high, b.Mul(distance, b.Sub(b.Like(sorted, 1), weight))));
}

Value QuantileOf(Builder& b, Value self, Value q, std::optional<int64_t> dim, bool keepdim, std::string_view interpolation,
                 bool ignore_nan) {
  constexpr std::string_view kKnown[] = {"linear", "lower", "higher", "midpoint", "nearest"};
  if (std::ranges::find(kKnown, interpolation) == std::end(kKnown))
    return b.Unsupported("interpolation='{}'", interpolation);
  if (q.rank() > 1) return b.Unsupported("q has rank {}, wanted 0 or 1", q.rank());
  const int rank = self.rank();
  const bool whole = !dim || rank == 0;
  const int64_t axis = whole ? 0 : b.Axis(*dim, rank);
  // The axis comes last; many quantiles go first in the end.
  Value x = whole ? b.Reshape(self, {-1}) : self;
  std::vector<int64_t> order;
  for (int64_t i = 0; i < x.rank(); ++i)
    if (i != axis) order.push_back(i);
  order.push_back(axis);
  if (axis != x.rank() - 1) x = b.Transpose(x, {.perm = order});
  const Value sorted = InOrder(b, x, x.rank() - 1, false).values;
  const Value at = q.rank() == 0 ? b.Reshape(q, {1}) : q;
  Value out = Interpolated(b, sorted, RanksOf(b, sorted, at, interpolation, ignore_nan), interpolation);
  const int64_t last = out.rank() - 1;
  if (q.rank() == 0) {
    out = b.Squeeze(out, {last});
  } else if (last > 0) {
    std::vector<int64_t> front = {last};
    for (int64_t i = 0; i < last; ++i) front.push_back(i);
    out = b.Transpose(out, {.perm = front});
  }
  if (!keepdim || rank == 0) return out;
  std::vector<int64_t> ones;
  for (int64_t i = 0; i < (whole ? rank : 1); ++i) ones.push_back(q.rank() + axis + i);
  return b.Unsqueeze(out, ones);
}

template <bool ignore_nan>
Value Quantile(Builder& b, Value self, Value q, std::optional<int64_t> dim, bool keepdim, std::string_view interpolation) {
  return QuantileOf(b, self, q, dim, keepdim, interpolation, ignore_nan);
}
template <bool ignore_nan>
Value QuantileScalar(Builder& b, Value self, double q, std::optional<int64_t> dim, bool keepdim,
                     std::string_view interpolation) {
  return QuantileOf(b, self, b.Like(self, q), dim, keepdim, interpolation, ignore_nan);
}

#define FL_PAIR "(Tensor values, Tensor indices)"
#define FL_QUANTILE "int? dim=None, bool keepdim=False, *, str interpolation=\"linear\") -> Tensor"

constexpr Lowering kTable[] = {
    Lower<Median<false>>("aten::median(Tensor self) -> Tensor"),
    Lower<MedianDim<false>>("aten::median.dim(Tensor self, int dim, bool keepdim=False) -> " FL_PAIR),
    Lower<Median<true>>("aten::nanmedian(Tensor self) -> Tensor"),
    Lower<MedianDim<true>>("aten::nanmedian.dim(Tensor self, int dim, bool keepdim=False) -> " FL_PAIR),
    Lower<Kthvalue>("aten::kthvalue(Tensor self, SymInt k, int dim=-1, bool keepdim=False) -> " FL_PAIR),
    Lower<Mode>("aten::mode(Tensor self, int dim=-1, bool keepdim=False) -> " FL_PAIR),
    Lower<Quantile<false>>("aten::quantile(Tensor self, Tensor q, " FL_QUANTILE),
    Lower<QuantileScalar<false>>("aten::quantile.scalar(Tensor self, float q, " FL_QUANTILE),
    Lower<Quantile<true>>("aten::nanquantile(Tensor self, Tensor q, " FL_QUANTILE),
    Lower<QuantileScalar<true>>("aten::nanquantile.scalar(Tensor self, float q, " FL_QUANTILE),
};

}  // namespace

std::span<const Lowering> OrderLowerings() { return kTable; }

}  // namespace fairlead::aten
