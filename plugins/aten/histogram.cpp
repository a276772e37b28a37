// Counting numbers by bins: histograms of one and of many axes, and how often each whole number occurs.
#include <cmath>

#include "extremes.hpp"
#include "families.hpp"

namespace fairlead::aten {
namespace {

using Range = std::optional<Floats>;
using Pair = std::array<Value, 2>;

Value Flat(Builder& b, Value x) { return b.Reshape(x, {-1}); }

// How many (or how much of `weights`) goes to each of `count` places; a number at place `count` goes nowhere.
Value Tally(Builder& b, Value places, const Dim& count, Value weights) {
  const Value slots = b.Zeros({b.Plus(count, 1)}, weights.dtype());
  return b.Slice(b.ScatterElements(slots, places, weights, {.reduction = "add"}), 0, 0, count);
}

// Counts are kept in float where the type is narrower.
Value WeightsOf(Builder& b, Value weight, Value numbers) {
  const DType type = BitWidth(numbers.dtype()) < 32 ? DType::kFloat : numbers.dtype();
  return weight ? b.ToType(Flat(b, weight), type) : b.Ones(numbers.dims(), type);
}

// ---- bins ----

struct Ends {
  Value low, high;
};

// Equal ends are moved apart by `by` each.
Ends Apart(Builder& b, Value low, Value high, double by) {
  const Value same = b.Equal(low, high), step = b.Like(low, by);
  return {b.Where(same, b.Sub(low, step), low), b.Where(same, b.Add(high, step), high)};
}

// bins + 1 edges at equal distances, counted from the nearer end as linspace does.
Value EdgesBetween(Builder& b, const Ends& ends, int64_t bins) {
  if (bins < 1 || bins == INT64_MAX) return b.Unsupported("bins={}", bins);
  const Value index = b.ToType(b.Iota(bins + 1), ends.low.dtype());
  const Value step = b.Div(b.Sub(ends.high, ends.low), b.Like(ends.low, bins));
  const Value from_low = b.Add(ends.low, b.Mul(step, index));
  const Value from_high = b.Sub(ends.high, b.Mul(step, b.Sub(b.Like(index, bins), index)));
  return b.Where(b.Less(index, b.Like(index, (bins + 1) / 2)), from_low, from_high);
}

// Where each number falls among the edges, `bins` for those outside. Bins are closed below, the last one above as well.
Value PlacesAmong(Builder& b, Value numbers, Value edges, const Dim& bins) {
  const Value column = b.Unsqueeze(numbers, {1});
  const Value reached = b.ReduceSum(b.ToType(b.GreaterOrEqual(column, edges), DType::kInt64), {1}, false);
  const Value count = b.ToValue(bins), one = b.Constant(1, DType::kInt64);
  const Value inside =
      b.And(b.GreaterOrEqual(numbers, b.Select(edges, 0, 0)), b.LessOrEqual(numbers, b.Select(edges, 0, -1)));
  return b.Where(inside, b.Min({b.Sub(reached, one), b.Sub(count, one)}), count);
}

// ---- histograms ----

// One bin for each combination of bins of the columns.
Value HistogramOf(Builder& b, const std::vector<Value>& columns, const std::vector<Value>& edges, Value weight,
                  bool density) {
  if (columns.empty() || columns.size() != edges.size())
    return b.Unsupported("bins has {} items for {} columns", edges.size(), columns.size());
  Dims bins;
  for (const Value& list : edges) bins.push_back(b.Minus(list.dim(0), 1));
  const Dim total = b.Product(bins);
  Value place, inside;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Value among = PlacesAmong(b, columns[i], edges[i], bins[i]);
    const Value within = b.Less(among, b.ToValue(bins[i]));
    place = i == 0 ? among : b.Add(b.Mul(place, b.ToValue(bins[i])), among);
    inside = i == 0 ? within : b.And(inside, within);
  }
  if (columns.size() > 1) place = b.Where(inside, place, b.ToValue(total));
  Value hist = Tally(b, place, total, WeightsOf(b, weight, columns[0]));
  if (density) hist = b.Div(hist, b.ReduceSum(hist, {}, false));
  hist = b.Reshape(hist, bins);
  for (std::size_t i = 0; density && i < edges.size(); ++i) {
    std::vector<int64_t> sizes(edges.size(), 1);
    sizes[i] = -1;
    const Value widths = b.Sub(b.Slice(edges[i], 0, 1, INT64_MAX), b.Slice(edges[i], 0, 0, -1));
    hist = b.Div(hist, b.Reshape(widths, b.Constant(sizes)));
  }
  return b.ToType(hist, columns[0].dtype());
}

// The ends of the bins of a column: given, or those of the numbers.
Ends EndsOf(Builder& b, Value column, const Range& range, std::size_t i) {
  Ends ends{b.Like(column, 0), b.Like(column, 1)};
  if (range && range->size() < 2 * i + 2) return b.Unsupported("range has {} numbers", range->size()), ends;
  if (range)
    ends = {b.Like(column, (*range)[2 * i]), b.Like(column, (*range)[2 * i + 1])};
  else if (column.static_dim(0) != 0)
    ends = {Extreme(b, column, {0}, false, false), Extreme(b, column, {0}, false, true)};
  return Apart(b, ends.low, ends.high, 0.5);
}

Pair HistogramBins(Builder& b, Value self, Value bins, Value weight, bool density) {
  return {HistogramOf(b, {Flat(b, self)}, {bins}, weight, density), bins};
}
Pair HistogramCount(Builder& b, Value self, int64_t bins, Range range, Value weight, bool density) {
  const Value column = Flat(b, self);
  const Value edges = EdgesBetween(b, EndsOf(b, column, range, 0), bins);
  return {HistogramOf(b, {column}, {edges}, weight, density), edges};
}

constexpr int64_t kMostColumns = 1024;  // each has nodes of its own

// The columns of the last axis.
std::vector<Value> ColumnsOf(Builder& b, Value self) {
  const auto count = self.static_dim(-1);
  if (self.rank() < 2 || !count) {
    b.Unsupported("self has rank {}, wanted at least 2 with a static last size", self.rank());
    return {};
  }
  if (*count > kMostColumns) {
    b.Unsupported("self has {} columns, wanted at most {}", *count, kMostColumns);
    return {};
  }
  const Value rows = self.rank() == 2 ? self : b.Reshape(self, {-1, *count});
  std::vector<Value> columns;
  for (int64_t i = 0; i < *count; ++i) columns.push_back(b.Select(rows, 1, i));
  return columns;
}
std::vector<Value> EdgesOf(Builder& b, Value self, const std::vector<int64_t>& bins, const Range& range) {
  const std::vector<Value> columns = ColumnsOf(b, self);
  std::vector<Value> edges;
  for (std::size_t i = 0; i < columns.size() && i < bins.size(); ++i)
    edges.push_back(EdgesBetween(b, EndsOf(b, columns[i], range, i), bins[i]));
  return edges;
}
std::vector<Value> HistAndEdges(Builder& b, Value self, std::vector<Value> edges, Value weight, bool density) {
  const Value hist = HistogramOf(b, ColumnsOf(b, self), edges, weight, density);
  edges.insert(edges.begin(), hist);
  return edges;
}

std::vector<Value> HistogramddEdges(Builder& b, Value self, Ints bins, Range range, NoEffect<Value> /*weight*/,
                                    NoEffect<bool> /*density*/) {
  return EdgesOf(b, self, bins.ToVector(), range);
}
Value HistogramddFromCounts(Builder& b, Value self, Ints bins, Range range, Value weight, bool density) {
  return HistogramOf(b, ColumnsOf(b, self), EdgesOf(b, self, bins.ToVector(), range), weight, density);
}
Value HistogramddFromTensors(Builder& b, Value self, Values bins, Value weight, bool density) {
  return HistogramOf(b, ColumnsOf(b, self), bins.ToVector(), weight, density);
}
std::vector<Value> Histogramdd(Builder& b, Value self, Ints bins, Range range, Value weight, bool density) {
  return HistAndEdges(b, self, EdgesOf(b, self, bins.ToVector(), range), weight, density);
}
std::vector<Value> HistogramddInt(Builder& b, Value self, int64_t bins, Range range, Value weight, bool density) {
  const std::vector<int64_t> all(ColumnsOf(b, self).size(), bins);
  return HistAndEdges(b, self, EdgesOf(b, self, all, range), weight, density);
}
// Its range has no effect in torch.
std::vector<Value> HistogramddTensors(Builder& b, Value self, Values bins, NoEffect<Range> /*range*/, Value weight,
                                      bool density) {
  return HistAndEdges(b, self, bins.ToVector(), weight, density);
}

// Ends that are equal stand for those of the numbers. Unlike histogram, it does not look at the edges of the bins.
Value Histc(Builder& b, Value self, int64_t bins, Scalar min, Scalar max) {
  const Value x = Flat(b, self);
  if (bins < 1) return b.Unsupported("bins={}", bins);
  if (x.static_dim(0) == 0) return b.Zeros({bins}, x.dtype());
  Ends ends{b.Like(x, min), b.Like(x, max)};
  if (!min.IsStatic() || !max.IsStatic()) return b.Unsupported("min or max is known at run time only");
  if (min.AsDouble() == max.AsDouble()) {
    ends = {Extreme(b, x, {0}, false, false), Extreme(b, x, {0}, false, true)};
    ends = Apart(b, ends.low, ends.high, 1);
  }
  const Value scaled = b.Div(b.Mul(b.Sub(x, ends.low), b.Like(x, bins)), b.Sub(ends.high, ends.low));
  const Value inside = b.And(b.GreaterOrEqual(x, ends.low), b.LessOrEqual(x, ends.high));
  const Value place =
      b.Min({b.ToType(b.Where(inside, scaled, b.Like(x, 0)), DType::kInt64), b.Constant(bins - 1, DType::kInt64)});
  const Value counts = Tally(b, b.Where(inside, place, b.Constant(bins, DType::kInt64)), bins, WeightsOf(b, {}, x));
  return b.ToType(counts, x.dtype());
}

// As many counts as the largest number asks for, and at least `minlength`.
Value Bincount(Builder& b, Value self, Value weights, Dim minlength) {
  const Value x = b.ToType(self, DType::kInt64);
  const Value largest = b.ReduceMax(b.Concat({x, b.Constant({-1})}, {.axis = 0}), {0}, false);
  const Value count = b.Max({b.Add(largest, b.Constant(1, DType::kInt64)), b.ToValue(minlength)});
  Value units;
  if (weights) units = weights.dtype() == DType::kFloat ? weights : b.ToType(weights, DType::kDouble);
  return Tally(b, x, Dim(count), units ? units : b.Ones(x.dims(), DType::kInt64));
}

#define FL_WEIGHT "Tensor? weight=None, bool density=False) -> "
#define FL_RANGE "float[]? range=None, " FL_WEIGHT
#define FL_EDGES "(Tensor hist, Tensor bin_edges)"
#define FL_EDGE_LIST "(Tensor hist, Tensor[] bin_edges)"

constexpr Lowering kTable[] = {
    Lower<Histc>("aten::histc(Tensor self, int bins=100, Scalar min=0, Scalar max=0) -> Tensor"),
    Lower<HistogramBins>("aten::histogram.bins_tensor(Tensor self, Tensor bins, *, " FL_WEIGHT FL_EDGES),
    Lower<HistogramCount>("aten::histogram.bin_ct(Tensor self, int bins=100, *, " FL_RANGE FL_EDGES),
    Lower<HistogramddEdges>("aten::_histogramdd_bin_edges(Tensor self, int[] bins, *, " FL_RANGE "Tensor[]"),
    Lower<HistogramddFromCounts>("aten::_histogramdd_from_bin_cts(Tensor self, int[] bins, *, " FL_RANGE "Tensor"),
    Lower<HistogramddFromTensors>("aten::_histogramdd_from_bin_tensors(Tensor self, Tensor[] bins, *, " FL_WEIGHT "Tensor"),
    Lower<Histogramdd>("aten::histogramdd(Tensor self, int[] bins, " FL_RANGE FL_EDGE_LIST),
    Lower<HistogramddInt>("aten::histogramdd.int_bins(Tensor self, int bins, " FL_RANGE FL_EDGE_LIST),
    Lower<HistogramddTensors>("aten::histogramdd.TensorList_bins(Tensor self, Tensor[] bins, " FL_RANGE FL_EDGE_LIST),
    Lower<Bincount>("aten::bincount(Tensor self, Tensor? weights=None, SymInt minlength=0) -> Tensor"),
};

}  // namespace

std::span<const Lowering> HistogramLowerings() { return kTable; }

}  // namespace fairlead::aten
