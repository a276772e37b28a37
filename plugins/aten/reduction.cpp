// Many numbers into one: sums, means, extremes, norms, counts; and differences of neighbours.
#include <cmath>

#include "extremes.hpp"
#include "families.hpp"

namespace fairlead::aten {
namespace {

// The axes to reduce over; empty means all of them, as ONNX's reductions have it too. A 0-d tensor has none.
std::vector<int64_t> AxesOf(Builder& b, Value self, const std::optional<Ints>& dim) {
  if (!dim || dim->empty() || self.rank() == 0) return {};
  return b.Axes(*dim, self.rank());
}

// How many numbers meet in one result.
Dim CountOver(Builder& b, Value self, const std::vector<int64_t>& axes) {
  if (axes.empty()) return b.CountOf(self);
  Dims sizes;
  for (const int64_t axis : axes) sizes.push_back(self.dim(axis));
  return b.Product(sizes);
}

// Sums of integers and bools are int64 unless another dtype is asked for.
Value Summand(Builder& b, Value self, std::optional<DType> dtype) {
  if (dtype) return b.ToType(self, *dtype);
  return IsFloat(self.dtype()) || IsComplex(self.dtype()) ? self : b.ToType(self, DType::kInt64);
}

Value SumDims(Builder& b, Value self, std::optional<Ints> dim, bool keepdim, std::optional<DType> dtype) {
  return b.ReduceSum(Summand(b, self, dtype), AxesOf(b, self, dim), keepdim);
}
Value Sum(Builder& b, Value self, std::optional<DType> dtype) { return SumDims(b, self, std::nullopt, false, dtype); }

Value MeanDims(Builder& b, Value self, std::optional<Ints> dim, bool keepdim, std::optional<DType> dtype) {
  return b.ReduceMean(dtype ? b.ToType(self, *dtype) : self, AxesOf(b, self, dim), keepdim);
}
Value Mean(Builder& b, Value self, std::optional<DType> dtype) { return MeanDims(b, self, std::nullopt, false, dtype); }

Value ProdDim(Builder& b, Value self, int64_t dim, bool keepdim, std::optional<DType> dtype) {
  if (dtype == DType::kBool) return b.Aten("aten::all.dim", {{"self", self}, {"dim", dim}, {"keepdim", keepdim}});
  return b.ReduceProd(Summand(b, self, dtype), AxesOf(b, self, Ints{dim}), keepdim);
}
Value Prod(Builder& b, Value self, std::optional<DType> dtype) {
  if (dtype == DType::kBool) return b.Aten("aten::all", {{"self", self}});
  return b.ReduceProd(Summand(b, self, dtype), {}, false);
}

// ---- sums that leave out NaN, sums to a size, sums over segments ----

// What is left when NaN counts as `instead`.
Value WithoutNan(Builder& b, Value x, double instead) { return b.Where(b.IsNaN(x), b.Like(x, instead), x); }

Value Nansum(Builder& b, Value self, std::optional<Ints> dim, bool keepdim, std::optional<DType> dtype) {
  return SumDims(b, IsFloat(self.dtype()) ? WithoutNan(b, self, 0) : self, dim, keepdim, dtype);
}
Value Nanmean(Builder& b, Value self, std::optional<Ints> dim, bool keepdim, std::optional<DType> dtype) {
  if (!IsFloat(self.dtype())) return b.Unsupported("self has dtype {}", self.dtype());
  const Value numbers = b.ToType(b.Not(b.IsNaN(self)), DType::kInt64);
  const auto [sum, count] =
      b.Promote(Nansum(b, self, dim, keepdim, dtype), b.ReduceSum(numbers, AxesOf(b, self, dim), keepdim));
  return b.Div(sum, count);
}

// Sums what does not fit: axes in front of those of `size`, and axes that are to have size 1.
Value SumToSize(Builder& b, Value self, Dims size) {
  const auto extra = self.rank() - static_cast<int64_t>(size.size());
  if (self.rank() < 0 || extra < 0) return b.Unsupported("self has rank {}, size has {} items", self.rank(), size.size());
  if (size.empty()) return b.ReduceSum(Summand(b, self, {}), {}, false);  // of a number, too: its type becomes a sum's
  std::vector<int64_t> front, axes;
  for (int64_t axis = 0; axis < self.rank(); ++axis) {
    if (axis < extra) front.push_back(axis);
    if (axis < extra || (size[static_cast<std::size_t>(axis - extra)].Is(1) && self.static_dim(axis) != 1))
      axes.push_back(axis);
  }
  return axes.empty() ? self : b.Squeeze(b.ReduceSum(Summand(b, self, {}), axes, true), front);
}

// Of each segment along the last axis of `lengths` or `offsets`, where it begins and ends.
struct Segments {
  Value begins, ends, lengths;
};
Segments SegmentsOf(Builder& b, Value lengths, Value offsets, int64_t axis) {
  if (lengths) {
    const Value sizes = b.ToType(lengths, DType::kInt64);
    const Value ends = b.CumSum(sizes, b.Constant(axis, DType::kInt64));
    return {b.Sub(ends, sizes), ends, sizes};
  }
  const Value places = b.ToType(offsets, DType::kInt64);
  const Value begins = b.Slice(places, axis, 0, -1), ends = b.Slice(places, axis, 1, INT64_MAX);
  return {begins, ends, b.Sub(ends, begins)};
}

// Every segment is reduced over the whole axis, where what lies outside of it has no effect.
Value SegmentReduce(Builder& b, Value data, std::string_view reduce, Value lengths, Value indices, Value offsets,
                    int64_t axis, NoEffect<bool> /*unsafe: only checks*/, std::optional<Scalar> initial) {
  if (indices) return b.Unsupported("indices are given");
  if (!lengths && !offsets) return b.Unsupported("neither lengths nor offsets are given");
  const int64_t at = b.Axis(axis, data.rank());
  const Value parts = lengths ? lengths : offsets;
  if (parts.rank() != at + 1) return b.Unsupported("axis={} of segments of rank {}", axis, parts.rank());
  const bool largest = reduce == "max", smallest = reduce == "min", mean = reduce == "mean", product = reduce == "prod";
  if (!largest && !smallest && !mean && !product && reduce != "sum") return b.Unsupported("reduce='{}'", reduce);
  const double start = largest ? -INFINITY : smallest ? INFINITY : product ? 1 : 0;
  return b.InFloat32(data, [&](Value x) {
    const Segments segments = SegmentsOf(b, lengths, offsets, at);
    // [… , segments, n] against [… , 1, n, sizes behind the axis …]
    const auto widened = [&](Value value) {
      std::vector<int64_t> behind;
      for (int64_t i = at + 1; i < x.rank(); ++i) behind.push_back(value.rank() + i - at - 1);
      return b.Unsqueeze(value, behind);
    };
    const Value place = b.Iota(x.dim(at));
    const Value begins = b.Unsqueeze(segments.begins, {at + 1}), ends = b.Unsqueeze(segments.ends, {at + 1});
    const Value inside = widened(b.And(b.GreaterOrEqual(place, begins), b.Less(place, ends)));
    const Value spread = b.Where(inside, b.Unsqueeze(x, {at}), b.Like(x, start));
    const std::vector<int64_t> over = {at + 1};
    Value out = product               ? b.ReduceProd(spread, over, false)
                : largest || smallest ? Extreme(b, spread, over, false, largest)
                                      : b.ReduceSum(spread, over, false);
    if (initial) {
      const Value first = b.Like(x, *initial);
      out = product    ? b.Mul(out, first)
            : largest  ? b.Max({out, first})
            : smallest ? b.Min({out, first})
                       : b.Add(out, first);
    }
    if (!mean) return out;
    // The mean of nothing is NaN, or what it starts with.
    const Value sizes = widened(segments.lengths);
    const Value count = initial ? b.Max({sizes, b.Constant(1, DType::kInt64)}) : sizes;
    return b.Div(out, b.ToType(count, x.dtype()));
  });
}

// ---- extremes ----

template <bool largest> Value ExtremeOfAll(Builder& b, Value self) { return Extreme(b, self, {}, false, largest); }
template <bool largest> Value ExtremeDims(Builder& b, Value self, Ints dim, bool keepdim) {
  return Extreme(b, self, AxesOf(b, self, dim), keepdim, largest);
}

template <bool largest> std::array<Value, 2> ExtremeDim(Builder& b, Value self, int64_t dim, bool keepdim) {
  if (self.rank() == 0) return {self, b.Constant(0, DType::kInt64)};
  const int64_t axis = b.Axis(dim, self.rank());
  if (!b.IsResultUsed(1)) return {Extreme(b, self, {axis}, keepdim, largest), b.Constant(0, DType::kInt64)};
  const Value place = PlaceOfExtreme(b, self, axis, true, largest);
  const Value extreme = b.GatherElements(self, place, {.axis = axis});
  if (keepdim) return {extreme, place};
  return {b.Squeeze(extreme, {axis}), b.Squeeze(place, {axis})};
}

template <bool largest> Value ArgExtreme(Builder& b, Value self, std::optional<int64_t> dim, bool keepdim) {
  if (self.rank() == 0) return b.Constant(0, DType::kInt64);
  if (dim) return PlaceOfExtreme(b, self, b.Axis(*dim, self.rank()), keepdim, largest);
  const Value place = PlaceOfExtreme(b, b.Reshape(self, {-1}), 0, false, largest);
  return keepdim ? b.Reshape(place, Dims(std::vector<int64_t>(static_cast<std::size_t>(std::max(self.rank(), 0)), 1)))
                 : place;
}

std::array<Value, 2> Aminmax(Builder& b, Value self, std::optional<int64_t> dim, bool keepdim) {
  const std::vector<int64_t> axes = dim ? AxesOf(b, self, Ints{*dim}) : std::vector<int64_t>();
  if (keepdim && self.rank() < 0) return b.Unsupported("keepdim=true with self of unknown rank");
  const auto shaped = [&](Value extreme) {
    return dim || !keepdim ? extreme
                           : b.Reshape(extreme, Dims(std::vector<int64_t>(static_cast<std::size_t>(self.rank()), 1)));
  };
  return {shaped(Extreme(b, self, axes, keepdim && dim, false)), shaped(Extreme(b, self, axes, keepdim && dim, true))};
}

// ---- any, all, counts ----

Value IsNonzero(Builder& b, Value self) {
  return self.dtype() == DType::kBool ? self : b.Not(b.Equal(self, b.Like(self, 0)));
}
// 1 where a number is not zero. Counting them answers any and all for empty tensors too.
Value NonzeroFlags(Builder& b, Value self, bool nonzero) {
  const Value flags = IsNonzero(b, self);
  return b.ToType(nonzero ? flags : b.Not(flags), DType::kInt64);
}
Value CountFlags(Builder& b, Value self, const std::vector<int64_t>& axes, bool keepdim, bool nonzero) {
  return b.ReduceSum(NonzeroFlags(b, self, nonzero), axes, keepdim);
}

Value AnyOver(Builder& b, Value self, const std::vector<int64_t>& axes, bool keepdim) {
  const Value count = CountFlags(b, self, axes, keepdim, true);
  return b.ToResultType(b.Greater(count, b.Like(count, 0)));
}
Value AllOver(Builder& b, Value self, const std::vector<int64_t>& axes, bool keepdim) {
  const Value count = CountFlags(b, self, axes, keepdim, false);
  return b.ToResultType(b.Equal(count, b.Like(count, 0)));
}
Value Any(Builder& b, Value self) { return AnyOver(b, self, {}, false); }
Value AnyDim(Builder& b, Value self, int64_t dim, bool keepdim) {
  return AnyOver(b, self, AxesOf(b, self, Ints{dim}), keepdim);
}
// An empty list of axes means none here, and all where no list is given.
Value AnyDims(Builder& b, Value self, std::optional<Ints> dim, bool keepdim) {
  if (dim && dim->empty()) return b.ToResultType(IsNonzero(b, self));
  return AnyOver(b, self, AxesOf(b, self, dim), keepdim);
}
Value All(Builder& b, Value self) { return AllOver(b, self, {}, false); }
Value AllDim(Builder& b, Value self, int64_t dim, bool keepdim) {
  return AllOver(b, self, AxesOf(b, self, Ints{dim}), keepdim);
}
Value AllDims(Builder& b, Value self, std::optional<Ints> dim, bool keepdim) {
  if (dim && dim->empty()) return b.ToResultType(IsNonzero(b, self));
  return AllOver(b, self, AxesOf(b, self, dim), keepdim);
}
Value CountNonzero(Builder& b, Value self, std::optional<int64_t> dim) {
  return CountFlags(b, self, dim ? AxesOf(b, self, Ints{*dim}) : std::vector<int64_t>(), false, true);
}
Value CountNonzeroDims(Builder& b, Value self, Ints dim) { return CountFlags(b, self, AxesOf(b, self, dim), false, true); }

// ---- variance ----

struct Moments {
  Value variance, mean;
};

// Σ(x - mean)² / max(n - correction, 0), which is NaN or infinite where torch's is.
Moments MomentsOf(Builder& b, Value self, const std::optional<Ints>& dim, const Scalar& correction, bool keepdim) {
  const std::vector<int64_t> axes = AxesOf(b, self, dim);
  const Value mean = b.ReduceMean(self, axes, true);
  const Value centred = b.Sub(self, mean);
  const Value squares = b.ReduceSum(b.Mul(centred, centred), axes, keepdim);
  const Value count = b.ToType(b.ToValue(CountOver(b, self, axes)), self.dtype());
  const Value divisor = b.Max({b.Sub(count, b.Like(self, correction)), b.Like(self, 0)});
  const Value kept = keepdim ? mean : b.ReduceMean(self, axes, false);
  // ONNX leaves the mean of nothing open.
  const bool of_nothing = CountOver(b, self, axes).Is(0);
  return {b.Div(squares, divisor), of_nothing ? b.Add(kept, b.Like(self, NAN)) : kept};
}

using OptionalScalar = std::optional<Scalar>;

Value VarCorrection(Builder& b, Value self, std::optional<Ints> dim, OptionalScalar correction, bool keepdim) {
  return MomentsOf(b, self, dim, correction.value_or(1), keepdim).variance;
}
Value StdCorrection(Builder& b, Value self, std::optional<Ints> dim, OptionalScalar correction, bool keepdim) {
  return b.Sqrt(VarCorrection(b, self, dim, correction, keepdim));
}
Value VarDim(Builder& b, Value self, std::optional<Ints> dim, bool unbiased, bool keepdim) {
  return VarCorrection(b, self, dim, Scalar(unbiased ? 1 : 0), keepdim);
}
Value StdDim(Builder& b, Value self, std::optional<Ints> dim, bool unbiased, bool keepdim) {
  return b.Sqrt(VarDim(b, self, dim, unbiased, keepdim));
}
Value Var(Builder& b, Value self, bool unbiased) { return VarDim(b, self, std::nullopt, unbiased, false); }
Value Std(Builder& b, Value self, bool unbiased) { return b.Sqrt(Var(b, self, unbiased)); }
std::array<Value, 2> VarMean(Builder& b, Value self, std::optional<Ints> dim, OptionalScalar correction, bool keepdim) {
  const Moments moments = MomentsOf(b, self, dim, correction.value_or(1), keepdim);
  return {moments.variance, moments.mean};
}
std::array<Value, 2> StdMean(Builder& b, Value self, std::optional<Ints> dim, OptionalScalar correction, bool keepdim) {
  const Moments moments = MomentsOf(b, self, dim, correction.value_or(1), keepdim);
  return {b.Sqrt(moments.variance), moments.mean};
}
template <auto Correction>
std::array<Value, 2> MomentsDim(Builder& b, Value self, std::optional<Ints> dim, bool unbiased, bool keepdim) {
  return Correction(b, self, dim, Scalar(unbiased ? 1 : 0), keepdim);
}
template <auto Correction> std::array<Value, 2> MomentsOfAll(Builder& b, Value self, bool unbiased) {
  return MomentsDim<Correction>(b, self, std::nullopt, unbiased, false);
}

// ---- norms and logarithms of sums ----

// log Σ e^x, the largest x taken out so that nothing overflows; an infinite one is not taken out (∞ - ∞ is NaN).
Value LogSumExp(Builder& b, Value self, Ints dim, bool keepdim) {
  const Value x = IsFloat(self.dtype()) ? self : b.ToType(self, DType::kFloat);
  const std::vector<int64_t> axes = AxesOf(b, x, dim);
  const Value largest = b.ReduceMax(x, axes, true);
  const Value finite = b.Where(b.Less(b.Abs(largest), b.Like(x, INFINITY)), largest, b.Like(x, 0));
  const Value sum = b.ReduceSum(b.Exp(b.Sub(x, finite)), axes, true);
  const Value result = b.Add(b.Log(sum), finite);
  if (keepdim) return result;
  return axes.empty() ? b.Reshape(result, Dims()) : b.Squeeze(result, axes);
}

Value VectorNorm(Builder& b, Value x, double ord, const std::vector<int64_t>& axes, bool keepdim) {
  if (ord == 2) return b.ReduceL2(x, axes, keepdim);
  if (ord == 1) return b.ReduceL1(x, axes, keepdim);
  if (std::isinf(ord)) return Extreme(b, b.Abs(x), axes, keepdim, ord > 0);
  if (ord == 0) return b.ToType(CountFlags(b, x, axes, keepdim, true), x.dtype());
  const Value powers = b.ReduceSum(b.Pow(b.Abs(x), b.Like(x, ord)), axes, keepdim);
  return b.Pow(powers, b.Like(x, 1 / ord));
}

Value LinalgVectorNorm(Builder& b, Value self, Scalar ord, std::optional<Ints> dim, bool keepdim,
                       std::optional<DType> dtype) {
  const Value x = dtype ? b.ToType(self, *dtype) : self;
  return VectorNorm(b, x, ord.AsDouble(), AxesOf(b, x, dim), keepdim);
}
Value NormDims(Builder& b, Value self, OptionalScalar p, Ints dim, bool keepdim) {
  return VectorNorm(b, self, p.value_or(2).AsDouble(), AxesOf(b, self, dim), keepdim);
}
Value Norm(Builder& b, Value self, Scalar p) { return VectorNorm(b, self, p.AsDouble(), {}, false); }

// ---- differences ----

// Differences of neighbours, n times. On bools torch's difference is an exclusive or.
Value Diff(Builder& b, Value self, int64_t n, int64_t dim, Value prepend, Value append) {
  constexpr int64_t kMost = 256;  // each difference has nodes of its own
  const int64_t axis = b.Axis(dim, self.rank());
  if (n < 0 || n > kMost) return b.Unsupported("n={}", n);
  if (n == 0) return self;  // without what is put before and behind it
  Value x = self;
  if (prepend || append) {
    std::vector<Value> parts = {self};
    if (prepend) parts.insert(parts.begin(), prepend);
    if (append) parts.push_back(append);
    x = b.Concat(parts, {.axis = axis});
  }
  for (int64_t i = 0; i < n; ++i) {
    const Value later = b.Slice(x, axis, 1, INT64_MAX), earlier = b.Slice(x, axis, 0, -1);
    x = x.dtype() == DType::kBool ? b.Xor(later, earlier) : b.Sub(later, earlier);
  }
  return x;
}

#define FL_DIMS "Tensor self, int[1]? dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor"
#define FL_UNBIASED "Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> (Tensor, Tensor)"
#define FL_CORRECTION "Tensor self, int[1]? dim=None, *, Scalar? correction=None, bool keepdim=False) -> "

constexpr Lowering kTable[] = {
    Lower<Sum>("aten::sum(Tensor self, *, ScalarType? dtype=None) -> Tensor"),
    Lower<SumDims>("aten::sum.dim_IntList(" FL_DIMS),
    Lower<Nansum>("aten::nansum(Tensor self, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor"),
    Lower<Nanmean>("aten::nanmean(Tensor self, int[1]? dim=None, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor"),
    Lower<SumToSize>("aten::sum_to_size(Tensor self, SymInt[] size) -> Tensor"),
    Lower<SegmentReduce>("aten::segment_reduce(Tensor data, str reduce, *, Tensor? lengths=None, Tensor? indices=None, "
                         "Tensor? offsets=None, int axis=0, bool unsafe=False, Scalar? initial=None) -> Tensor"),
    Lower<Mean>("aten::mean(Tensor self, *, ScalarType? dtype=None) -> Tensor"),
    Lower<MeanDims>("aten::mean.dim(" FL_DIMS),
    Lower<Prod>("aten::prod(Tensor self, *, ScalarType? dtype=None) -> Tensor"),
    Lower<ProdDim>("aten::prod.dim_int(Tensor self, int dim, bool keepdim=False, *, ScalarType? dtype=None) -> Tensor"),
    Lower<ExtremeOfAll<true>>("aten::max(Tensor self) -> Tensor"),
    Lower<ExtremeOfAll<false>>("aten::min(Tensor self) -> Tensor"),
    Lower<ExtremeDim<true>>("aten::max.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)"),
    Lower<ExtremeDim<false>>("aten::min.dim(Tensor self, int dim, bool keepdim=False) -> (Tensor values, Tensor indices)"),
    Lower<ExtremeDims<true>>("aten::amax(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor"),
    Lower<ExtremeDims<false>>("aten::amin(Tensor self, int[1] dim=[], bool keepdim=False) -> Tensor"),
    Lower<ArgExtreme<true>>("aten::argmax(Tensor self, int? dim=None, bool keepdim=False) -> Tensor"),
    Lower<ArgExtreme<false>>("aten::argmin(Tensor self, int? dim=None, bool keepdim=False) -> Tensor"),
    Lower<Aminmax>("aten::aminmax(Tensor self, *, int? dim=None, bool keepdim=False) -> (Tensor min, Tensor max)"),
    Lower<Any>("aten::any(Tensor self) -> Tensor"),
    Lower<AnyDim>("aten::any.dim(Tensor self, int dim, bool keepdim=False) -> Tensor"),
    Lower<AnyDims>("aten::any.dims(Tensor self, int[]? dim=None, bool keepdim=False) -> Tensor"),
    Lower<All>("aten::all(Tensor self) -> Tensor"),
    Lower<AllDim>("aten::all.dim(Tensor self, int dim, bool keepdim=False) -> Tensor"),
    Lower<AllDims>("aten::all.dims(Tensor self, int[]? dim=None, bool keepdim=False) -> Tensor"),
    Lower<CountNonzero>("aten::count_nonzero(Tensor self, int? dim=None) -> Tensor"),
    Lower<CountNonzeroDims>("aten::count_nonzero.dim_IntList(Tensor self, int[] dim) -> Tensor"),
    Lower<Var>("aten::var(Tensor self, bool unbiased=True) -> Tensor"),
    Lower<VarDim>("aten::var.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> Tensor"),
    Lower<VarCorrection>("aten::var.correction(" FL_CORRECTION "Tensor"),
    Lower<Std>("aten::std(Tensor self, bool unbiased=True) -> Tensor"),
    Lower<StdDim>("aten::std.dim(Tensor self, int[1]? dim, bool unbiased=True, bool keepdim=False) -> Tensor"),
    Lower<StdCorrection>("aten::std.correction(" FL_CORRECTION "Tensor"),
    Lower<MomentsOfAll<VarMean>>("aten::var_mean(Tensor self, bool unbiased=True) -> (Tensor, Tensor)"),
    Lower<MomentsDim<VarMean>>("aten::var_mean.dim(" FL_UNBIASED),
    Lower<VarMean>("aten::var_mean.correction(" FL_CORRECTION "(Tensor, Tensor)"),
    Lower<MomentsOfAll<StdMean>>("aten::std_mean(Tensor self, bool unbiased=True) -> (Tensor, Tensor)"),
    Lower<MomentsDim<StdMean>>("aten::std_mean.dim(" FL_UNBIASED),
    Lower<StdMean>("aten::std_mean.correction(" FL_CORRECTION "(Tensor, Tensor)"),
    Lower<LogSumExp>("aten::logsumexp(Tensor self, int[1] dim, bool keepdim=False) -> Tensor"),
    Lower<LinalgVectorNorm>("aten::linalg_vector_norm(Tensor self, Scalar ord=2, int[1]? dim=None, bool keepdim=False, *, "
                            "ScalarType? dtype=None) -> Tensor"),
    Lower<NormDims>("aten::norm.ScalarOpt_dim(Tensor self, Scalar? p, int[1] dim, bool keepdim=False) -> Tensor"),
    Lower<Norm>("aten::norm.Scalar(Tensor self, Scalar p=2) -> Tensor"),
    Lower<Diff>("aten::diff(Tensor self, int n=1, int dim=-1, Tensor? prepend=None, Tensor? append=None) -> Tensor"),
};

}  // namespace

std::span<const Lowering> ReductionLowerings() { return kTable; }

}  // namespace fairlead::aten
