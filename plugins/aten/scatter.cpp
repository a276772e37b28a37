// Writing at positions: one index list for one axis, or an index for every element, with and without a reduction.
#include <cmath>

#include "families.hpp"
#include "positions.hpp"

namespace fairlead::aten {
namespace {

// ---- one index list for one axis ----

Value IndexAdd(Builder& b, Value self, int64_t dim, Value index, Value source, Scalar alpha) {
  const DType type = ReducedIn(self.dtype());
  const Value data = b.ToType(AtLeast1d(b, self), type);
  const int64_t axis = b.Axis(dim, data.rank());
  Value rows = b.ToType(AtLeast1d(b, source), self.dtype());
  if (!alpha.IsOne()) rows = b.Mul(rows, b.Like(rows, alpha));
  const Value positions = AlongAxis(b, AsIndex(b, index), axis, rows);
  const Value added = b.ScatterElements(data, positions, b.ToType(rows, type), {.axis = axis, .reduction = "add"});
  return b.Reshape(b.ToType(added, self.dtype()), self.dims());
}

Value IndexCopy(Builder& b, Value self, int64_t dim, Value index, Value source) {
  const Value data = AtLeast1d(b, self), rows = AtLeast1d(b, source);
  const int64_t axis = b.Axis(dim, data.rank());
  const Value positions = AlongAxis(b, AsIndex(b, index), axis, rows);
  return b.Reshape(b.ScatterElements(data, positions, rows, {.axis = axis}), self.dims());
}

Value FillAt(Builder& b, Value self, int64_t dim, Value index, Value value) {
  const Value data = AtLeast1d(b, self);
  const int64_t axis = b.Axis(dim, data.rank());
  Dims sizes = data.dims();
  sizes[static_cast<std::size_t>(axis)] = AtLeast1d(b, index).dim(0);
  const Value rows = b.Expand(b.ToType(value, self.dtype()), sizes);
  const Value positions = AlongAxis(b, AsIndex(b, index), axis, rows);
  return b.Reshape(b.ScatterElements(data, positions, rows, {.axis = axis}), self.dims());
}
Value IndexFillScalar(Builder& b, Value self, int64_t dim, Value index, Scalar value) {
  return FillAt(b, self, dim, index, b.Like(self, value));
}
Value IndexFillTensor(Builder& b, Value self, int64_t dim, Value index, Value value) {
  return FillAt(b, self, dim, index, value);
}

// ---- an index for every element ----

// The part of `source` that `index` covers: torch lets it be larger in every axis.
Value CoveredBy(Builder& b, Value source, Value index) {
  Value covered = source;
  for (int axis = 0; axis < index.rank(); ++axis)
    if (!b.SameDim(source, axis, index, axis)) covered = b.Slice(covered, axis, 0, index.dim(axis));
  return covered;
}

Value Scatter(Builder& b, Value self, int64_t dim, Value index, Value source, std::string_view reduction) {
  const Value data = b.ToType(AtLeast1d(b, self), reduction == "none" ? self.dtype() : ReducedIn(self.dtype()));
  const Value positions = AsIndex(b, AtLeast1d(b, index));
  const Value updates = CoveredBy(b, b.ToType(AtLeast1d(b, source), data.dtype()), positions);
  const int64_t axis = b.Axis(dim, data.rank());
  const Value scattered = b.ScatterElements(data, positions, updates, {.axis = axis, .reduction = reduction});
  return b.Reshape(b.ToType(scattered, self.dtype()), self.dims());
}

Value ScatterSrc(Builder& b, Value self, int64_t dim, Value index, Value src) {
  return Scatter(b, self, dim, index, src, "none");
}
Value ScatterAdd(Builder& b, Value self, int64_t dim, Value index, Value src) {
  return Scatter(b, self, dim, index, src, "add");
}
Value Filled(Builder& b, Value index, DType dtype, const Scalar& value) {
  return b.Expand(b.Constant(value, dtype), b.Shape(AtLeast1d(b, index)));
}
Value ScatterValue(Builder& b, Value self, int64_t dim, Value index, Scalar value) {
  return Scatter(b, self, dim, index, Filled(b, index, self.dtype(), value), "none");
}
// "add" and "multiply", the two that scatter's reduce argument has.
std::string_view ReductionOf(Builder& b, std::string_view reduce) {
  if (reduce == "add") return "add";
  if (reduce == "multiply") return "mul";
  b.Unsupported("reduce='{}'", reduce);
  return "none";
}
Value ScatterReduce(Builder& b, Value self, int64_t dim, Value index, Value src, std::string_view reduce) {
  return Scatter(b, self, dim, index, src, ReductionOf(b, reduce));
}
Value ScatterValueReduce(Builder& b, Value self, int64_t dim, Value index, Scalar value, std::string_view reduce) {
  return Scatter(b, self, dim, index, Filled(b, index, self.dtype(), value), ReductionOf(b, reduce));
}

// What leaves a reduction as it is; the largest or smallest value of the type for amin and amax.
std::optional<Scalar> IdentityOf(std::string_view reduce, DType dtype) {
  if (reduce == "sum" || reduce == "mean") return Scalar(0);
  if (reduce == "prod") return Scalar(1);
  const bool lowest = reduce == "amax";
  if (IsFloat(dtype))
    return Scalar(lowest ? -std::numeric_limits<double>::infinity() : std::numeric_limits<double>::infinity());
  if (dtype == DType::kBool) return Scalar(!lowest);
  if (!IsInteger(dtype)) return std::nullopt;
  const int bits = BitWidth(dtype);
  if (!IsSigned(dtype))
    return bits > 32 ? std::nullopt : std::optional(Scalar(lowest ? int64_t{0} : (int64_t{1} << bits) - 1));
  const int64_t largest = bits == 64 ? INT64_MAX : (int64_t{1} << (bits - 1)) - 1;
  return Scalar(lowest ? -largest - 1 : largest);
}

// Where torch's largest or smallest number is NaN: where one is among those that meet. ONNX's max and min pass over it.
Value WithNan(Builder& b, Value extreme, Value start, int64_t dim, Value index, Value src) {
  const auto flags = [&](Value x) { return b.ToType(b.IsNaN(x), DType::kInt32); };
  const Value met = Scatter(b, flags(start), dim, index, flags(src), "max");
  return b.Where(b.ToType(met, DType::kBool), b.Like(extreme, NAN), extreme);
}

Value ScatterReduceTwo(Builder& b, Value self, int64_t dim, Value index, Value src, std::string_view reduce,
                       bool include_self) {
  const bool is_extreme = reduce == "amax" || reduce == "amin";
  if (!is_extreme && reduce != "sum" && reduce != "mean" && reduce != "prod") return b.Unsupported("reduce='{}'", reduce);
  const std::string_view reduction = reduce == "prod" ? "mul" : reduce == "amax" ? "max" : reduce == "amin" ? "min" : "add";
  Value start = self;
  if (!include_self) {
    const auto identity = IdentityOf(reduce, self.dtype());
    if (!identity) return b.Unsupported("reduce='{}' of {} without self", reduce, self.dtype());
    start = Scatter(b, self, dim, index, Filled(b, index, self.dtype(), *identity), "none");
  }
  const Value reduced = Scatter(b, start, dim, index, src, reduction);
  if (is_extreme) return IsFloat(self.dtype()) ? WithNan(b, reduced, start, dim, index, src) : reduced;
  if (reduce != "mean") return reduced;
  // How many numbers met at each place; where nothing was written it is one, and self stays.
  const Value ones = b.Expand(b.Like(self, 1), b.Shape(self));
  const Value none = Scatter(b, ones, dim, index, Filled(b, index, self.dtype(), 0), "none");
  const Value counts = Scatter(b, include_self ? ones : none, dim, index, Filled(b, index, self.dtype(), 1), "add");
  if (IsFloat(self.dtype())) return b.Div(reduced, counts);
  return b.Aten("aten::div.Tensor_mode", {{"self", reduced}, {"other", counts}, {"rounding_mode", "floor"}});
}

Value IndexReduce(Builder& b, Value self, int64_t dim, Value index, Value source, std::string_view reduce,
                  bool include_self) {
  const Value rows = AtLeast1d(b, source);
  const int64_t axis = b.Axis(dim, std::max(self.rank(), 1));
  return ScatterReduceTwo(b, self, dim, AlongAxis(b, AsIndex(b, index), axis, rows), rows, reduce, include_self);
}

// Writes into the tensor as if it had one axis.
Value Put(Builder& b, Value self, Value index, Value source, bool accumulate) {
  const Value flat = b.Reshape(self, {-1});
  const Value rows = b.Reshape(source, {-1});
  const Value written = Scatter(b, flat, 0, b.Reshape(index, {-1}), rows, accumulate ? "add" : "none");
  return b.Reshape(written, self.dims());
}

constexpr Lowering kTable[] = {
    Lower<IndexAdd>("aten::index_add(Tensor self, int dim, Tensor index, Tensor source, *, Scalar alpha=1) -> Tensor"),
    Lower<IndexCopy>("aten::index_copy(Tensor self, int dim, Tensor index, Tensor source) -> Tensor"),
    Lower<IndexFillScalar>("aten::index_fill.int_Scalar(Tensor self, int dim, Tensor index, Scalar value) -> Tensor"),
    Lower<IndexFillTensor>("aten::index_fill.int_Tensor(Tensor self, int dim, Tensor index, Tensor value) -> Tensor"),
    Lower<ScatterSrc>("aten::scatter.src(Tensor self, int dim, Tensor index, Tensor src) -> Tensor"),
    Lower<ScatterValue>("aten::scatter.value(Tensor self, int dim, Tensor index, Scalar value) -> Tensor"),
    Lower<ScatterReduce>("aten::scatter.reduce(Tensor self, int dim, Tensor index, Tensor src, *, str reduce) -> Tensor"),
    Lower<ScatterValueReduce>(
        "aten::scatter.value_reduce(Tensor self, int dim, Tensor index, Scalar value, *, str reduce) -> Tensor"),
    Lower<ScatterAdd>("aten::scatter_add(Tensor self, int dim, Tensor index, Tensor src) -> Tensor"),
    Lower<ScatterReduceTwo>("aten::scatter_reduce.two(Tensor self, int dim, Tensor index, Tensor src, str reduce, *, "
                            "bool include_self=True) -> Tensor"),
    Lower<IndexReduce>("aten::index_reduce(Tensor self, int dim, Tensor index, Tensor source, str reduce, *, "
                       "bool include_self=True) -> Tensor"),
    Lower<Put>("aten::put(Tensor self, Tensor index, Tensor source, bool accumulate=False) -> Tensor"),
};

}  // namespace

std::span<const Lowering> ScatterLowerings() { return kTable; }

}  // namespace fairlead::aten
