// Running sums, products, extremes and logarithms of sums along an axis; areas under curves; slopes.
#include <cmath>
#include <functional>

#include "families.hpp"
#include "walk.hpp"

namespace fairlead::aten {
namespace {

// Sums and products of integers and bools are int64 unless another dtype is asked for.
Value Summand(Builder& b, Value self, std::optional<DType> dtype) {
  if (dtype) return b.ToType(self, *dtype);
  return IsFloat(self.dtype()) || IsComplex(self.dtype()) ? self : b.ToType(self, DType::kInt64);
}

// What torch keeps running results of a type in.
DType RunningType(DType type) {
  if (type == DType::kFloat) return DType::kDouble;
  return IsFloat(type) && BitWidth(type) == 16 ? DType::kFloat : type;
}

// ---- running sums and products ----

Value Cumsum(Builder& b, Value self, int64_t dim, std::optional<DType> dtype) {
  const Value x = Summand(b, self, dtype);
  const int64_t axis = b.Axis(dim, x.rank());
  if (x.rank() == 0) return x;
  return b.InFloat32(x, [&](Value v) { return b.CumSum(v, b.Constant(axis, DType::kInt64)); });
}

// New states of a walk, of which it keeps every one. States have the sizes of an element.
using Advance = std::function<std::vector<Value>(std::span<const Value> states, std::span<const Value> elements)>;

std::vector<Value> EveryState(Builder& b, const std::vector<Value>& states, const std::vector<Value>& sequences,
                              const std::vector<int64_t>& axes, int64_t axis, const Advance& advance) {
  const auto all = Walk(b, states, sequences, {.axes = axes, .kept_axis = axis}, [&](auto last, auto elements) {
    const std::vector<Value> next = advance(last, elements);
    return Turn{next, next};
  });
  return {all.begin() + static_cast<std::ptrdiff_t>(std::min(states.size(), all.size())), all.end()};
}

// The sizes of one element of a walk.
Dims WithoutAxis(Value x, int64_t axis) {
  Dims sizes = x.dims();
  if (axis < std::ssize(sizes)) sizes.erase(sizes.begin() + axis);
  return sizes;
}

// Where there is nothing to walk. Scan of ONNX Runtime fails for sizes of zero.
bool IsScalarOrEmpty(Value x) {
  bool empty = x.rank() == 0;
  for (int axis = 0; axis < x.rank(); ++axis) empty = empty || x.static_dim(axis) == 0;
  return empty;
}

// CumProd exists from opset 26 on, and few runtimes have it.
Value Cumprod(Builder& b, Value self, int64_t dim, std::optional<DType> dtype) {
  const Value x = Summand(b, self, dtype);
  const int64_t axis = b.Axis(dim, x.rank());
  if (IsScalarOrEmpty(x)) return x;
  const Value factors = b.ToType(x, RunningType(x.dtype()));
  const Value one = b.Ones(WithoutAxis(x, axis), factors.dtype());
  const auto products = EveryState(b, {one}, {factors}, {axis}, axis, [&](auto states, auto elements) {
    return std::vector<Value>{b.Mul(states[0], elements[0])};
  });
  return products.empty() ? Value() : b.ToType(products[0], x.dtype());
}

// log(e^s + e^x) of the running s and each x, without e^ of anything positive. Equal infinities are themselves.
Value Logcumsumexp(Builder& b, Value self, int64_t dim) {
  if (!IsFloat(self.dtype())) return b.Unsupported("self has dtype {}", self.dtype());
  const int64_t axis = b.Axis(dim, self.rank());
  if (IsScalarOrEmpty(self)) return self;
  const Value x = b.ToType(self, RunningType(self.dtype()));
  const Value nothing = b.Full(WithoutAxis(x, axis), -INFINITY, x.dtype());
  const auto sums = EveryState(b, {nothing}, {x}, {axis}, axis, [&](auto states, auto elements) {
    const Value s = states[0], e = elements[0];
    const Value apart = b.Where(b.Equal(s, e), b.Like(s, 0), b.Neg(b.Abs(b.Sub(s, e))));
    return std::vector<Value>{b.Add(b.Max({s, e}), b.Log(b.Add(b.Exp(apart), b.Like(s, 1))))};
  });
  return sums.empty() ? Value() : b.ToType(sums[0], self.dtype());
}

// ---- running extremes ----

// The last of equal ones counts, and the last NaN.
template <bool largest> std::array<Value, 2> RunningExtreme(Builder& b, Value self, int64_t dim) {
  const int64_t axis = b.Axis(dim, self.rank());
  if (IsScalarOrEmpty(self)) return {self, b.Zeros(self.dims(), DType::kInt64)};
  const Value x = self.dtype() == DType::kBool ? b.ToType(self, DType::kInt32) : self;
  const Value start = b.Squeeze(b.Slice(x, axis, 0, 1), {axis});
  const Value zeros = b.Zeros(WithoutAxis(x, axis), DType::kInt64);
  const auto step = [&](std::span<const Value> states, std::span<const Value> elements) {
    const Value e = elements[0];
    Value reaches = largest ? b.GreaterOrEqual(e, states[0]) : b.LessOrEqual(e, states[0]);
    if (IsFloat(x.dtype())) reaches = b.Or(reaches, b.IsNaN(e));
    return std::vector<Value>{b.Where(reaches, e, states[0]), b.Where(reaches, elements[1], states[1])};
  };
  const auto found = EveryState(b, {start, zeros}, {x, b.Iota(x.dim(axis))}, {axis, 0}, axis, step);
  if (found.size() != 2) return {};
  return {b.ToType(found[0], self.dtype()), found[1]};
}

// ---- areas under curves ----

Value From(Builder& b, Value x, int64_t axis, const Dim& first) { return b.Slice(x, axis, first, INT64_MAX); }
Value UpTo(Builder& b, Value x, int64_t axis, const Dim& last) { return b.Slice(x, axis, 0, last); }

// Both in the promoted type; torch divides in floating point.
Value Plus(Builder& b, Value x, Value y) {
  const auto [p, q] = b.Promote(x, y);
  return b.Add(p, q);
}
template <class Y> Value Times(Builder& b, Value x, Y y) {
  const auto [p, q] = b.Promote(x, y);
  return b.Mul(p, q);
}
template <class Y> Value Over(Builder& b, Value x, Y y) {
  const auto [p, q] = b.Promote(x, y);
  return b.Div(b.ToFloat(p), b.ToFloat(q));
}

Value Total(Builder& b, Value x, int64_t axis) { return b.ReduceSum(Summand(b, x, {}), {axis}, false); }

bool RefusesBools(Builder& b, Value value, std::string_view name) {
  if (value.dtype() != DType::kBool) return false;
  b.Unsupported("{} is a bool tensor", name);
  return true;
}

// y[i] + y[i+1], and x[i+1] - x[i].
Value SumsOfNeighbours(Builder& b, Value y, int64_t axis) { return b.Add(From(b, y, axis, 1), UpTo(b, y, axis, -1)); }
Value StepsBetween(Builder& b, Value x, int64_t axis) { return b.Sub(From(b, x, axis, 1), UpTo(b, x, axis, -1)); }

// Twice the area over each step. An x of rank 1 lies along the axis.
Value Trapezoids(Builder& b, Value y, Value x, int64_t axis) {
  if (y.rank() < 1) return b.Unsupported("y has rank {}, wanted at least 1", y.rank());
  Value points = x;
  if (x.rank() == 1 || x.rank() < y.rank()) {
    Dims sizes(std::vector<int64_t>(static_cast<std::size_t>(y.rank()), 1));
    for (int i = 0; i < x.rank(); ++i)
      sizes[static_cast<std::size_t>(x.rank() == 1 ? axis : y.rank() - x.rank() + i)] = x.dim(i);
    points = b.Reshape(x, sizes);
  }
  return Times(b, SumsOfNeighbours(b, y, axis), StepsBetween(b, points, axis));
}

Value TrapezoidX(Builder& b, Value y, Value x, int64_t dim) {
  const int64_t axis = b.Axis(dim, y.rank());
  if (y.static_dim(axis) == 0) return b.Zeros(WithoutAxis(y, axis), y.dtype());
  if (RefusesBools(b, y, "y") || RefusesBools(b, x, "x")) return {};
  return Over(b, Total(b, Trapezoids(b, y, x, axis), axis), Scalar(2.0));
}
template <class Width> Value TrapezoidDx(Builder& b, Value y, Width dx, int64_t dim) {
  const int64_t axis = b.Axis(dim, y.rank());
  if (y.static_dim(axis) == 0) return b.Zeros(WithoutAxis(y, axis), y.dtype());
  if (RefusesBools(b, y, "y")) return {};
  const Value ends = b.Add(b.Select(y, axis, 0), b.Select(y, axis, -1));
  const auto [sum, half] = b.Promote(Total(b, y, axis), Times(b, ends, Scalar(0.5)));
  return Times(b, b.Sub(sum, half), Scalar(Scalar(dx).AsDouble()));
}
Value CumulativeTrapezoidX(Builder& b, Value y, Value x, int64_t dim) {
  const int64_t axis = b.Axis(dim, y.rank());
  if (RefusesBools(b, y, "y") || RefusesBools(b, x, "x")) return {};
  return Over(b, Cumsum(b, Trapezoids(b, y, x, axis), axis, {}), Scalar(2.0));
}
Value CumulativeTrapezoidDx(Builder& b, Value y, Scalar dx, int64_t dim) {
  const int64_t axis = b.Axis(dim, y.rank());
  if (RefusesBools(b, y, "y")) return {};
  return Cumsum(b, Times(b, SumsOfNeighbours(b, y, axis), Scalar(dx.AsDouble() / 2)), axis, {});
}

// ---- slopes ----

// A slope is a weighted sum of three neighbours.
struct Weights {
  Value before, at, behind;
};
Value Weighted(Builder& b, const Weights& w, Value before, Value at, Value behind) {
  return Plus(b, Plus(b, Times(b, w.before, before), Times(b, w.at, at)), Times(b, w.behind, behind));
}

void CheckEdges(Builder& b, Value self, int64_t edge_order) {
  if (edge_order != 1 && edge_order != 2) b.Unsupported("edge_order={}", edge_order);
  if (self.dtype() == DType::kBool) b.Unsupported("self is a bool tensor");
}

// Positions counted from the end where negative; the last one is up to the end.
Value At(Builder& b, Value x, int64_t axis, int64_t place) {
  return b.Slice(x, axis, place, place == -1 ? Dim(INT64_MAX) : Dim(place + 1));
}

Value Joined(Builder& b, Value first, Value middle, Value last, int64_t axis) {
  const auto [x, y, z] = b.Promote(first, middle, last);
  return b.Concat({x, y, z}, {.axis = axis});
}

// Points at equal distances. edge_order is that of the difference at the two ends.
Value EvenSlope(Builder& b, Value self, const Scalar& spacing, int64_t dim, int64_t edge_order) {
  const int64_t axis = b.Axis(dim, self.rank());
  const Value inner = b.Div(Over(b, b.Sub(From(b, self, axis, 2), UpTo(b, self, axis, -2)), spacing),
                            b.Constant(2, FloatType(self.dtype())));
  const auto at = [&](int64_t place) { return At(b, self, axis, place); };
  if (edge_order == 1)
    return Joined(b, Over(b, b.Sub(at(1), at(0)), spacing), inner, Over(b, b.Sub(at(-1), at(-2)), spacing), axis);
  const auto sum = [&](double x, Value first, double y, Value second, double z, Value third) {
    const Value two = Plus(b, Times(b, first, Scalar(x)), Times(b, second, Scalar(y)));
    return Over(b, Plus(b, two, Times(b, third, Scalar(z))), spacing);
  };
  return Joined(b, sum(-1.5, at(0), 2, at(1), -0.5, at(2)), inner, sum(0.5, at(-3), -2, at(-2), 1.5, at(-1)), axis);
}

// Points at the coordinates `points`, 1-D.
Value UnevenSlope(Builder& b, Value self, Value points, int64_t dim, int64_t edge_order) {
  const int64_t axis = b.Axis(dim, self.rank());
  if (self.rank() < 1) return b.Unsupported("self has rank {}, wanted at least 1", self.rank());
  if (points.rank() != 1) return b.Unsupported("spacing has a tensor of rank {}, wanted 1", points.rank());
  const Value steps = StepsBetween(b, points, 0);
  const auto step = [&](int64_t place) { return b.Select(steps, 0, place); };
  const auto at = [&](int64_t place) { return At(b, self, axis, place); };
  const auto along = [&](Value weight) {
    std::vector<int64_t> sizes(static_cast<std::size_t>(self.rank()), 1);
    sizes[static_cast<std::size_t>(axis)] = -1;
    return b.Reshape(weight, b.Constant(sizes));
  };
  const Value left = UpTo(b, steps, 0, -1), right = From(b, steps, 0, 1), both = b.Add(left, right);
  const Weights inner{along(Over(b, b.Neg(right), b.Mul(left, both))),
                      along(Over(b, b.Sub(right, left), b.Mul(left, right))), along(Over(b, left, b.Mul(right, both)))};
  const Value middle = Weighted(b, inner, UpTo(b, self, axis, -2), b.Slice(self, axis, 1, -1), From(b, self, axis, 2));
  if (edge_order == 1)
    return Joined(b, Over(b, b.Sub(at(1), at(0)), step(0)), middle, Over(b, b.Sub(at(-1), at(-2)), step(-1)), axis);
  // One-sided: `near` is the step at the edge, `far` the one behind it.
  const auto edge = [&](Value near, Value far) {
    const Value sum = b.Add(near, far);
    return Weights{Over(b, b.Neg(Plus(b, Times(b, near, Scalar(2)), far)), b.Mul(near, sum)),
                   Over(b, sum, b.Mul(near, far)), Over(b, b.Neg(near), b.Mul(far, sum))};
  };
  const Weights first = edge(step(0), step(1)), last = edge(step(-1), step(-2));
  return Joined(b, Weighted(b, first, at(0), at(1), at(2)), middle, b.Neg(Weighted(b, last, at(-1), at(-2), at(-3))), axis);
}

// The axes given, or all of them.
std::vector<int64_t> AxesOf(Value self, std::optional<int64_t> dim) {
  if (dim) return {*dim};
  std::vector<int64_t> axes;
  for (int64_t axis = 0; axis < self.rank(); ++axis) axes.push_back(axis);
  return axes;
}

std::vector<Value> EvenSlopes(Builder& b, Value self, const Scalar& spacing, const std::vector<int64_t>& axes,
                              int64_t edge_order) {
  CheckEdges(b, self, edge_order);
  std::vector<Value> slopes;
  for (const int64_t axis : axes) slopes.push_back(EvenSlope(b, self, spacing, axis, edge_order));
  return slopes;
}

std::vector<Value> GradientScalarInt(Builder& b, Value self, std::optional<Scalar> spacing, std::optional<int64_t> dim,
                                     int64_t edge_order) {
  return EvenSlopes(b, self, spacing.value_or(1), AxesOf(self, dim), edge_order);
}
std::vector<Value> GradientScalarArray(Builder& b, Value self, Scalar spacing, Ints dim, int64_t edge_order) {
  return EvenSlopes(b, self, spacing, dim.ToVector(), edge_order);
}
std::vector<Value> GradientArray(Builder& b, Value self, Ints dim, int64_t edge_order) {
  return EvenSlopes(b, self, 1, dim.ToVector(), edge_order);
}
std::vector<Value> UnevenSlopes(Builder& b, Value self, Values spacing, const std::vector<int64_t>& axes,
                                int64_t edge_order) {
  CheckEdges(b, self, edge_order);
  if (spacing.size() != axes.size()) return b.Unsupported("spacing has {} items for {} axes", spacing.size(), axes.size());
  std::vector<Value> slopes;
  for (std::size_t i = 0; i < axes.size(); ++i) slopes.push_back(UnevenSlope(b, self, spacing[i], axes[i], edge_order));
  return slopes;
}
std::vector<Value> GradientTensorArrayInt(Builder& b, Value self, Values spacing, std::optional<int64_t> dim,
                                          int64_t edge_order) {
  return UnevenSlopes(b, self, spacing, AxesOf(self, dim), edge_order);
}
std::vector<Value> GradientTensorArray(Builder& b, Value self, Values spacing, Ints dim, int64_t edge_order) {
  return UnevenSlopes(b, self, spacing, dim.ToVector(), edge_order);
}

std::vector<Value> EvenSlopesBy(Builder& b, Value self, const std::vector<Scalar>& spacing,
                                const std::vector<int64_t>& axes, int64_t edge_order) {
  CheckEdges(b, self, edge_order);
  if (spacing.size() != axes.size()) return b.Unsupported("spacing has {} items for {} axes", spacing.size(), axes.size());
  std::vector<Value> slopes;
  for (std::size_t i = 0; i < axes.size(); ++i) slopes.push_back(EvenSlope(b, self, spacing[i], axes[i], edge_order));
  return slopes;
}
std::vector<Value> GradientScalarArrayInt(Builder& b, Value self, std::vector<Scalar> spacing, std::optional<int64_t> dim,
                                          int64_t edge_order) {
  return EvenSlopesBy(b, self, spacing, AxesOf(self, dim), edge_order);
}
std::vector<Value> GradientScalarArrays(Builder& b, Value self, std::vector<Scalar> spacing, Ints dim, int64_t edge_order) {
  return EvenSlopesBy(b, self, spacing, dim.ToVector(), edge_order);
}

#define FL_EXTREME "(Tensor self, int dim) -> (Tensor values, Tensor indices)"
#define FL_EDGES "int edge_order=1) -> Tensor[]"

constexpr Lowering kTable[] = {
    Lower<Cumsum>("aten::cumsum(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor"),
    Lower<Cumprod>("aten::cumprod(Tensor self, int dim, *, ScalarType? dtype=None) -> Tensor"),
    Lower<Logcumsumexp>("aten::logcumsumexp(Tensor self, int dim) -> Tensor"),
    Lower<RunningExtreme<true>>("aten::cummax" FL_EXTREME),
    Lower<RunningExtreme<false>>("aten::cummin" FL_EXTREME),
    Lower<TrapezoidX>("aten::trapezoid.x(Tensor y, Tensor x, *, int dim=-1) -> Tensor"),
    Lower<TrapezoidDx<Scalar>>("aten::trapezoid.dx(Tensor y, *, Scalar dx=1, int dim=-1) -> Tensor"),
    Lower<CumulativeTrapezoidX>("aten::cumulative_trapezoid.x(Tensor y, Tensor x, *, int dim=-1) -> Tensor"),
    Lower<CumulativeTrapezoidDx>("aten::cumulative_trapezoid.dx(Tensor y, *, Scalar dx=1, int dim=-1) -> Tensor"),
    Lower<GradientScalarInt>("aten::gradient.scalarint(Tensor self, *, Scalar? spacing=None, int? dim=None, " FL_EDGES),
    Lower<GradientScalarArray>("aten::gradient.scalararray(Tensor self, *, Scalar spacing, int[] dim, " FL_EDGES),
    Lower<GradientArray>("aten::gradient.array(Tensor self, *, int[] dim, " FL_EDGES),
    Lower<GradientScalarArrayInt>("aten::gradient.scalarrayint(Tensor self, *, Scalar[] spacing, int? dim=None, " FL_EDGES),
    Lower<GradientScalarArrays>("aten::gradient.scalarrayarray(Tensor self, *, Scalar[] spacing, int[] dim, " FL_EDGES),
    Lower<GradientTensorArrayInt>(
        "aten::gradient.tensorarrayint(Tensor self, *, Tensor[] spacing, int? dim=None, " FL_EDGES),
    Lower<GradientTensorArray>("aten::gradient.tensorarray(Tensor self, *, Tensor[] spacing, int[] dim, " FL_EDGES),
};

}  // namespace

std::span<const Lowering> ScanLowerings() { return kTable; }

}  // namespace fairlead::aten
