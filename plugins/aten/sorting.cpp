// Order: sorting, the largest few, distinct values, and places in a sorted list.
#include "extremes.hpp"
#include "families.hpp"

namespace fairlead::aten {
namespace {

std::array<Value, 2> FirstOf(Builder& b, Value self, const Dim& k, int64_t dim, bool descending) {
  const Ranked ranked = FirstInOrder(b, self, k, b.Axis(dim, self.rank()), descending);
  return {ranked.values, ranked.indices};
}

std::array<Value, 2> Sorted(Builder& b, Value self, int64_t dim, bool descending) {
  return FirstOf(b, self, self.rank() == 0 ? Dim(1) : self.dim(dim), dim, descending);
}
std::array<Value, 2> Sort(Builder& b, Value self, int64_t dim, bool descending) { return Sorted(b, self, dim, descending); }
std::array<Value, 2> SortStable(Builder& b, Value self, NoEffect<std::optional<bool>> /*stable: it always is*/, int64_t dim,
                                bool descending) {
  return Sorted(b, self, dim, descending);
}
Value Argsort(Builder& b, Value self, int64_t dim, bool descending) { return Sorted(b, self, dim, descending)[1]; }
Value ArgsortStable(Builder& b, Value self, NoEffect<bool> /*stable: it always is*/, int64_t dim, bool descending) {
  return Sorted(b, self, dim, descending)[1];
}
Value Msort(Builder& b, Value self) { return Sorted(b, self, 0, false)[0]; }

std::array<Value, 2> Topk(Builder& b, Value self, Dim k, int64_t dim, bool largest,
                          NoEffect<bool> /*sorted: it always is*/) {
  return FirstOf(b, self, k, dim, largest);
}

// ---- distinct values ----

struct Distinct {
  Value values, inverse, counts;
};

// _unique2 leaves out what it was not asked for as an empty tensor.
Distinct DistinctOf(Builder& b, Value self, std::optional<int64_t> axis, bool sorted, bool inverse, bool counts) {
  const Value data = self.dtype() == DType::kBool ? b.ToType(self, DType::kInt64) : self;
  const auto unique = b.Unique(data, {.axis = axis, .sorted = sorted}, 4);
  const Value nothing = b.Constant(Ints(std::span<const int64_t>()));
  Value places = nothing;
  if (inverse) places = axis ? unique.inverse_indices : b.Reshape(unique.inverse_indices, self.dims());
  return {b.ToType(unique.Y, self.dtype()), places, counts ? unique.counts : nothing};
}

// Whether or not it is asked for, torch sorts on the CPU.
Distinct Unique2(Builder& b, Value self, NoEffect<bool> /*sorted*/, bool return_inverse, bool return_counts) {
  return DistinctOf(b, self, std::nullopt, true, return_inverse, return_counts);
}
// unique_dim returns all three in any case.
Distinct UniqueDim(Builder& b, Value self, int64_t dim, NoEffect<bool> /*sorted*/, NoEffect<bool> /*return_inverse*/,
                   NoEffect<bool> /*return_counts*/) {
  return DistinctOf(b, self, b.Axis(dim, self.rank()), true, true, true);
}

// Runs of equal values along an axis (of equal slices), or of the flattened tensor.
Distinct RunsOf(Builder& b, Value self, std::optional<int64_t> dim, bool inverse, bool counts) {
  const bool whole = !dim || self.rank() == 0;
  const int64_t axis = whole ? 0 : b.Axis(*dim, self.rank());
  const Value x = whole ? b.Reshape(self, {-1}) : self;
  std::vector<int64_t> others;
  for (int64_t i = 0; i < x.rank(); ++i)
    if (i != axis) others.push_back(i);
  const Value later = b.Slice(x, axis, 1, INT64_MAX), earlier = b.Slice(x, axis, 0, -1);
  Value changes = b.ToType(b.Not(b.Equal(later, earlier)), DType::kInt64);
  if (!others.empty()) changes = b.Min({b.ReduceSum(changes, others, false), b.Constant(1, DType::kInt64)});
  // The first is new wherever there is one.
  const Value first = b.Ones({b.Least(x.dim(axis), 1)}, DType::kInt64);
  const Value is_new = b.Concat({first, changes}, {.axis = 0});
  const Value begins = b.Reshape(b.NonZero(is_new), {-1});
  const Value nothing = b.Constant(Ints(std::span<const int64_t>()));
  Value places = nothing, lengths = nothing;
  if (inverse) {
    const Value run = b.Sub(b.CumSum(is_new, b.Constant(0, DType::kInt64)), b.Constant(1, DType::kInt64));
    places = whole ? b.Reshape(run, self.dims()) : run;
  }
  if (counts) {
    const Value ends = b.Concat({begins, b.Reshape(b.ToValue(x.dim(axis)), {1})}, {.axis = 0});
    lengths = b.Sub(b.Slice(ends, 0, 1, INT64_MAX), begins);
  }
  return {b.Gather(x, begins, {.axis = axis}), places, lengths};
}
Distinct UniqueConsecutive(Builder& b, Value self, bool return_inverse, bool return_counts, std::optional<int64_t> dim) {
  return RunsOf(b, self, dim, return_inverse, return_counts);
}

// ---- membership ----

using AssumeUnique = NoEffect<bool>;

// Every element against every test element; both take part in promotion.
template <class X, class Y> Value IsIn(Builder& b, X elements, Y test_elements, AssumeUnique, bool invert) {
  auto [x, y] = b.Promote(elements, test_elements);
  const Value equal = b.Equal(b.Unsqueeze(x, {x.rank()}), b.Reshape(y, {-1}));
  const Value hits = b.ReduceSum(b.ToType(equal, DType::kInt64), {x.rank()}, false);
  const Value none = b.Equal(hits, b.Like(hits, 0));
  return invert ? none : b.Not(none);
}

// ---- places in a sorted list ----

// How many of the sorted values come before each number: those that are less, or with `right` not greater. All come
// before a NaN.
Value PlacesIn(Builder& b, Value sorted, Value numbers, bool out_int32, bool right) {
  const auto [list, x] = b.Promote(sorted, numbers);
  // [… , n] against [… , m, 1]; a 1-D list meets numbers of any rank.
  const Value row = list.rank() > 1 ? b.Unsqueeze(list, {list.rank() - 1}) : list;
  const Value column = b.Unsqueeze(x, {x.rank()});
  const Value before = b.Not(right ? b.Greater(row, column) : b.GreaterOrEqual(row, column));
  const Value counts = b.ReduceSum(b.ToType(before, DType::kInt64), {before.rank() - 1}, false);
  return out_int32 ? b.ToType(counts, DType::kInt32) : counts;
}

Value Bucketize(Builder& b, Value self, Value boundaries, bool out_int32, bool right) {
  return PlacesIn(b, boundaries, self, out_int32, right);
}
Value BucketizeScalar(Builder& b, Scalar self, Value boundaries, bool out_int32, bool right) {
  return PlacesIn(b, boundaries, b.Constant(self, self.dtype()), out_int32, right);
}
Value Searchsorted(Builder& b, Value sorted_sequence, Value self, bool out_int32, bool right,
                   std::optional<std::string_view> side, Value sorter) {
  if (side && *side != "left" && *side != "right") return b.Unsupported("side='{}'", *side);
  const Value sorted =
      sorter ? b.GatherElements(sorted_sequence, b.ToType(sorter, DType::kInt64), {.axis = -1}) : sorted_sequence;
  return PlacesIn(b, sorted, self, out_int32, right || side == "right");
}

Value SearchsortedScalar(Builder& b, Value sorted_sequence, Scalar self, bool out_int32, bool right,
                         std::optional<std::string_view> side, Value sorter) {
  return Searchsorted(b, sorted_sequence, b.Constant(self, self.dtype()), out_int32, right, side, sorter);
}

#define FL_ORDERED "(Tensor values, Tensor indices)"
#define FL_MEMBERS "*, bool assume_unique=False, bool invert=False) -> Tensor"
#define FL_PLACES "bool out_int32=False, bool right=False"

constexpr Lowering kTable[] = {
    Lower<Sort>("aten::sort(Tensor self, int dim=-1, bool descending=False) -> " FL_ORDERED),
    Lower<SortStable>("aten::sort.stable(Tensor self, *, bool? stable, int dim=-1, bool descending=False) -> " FL_ORDERED),
    Lower<Argsort>("aten::argsort(Tensor self, int dim=-1, bool descending=False) -> Tensor"),
    Lower<ArgsortStable>("aten::argsort.stable(Tensor self, *, bool stable, int dim=-1, bool descending=False) -> Tensor"),
    Lower<Msort>("aten::msort(Tensor self) -> Tensor"),
    Lower<Topk>("aten::topk(Tensor self, SymInt k, int dim=-1, bool largest=True, bool sorted=True) -> " FL_ORDERED),
    Lower<Unique2>("aten::_unique2(Tensor self, bool sorted=True, bool return_inverse=False, bool return_counts=False) -> "
                   "(Tensor, Tensor, Tensor)"),
    Lower<UniqueDim>("aten::unique_dim(Tensor self, int dim, bool sorted=True, bool return_inverse=False, "
                     "bool return_counts=False) -> (Tensor, Tensor, Tensor)"),
    Lower<UniqueConsecutive>("aten::unique_consecutive(Tensor self, bool return_inverse=False, bool return_counts=False, "
                             "int? dim=None) -> (Tensor, Tensor, Tensor)"),
    Lower<IsIn<Value, Value>>("aten::isin.Tensor_Tensor(Tensor elements, Tensor test_elements, " FL_MEMBERS),
    Lower<IsIn<Value, Scalar>>("aten::isin.Tensor_Scalar(Tensor elements, Scalar test_element, " FL_MEMBERS),
    Lower<IsIn<Scalar, Value>>("aten::isin.Scalar_Tensor(Scalar element, Tensor test_elements, " FL_MEMBERS),
    Lower<Bucketize>("aten::bucketize.Tensor(Tensor self, Tensor boundaries, *, " FL_PLACES ") -> Tensor"),
    Lower<BucketizeScalar>("aten::bucketize.Scalar(Scalar self, Tensor boundaries, *, " FL_PLACES ") -> Tensor"),
    Lower<Searchsorted>("aten::searchsorted.Tensor(Tensor sorted_sequence, Tensor self, *, " FL_PLACES
                        ", str? side=None, Tensor? sorter=None) -> Tensor"),
    Lower<SearchsortedScalar>("aten::searchsorted.Scalar(Tensor sorted_sequence, Scalar self, *, " FL_PLACES
                              ", str? side=None, Tensor? sorter=None) -> Tensor"),
};

}  // namespace

std::span<const Lowering> SortingLowerings() { return kTable; }

}  // namespace fairlead::aten
