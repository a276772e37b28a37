// Reading and writing at positions: slices, gathers, scatters, masks, and the index lists of Python's brackets.
#include <algorithm>
#include <numeric>

#include "families.hpp"

namespace fairlead::aten {
namespace {

// A 0-d tensor is indexed as if it had one axis of size one.
Value AtLeast1d(Builder& b, Value value) { return value.rank() == 0 ? b.Reshape(value, {1}) : value; }

Value AsIndex(Builder& b, Value index) { return b.ToType(index, DType::kInt64); }

bool SameSizes(Builder& b, Value x, Value y) {
  if (x.rank() != y.rank() || x.rank() < 0) return false;
  for (int axis = 0; axis < x.rank(); ++axis)
    if (!b.SameDim(x, axis, y, axis)) return false;
  return true;
}

// A 1-D list of positions along `axis`, for every place of a tensor of the shape of `like`.
Value AlongAxis(Builder& b, Value positions, int64_t axis, Value like) {
  std::vector<int64_t> sizes(static_cast<std::size_t>(like.rank()), 1);
  sizes[static_cast<std::size_t>(axis)] = -1;
  return b.Expand(b.Reshape(positions, b.Constant(sizes)), b.Shape(like));
}

// ---- slices ----

Value SliceTensor(Builder& b, Value self, int64_t dim, std::optional<Dim> start, std::optional<Dim> end, Dim step) {
  const Dim first = start.value_or(0), last = end.value_or(INT64_MAX);
  if (first.Is(0) && last.Is(INT64_MAX) && step.Is(1)) return self;
  return b.Slice(self, b.Axis(dim, self.rank()), first, last, step);
}

Value SelectInt(Builder& b, Value self, int64_t dim, Dim index) { return b.Select(self, b.Axis(dim, self.rank()), index); }

Value Narrow(Builder& b, Value self, int64_t dim, Dim start, Dim length) {
  const int64_t axis = b.Axis(dim, self.rank());
  // A negative start counts from the end, and then start + length may be 0, which Slice would read as the front.
  const Dim first = start.IsStatic() && start.size < 0 ? b.Plus(self.dim(axis), start) : start;
  return b.Slice(self, axis, first, b.Plus(first, length));
}

Value SelectScatter(Builder& b, Value self, Value src, int64_t dim, Dim index) {
  const int64_t axis = b.Axis(dim, self.rank());
  const Value row = b.Unsqueeze(b.ToType(src, self.dtype()), {axis});
  return b.ScatterElements(self, AlongAxis(b, b.ShapeOf({index}), axis, row), row, {.axis = axis});
}

Value SliceScatter(Builder& b, Value self, Value src, int64_t dim, std::optional<Dim> start, std::optional<Dim> end,
                   Dim step) {
  const Dim first = start.value_or(0), last = end.value_or(INT64_MAX);
  const Value rows = b.ToType(src, self.dtype());
  if (first.Is(0) && last.Is(INT64_MAX) && step.Is(1)) return rows;
  const int64_t axis = b.Axis(dim, self.rank());
  const Value positions = b.Slice(b.Iota(self.dim(axis)), 0, first, last, step);
  return b.ScatterElements(self, AlongAxis(b, positions, axis, rows), rows, {.axis = axis});
}

// ---- one index list for one axis ----

Value IndexSelect(Builder& b, Value self, int64_t dim, Value index) {
  const Value picked = b.Gather(AtLeast1d(b, self), AtLeast1d(b, index), {.axis = b.Axis(dim, std::max(self.rank(), 1))});
  return self.rank() == 0 ? b.Reshape(picked, Dims()) : picked;
}

Value Embedding(Builder& b, Value weight, Value indices, NoEffect<Dim> /*padding_idx*/,
                NoEffect<bool> /*scale_grad_by_freq*/, NoEffect<bool> /*sparse*/) {
  return b.Gather(weight, indices);
}

// Narrow floats are added up in float: more exact, and some runtimes add nothing narrower.
Value IndexAdd(Builder& b, Value self, int64_t dim, Value index, Value source, Scalar alpha) {
  const bool narrow = IsFloat(self.dtype()) && BitWidth(self.dtype()) < 32;
  const DType type = narrow ? DType::kFloat : self.dtype();
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

Value GatherDim(Builder& b, Value self, int64_t dim, Value index, NoEffect<bool> /*sparse_grad*/) {
  const Value data = AtLeast1d(b, self);
  const Value picked = b.GatherElements(data, AsIndex(b, AtLeast1d(b, index)), {.axis = b.Axis(dim, data.rank())});
  return index.rank() == 0 ? b.Reshape(picked, Dims()) : picked;
}

Value Take(Builder& b, Value self, Value index) { return b.Gather(b.Reshape(self, {-1}), index); }

Value TakeAlongDim(Builder& b, Value self, Value indices, std::optional<int64_t> dim) {
  if (!dim) return b.Gather(b.Reshape(self, {-1}), b.Reshape(indices, {-1}));
  const int64_t axis = b.Axis(*dim, self.rank());
  // All axes but this one broadcast against each other.
  const auto wide = [&](Value value, Value other) {
    Dims sizes = other.dims();
    sizes[static_cast<std::size_t>(axis)] = 1;
    return b.Expand(value, b.ShapeOf(sizes));
  };
  if (self.rank() != indices.rank()) return b.Unsupported("self has rank {}, indices rank {}", self.rank(), indices.rank());
  return b.GatherElements(wide(self, indices), wide(indices, self), {.axis = axis});
}

// The part of `source` that `index` covers: torch lets it be larger in every axis.
Value CoveredBy(Builder& b, Value source, Value index) {
  Value covered = source;
  for (int axis = 0; axis < index.rank(); ++axis)
    if (!b.SameDim(source, axis, index, axis)) covered = b.Slice(covered, axis, 0, index.dim(axis));
  return covered;
}

// Narrow floats are reduced in float: more exact, and some runtimes reduce nothing narrower.
Value Scatter(Builder& b, Value self, int64_t dim, Value index, Value source, std::string_view reduction) {
  const bool narrow = reduction != "none" && IsFloat(self.dtype()) && BitWidth(self.dtype()) < 32;
  const Value data = b.ToType(AtLeast1d(b, self), narrow ? DType::kFloat : self.dtype());
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

Value ScatterReduceTwo(Builder& b, Value self, int64_t dim, Value index, Value src, std::string_view reduce,
                       bool include_self) {
  const std::string_view reduction = reduce == "sum" || reduce == "mean" ? "add"
                                     : reduce == "prod"                  ? "mul"
                                     : reduce == "amax"                  ? "max"
                                                                         : "min";
  Value start = self;
  if (!include_self) {
    const auto identity = IdentityOf(reduce, self.dtype());
    if (!identity) return b.Unsupported("reduce='{}' of {} without self", reduce, self.dtype());
    start = Scatter(b, self, dim, index, Filled(b, index, self.dtype(), *identity), "none");
  }
  const Value reduced = Scatter(b, start, dim, index, src, reduction);
  if (reduce != "mean") return reduced;
  // How many numbers met at each place; where nothing was written it is one, and self stays.
  const Value ones = b.Expand(b.Like(self, 1), b.Shape(self));
  const Value none = Scatter(b, ones, dim, index, Filled(b, index, self.dtype(), 0), "none");
  const Value counts = Scatter(b, include_self ? ones : none, dim, index, Filled(b, index, self.dtype(), 1), "add");
  if (IsFloat(self.dtype())) return b.Div(reduced, counts);
  return b.Aten("aten::div.Tensor_mode", {{"self", reduced}, {"other", counts}, {"rounding_mode", "floor"}});
}

// ---- masks ----

Value MaskedFill(Builder& b, Value self, Value mask, Value value) {
  return b.Aten("aten::where.self", {{"condition", mask}, {"self", b.ToType(value, self.dtype())}, {"other", self}});
}
Value MaskedFillScalar(Builder& b, Value self, Value mask, Scalar value) {
  return MaskedFill(b, self, mask, b.Like(self, value));
}

// Both values broadcast to their common shape.
std::pair<Value, Value> Broadcast(Builder& b, Value x, Value y) {
  if (SameSizes(b, x, y)) return {x, y};
  const Value wide = b.Expand(x, b.Shape(y));
  return {wide, b.Expand(y, b.Shape(wide))};
}

Value MaskedSelect(Builder& b, Value self, Value mask) {
  const auto [data, keep] = Broadcast(b, self, mask);
  return b.Compress(b.Reshape(data, {-1}), b.Reshape(keep, {-1}));
}

// The n-th true place of the mask takes the n-th element of the source.
Value MaskedScatter(Builder& b, Value self, Value mask, Value source) {
  const auto [data, keep] = Broadcast(b, self, mask);
  const Value places = b.ToType(b.Reshape(keep, {-1}), DType::kInt64);
  const Value count = b.CumSum(places, b.Constant(0, DType::kInt64));
  const Value position = b.Max({b.Sub(count, b.Constant(1, DType::kInt64)), b.Constant(0, DType::kInt64)});
  // One element more, so that a mask of no true place may have an empty source.
  const Value flat = b.Concat({b.Reshape(source, {-1}), b.Expand(b.Like(source, 0), b.Constant({1}))}, {.axis = 0});
  const Value taken = b.Reshape(b.Gather(flat, position), b.Shape(data));
  return b.Aten("aten::where.self", {{"condition", keep}, {"self", taken}, {"other", data}});
}

// [rank, count] of the true places.
Value TruePlaces(Builder& b, Value self) {
  const Value flags = self.dtype() == DType::kBool ? self : b.Not(b.Equal(self, b.Like(self, 0)));
  return b.NonZero(AtLeast1d(b, flags));
}

Value Nonzero(Builder& b, Value self) {
  const Value places = b.Transpose(TruePlaces(b, self), {.perm = {1, 0}});
  return self.rank() == 0 ? b.Slice(places, 1, 0, 0) : places;
}

std::vector<Value> NonzeroNumpy(Builder& b, Value self) {
  std::vector<Value> rows;
  const Value places = TruePlaces(b, self);
  for (int axis = 0; axis < std::max(self.rank(), 1); ++axis) rows.push_back(b.Select(places, 0, axis));
  return rows;
}

// ---- Python's brackets: x[i, :, mask] ----

// Index tensors by the axis they stand for; masks are resolved, all have one shape.
struct IndexList {
  std::vector<int64_t> axes;
  std::vector<Value> positions;
  bool adjacent = true;  // the axes follow each other without a gap
  int rank = 0;          // of each of `positions`
};

IndexList ReadIndices(Builder& b, Values indices) {
  IndexList list;
  int64_t axis = 0, last = -1;
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const Value index = indices[i];
    if (!index) {
      ++axis;
      continue;
    }
    list.adjacent = list.adjacent && (last < 0 || last + 1 == axis);
    if (index.dtype() == DType::kBool || index.dtype() == DType::kUint8) {
      const Value places = TruePlaces(b, index);
      for (int row = 0; row < index.rank(); ++row, ++axis) {
        list.axes.push_back(axis);
        list.positions.push_back(b.Select(places, 0, row));
      }
    } else {
      list.axes.push_back(axis++);
      list.positions.push_back(AsIndex(b, index));
    }
    last = axis - 1;
  }
  if (list.positions.empty()) return list;
  Value common = list.positions[0];
  for (const Value& positions : list.positions)
    if (!SameSizes(b, common, positions)) common = b.Expand(common, b.Shape(positions));
  for (Value& positions : list.positions)
    if (!SameSizes(b, common, positions)) positions = b.Expand(positions, b.Shape(common));
  list.rank = common.rank();
  return list;
}

// The indexed axes first, the others after them in their order.
std::vector<int64_t> IndexedFirst(const IndexList& list, int64_t rank) {
  std::vector<int64_t> order = list.axes;
  for (int64_t axis = 0; axis < rank; ++axis)
    if (std::ranges::find(list.axes, axis) == list.axes.end()) order.push_back(axis);
  return order;
}

// Where the axes of the index go in the result: to the first indexed axis when all are adjacent, else to the front. This
// is the permutation that takes [index axes, other axes] there.
std::vector<int64_t> IndexAxesInPlace(const IndexList& list, int64_t rank) {
  const auto others = rank - std::ssize(list.axes);
  std::vector<int64_t> order(static_cast<std::size_t>(others + list.rank));
  std::iota(order.begin(), order.end(), 0);
  if (list.adjacent) std::rotate(order.begin(), order.begin() + list.rank, order.begin() + list.rank + list.axes[0]);
  return order;
}

Value Transposed(Builder& b, Value value, const std::vector<int64_t>& order) {
  return std::ranges::is_sorted(order) ? value : b.Transpose(value, {.perm = order});
}

// The positions of all indexed axes, side by side in a last axis.
Value StackedPositions(Builder& b, const IndexList& list) {
  std::vector<Value> columns;
  for (const Value& positions : list.positions) columns.push_back(b.Unsqueeze(positions, {list.rank}));
  return columns.size() == 1 ? columns[0] : b.Concat(columns, {.axis = list.rank});
}

Value IndexTensor(Builder& b, Value self, Values indices) {
  const IndexList list = ReadIndices(b, indices);
  if (list.axes.empty()) return self;
  if (list.axes.back() >= self.rank()) return b.Unsupported("{} indices for rank {}", list.axes.size(), self.rank());
  if (list.axes.size() == 1) return b.Gather(self, list.positions[0], {.axis = list.axes[0]});
  const Value data = Transposed(b, self, IndexedFirst(list, self.rank()));
  const Value picked = b.GatherND(data, StackedPositions(b, list));
  return Transposed(b, picked, IndexAxesInPlace(list, self.rank()));
}

// True where x[mask] = number can be a choice between two tensors.
bool IsMaskedFill(Values indices, Value values, bool accumulate) {
  if (accumulate || indices.size() != 1 || !indices[0] || indices[0].dtype() != DType::kBool) return false;
  for (int axis = 0; axis < values.rank(); ++axis)
    if (values.static_dim(axis) != 1) return false;
  return values.rank() >= 0;
}

Value IndexPut(Builder& b, Value self, Values indices, Value values, bool accumulate) {
  const Value given = b.ToType(values, self.dtype());
  if (IsMaskedFill(indices, given, accumulate) && indices[0].rank() <= self.rank()) {
    std::vector<int64_t> missing;
    for (int axis = indices[0].rank(); axis < self.rank(); ++axis) missing.push_back(axis);
    return MaskedFill(b, self, b.Unsqueeze(indices[0], missing), b.Reshape(given, Dims()));
  }
  const IndexList list = ReadIndices(b, indices);
  if (list.axes.empty()) return accumulate ? b.Add(self, given) : b.Expand(given, self.dims());
  if (list.axes.back() >= self.rank()) return b.Unsupported("{} indices for rank {}", list.axes.size(), self.rank());
  const std::vector<int64_t> order = IndexedFirst(list, self.rank());
  const Value data = Transposed(b, self, order);
  const Value positions = StackedPositions(b, list);
  // The values broadcast to what x[indices] has as shape, and are then put into the order of `data`.
  const std::vector<int64_t> in_place = IndexAxesInPlace(list, self.rank());
  Dims natural;
  const Dims sizes = data.dims();
  Dims by_index = list.positions[0].dims();
  by_index.insert(by_index.end(), sizes.begin() + std::ssize(list.axes), sizes.end());
  for (const int64_t axis : in_place) natural.push_back(by_index[static_cast<std::size_t>(axis)]);
  std::vector<int64_t> back(in_place.size());
  for (std::size_t i = 0; i < in_place.size(); ++i) back[static_cast<std::size_t>(in_place[i])] = static_cast<int64_t>(i);
  const Value updates = Transposed(b, b.Expand(given, natural), back);
  const Value written = b.ScatterND(data, positions, updates, {.reduction = accumulate ? "add" : "none"});
  std::vector<int64_t> restore(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) restore[static_cast<std::size_t>(order[i])] = static_cast<int64_t>(i);
  return Transposed(b, written, restore);
}
// ---- diagonals, triangles, windows ----

// Axes dim1 and dim2 last, merged into one; and the positions of a diagonal in it.
struct DiagonalPlaces {
  Value merged, positions;
  Dims sizes;                  // before merging
  std::vector<int64_t> order;  // of self's axes
};

DiagonalPlaces PlacesOfDiagonal(Builder& b, Value self, int64_t offset, int64_t dim1, int64_t dim2) {
  const int64_t rows = b.Axis(dim1, self.rank()), columns = b.Axis(dim2, self.rank());
  DiagonalPlaces places;
  for (int64_t axis = 0; axis < self.rank(); ++axis)
    if (axis != rows && axis != columns) places.order.push_back(axis);
  places.order.push_back(rows);
  places.order.push_back(columns);
  const Value moved = Transposed(b, self, places.order);
  places.sizes = moved.dims();
  const Dim height = self.dim(rows), width = self.dim(columns);
  Dims merged(places.sizes.begin(), places.sizes.end() - 2);
  merged.push_back(b.Multiply(height, width));
  places.merged = b.Reshape(moved, merged);
  const Dim fitting = b.Least(b.Minus(height, std::max<int64_t>(-offset, 0)), b.Minus(width, std::max<int64_t>(offset, 0)));
  const Dim length = b.Greatest(fitting, 0);
  const Dim start = offset >= 0 ? Dim(offset) : b.Multiply(-offset, width);
  places.positions = b.Add(b.Mul(b.Iota(length), b.ToValue(b.Plus(width, 1))), b.ToValue(start));
  return places;
}

Value Diagonal(Builder& b, Value self, int64_t offset, int64_t dim1, int64_t dim2) {
  const DiagonalPlaces places = PlacesOfDiagonal(b, self, offset, dim1, dim2);
  return b.Gather(places.merged, places.positions, {.axis = -1});
}

Value DiagonalScatter(Builder& b, Value self, Value src, int64_t offset, int64_t dim1, int64_t dim2) {
  const DiagonalPlaces places = PlacesOfDiagonal(b, self, offset, dim1, dim2);
  const int64_t last = self.rank() - 2;
  const Value updates = b.ToType(src, self.dtype());
  const Value written =
      b.ScatterElements(places.merged, AlongAxis(b, places.positions, last, updates), updates, {.axis = last});
  std::vector<int64_t> back(places.order.size());
  for (std::size_t i = 0; i < back.size(); ++i) back[static_cast<std::size_t>(places.order[i])] = static_cast<int64_t>(i);
  return Transposed(b, b.Reshape(written, places.sizes), back);
}

Value Triangle(Builder& b, Value self, const Dim& diagonal, bool upper) {
  const bool flags = self.dtype() == DType::kBool;
  const Value data = flags ? b.ToType(self, DType::kInt64) : self;
  const Value kept = b.Trilu(data, b.ToValue(diagonal), {.upper = upper});
  return flags ? b.ToType(kept, DType::kBool) : kept;
}
Value Triu(Builder& b, Value self, Dim diagonal) { return Triangle(b, self, diagonal, true); }
Value Tril(Builder& b, Value self, Dim diagonal) { return Triangle(b, self, diagonal, false); }

// Windows of `size` every `step` positions; the places within a window become a last axis.
Value Unfold(Builder& b, Value self, int64_t dimension, int64_t size, int64_t step) {
  const Value data = AtLeast1d(b, self);
  const int64_t axis = b.Axis(dimension, data.rank());
  const Dim windows = b.Plus(b.FloorDivide(b.Minus(data.dim(axis), size), step), 1);
  const Value starts = b.Mul(b.Iota(windows), b.Constant(step, DType::kInt64));
  const Value places = b.Add(b.Unsqueeze(starts, {1}), b.Unsqueeze(b.Iota(size), {0}));
  const Value picked = b.Gather(data, places, {.axis = axis});
  std::vector<int64_t> order(static_cast<std::size_t>(data.rank()) + 1);
  std::iota(order.begin(), order.end(), 0);
  std::rotate(order.begin() + axis + 1, order.begin() + axis + 2, order.end());
  const Value windowed = Transposed(b, picked, order);
  return self.rank() == 0 ? b.Reshape(windowed, Dims{size}) : windowed;
}

Value OneHot(Builder& b, Value self, int64_t num_classes) {
  if (num_classes < 1) return b.Unsupported("num_classes={}: the number of classes would depend on the data", num_classes);
  const Value classes = b.OneHot(AtLeast1d(b, self), b.Constant(num_classes, DType::kInt64), b.Constant({0, 1}));
  return self.rank() == 0 ? b.Squeeze(classes, {0}) : classes;
}

constexpr Lowering kTable[] = {
    Lower<SliceTensor>("aten::slice.Tensor(Tensor(a) self, int dim=0, SymInt? start=None, SymInt? end=None, SymInt step=1) "
                       "-> Tensor(a)"),
    Lower<SelectInt>("aten::select.int(Tensor(a) self, int dim, SymInt index) -> Tensor(a)"),
    Lower<Narrow>("aten::narrow(Tensor(a) self, int dim, SymInt start, SymInt length) -> Tensor(a)"),
    Lower<SelectScatter>("aten::select_scatter(Tensor self, Tensor src, int dim, SymInt index) -> Tensor"),
    Lower<SliceScatter>("aten::slice_scatter(Tensor self, Tensor src, int dim=0, SymInt? start=None, SymInt? end=None, "
                        "SymInt step=1) -> Tensor"),
    Lower<IndexSelect>("aten::index_select(Tensor self, int dim, Tensor index) -> Tensor"),
    Lower<Embedding>("aten::embedding(Tensor weight, Tensor indices, SymInt padding_idx=-1, bool scale_grad_by_freq=False, "
                     "bool sparse=False) -> Tensor"),
    Lower<IndexAdd>("aten::index_add(Tensor self, int dim, Tensor index, Tensor source, *, Scalar alpha=1) -> Tensor"),
    Lower<IndexCopy>("aten::index_copy(Tensor self, int dim, Tensor index, Tensor source) -> Tensor"),
    Lower<IndexFillScalar>("aten::index_fill.int_Scalar(Tensor self, int dim, Tensor index, Scalar value) -> Tensor"),
    Lower<IndexFillTensor>("aten::index_fill.int_Tensor(Tensor self, int dim, Tensor index, Tensor value) -> Tensor"),
    Lower<GatherDim>("aten::gather(Tensor self, int dim, Tensor index, *, bool sparse_grad=False) -> Tensor"),
    Lower<Take>("aten::take(Tensor self, Tensor index) -> Tensor"),
    Lower<TakeAlongDim>("aten::take_along_dim(Tensor self, Tensor indices, int? dim=None) -> Tensor"),
    Lower<ScatterSrc>("aten::scatter.src(Tensor self, int dim, Tensor index, Tensor src) -> Tensor"),
    Lower<ScatterValue>("aten::scatter.value(Tensor self, int dim, Tensor index, Scalar value) -> Tensor"),
    Lower<ScatterReduce>("aten::scatter.reduce(Tensor self, int dim, Tensor index, Tensor src, *, str reduce) -> Tensor"),
    Lower<ScatterValueReduce>(
        "aten::scatter.value_reduce(Tensor self, int dim, Tensor index, Scalar value, *, str reduce) -> Tensor"),
    Lower<ScatterAdd>("aten::scatter_add(Tensor self, int dim, Tensor index, Tensor src) -> Tensor"),
    Lower<ScatterReduceTwo>("aten::scatter_reduce.two(Tensor self, int dim, Tensor index, Tensor src, str reduce, *, "
                            "bool include_self=True) -> Tensor"),
    Lower<MaskedFillScalar>("aten::masked_fill.Scalar(Tensor self, Tensor mask, Scalar value) -> Tensor"),
    Lower<MaskedFill>("aten::masked_fill.Tensor(Tensor self, Tensor mask, Tensor value) -> Tensor"),
    Lower<MaskedSelect>("aten::masked_select(Tensor self, Tensor mask) -> Tensor"),
    Lower<MaskedScatter>("aten::masked_scatter(Tensor self, Tensor mask, Tensor source) -> Tensor"),
    Lower<Nonzero>("aten::nonzero(Tensor self) -> Tensor"),
    Lower<Nonzero>("aten::argwhere(Tensor self) -> Tensor"),
    Lower<NonzeroNumpy>("aten::nonzero_numpy(Tensor self) -> Tensor[]"),
    Lower<IndexTensor>("aten::index.Tensor(Tensor self, Tensor?[] indices) -> Tensor"),
    Lower<IndexPut>("aten::index_put(Tensor self, Tensor?[] indices, Tensor values, bool accumulate=False) -> Tensor"),
    Lower<IndexPut>(
        "aten::_unsafe_index_put(Tensor self, Tensor?[] indices, Tensor values, bool accumulate=False) -> Tensor"),
    Lower<Diagonal>("aten::diagonal(Tensor(a) self, int offset=0, int dim1=0, int dim2=1) -> Tensor(a)"),
    Lower<DiagonalScatter>(
        "aten::diagonal_scatter(Tensor self, Tensor src, int offset=0, int dim1=0, int dim2=1) -> Tensor"),
    Lower<Triu>("aten::triu(Tensor self, SymInt diagonal=0) -> Tensor"),
    Lower<Tril>("aten::tril(Tensor self, SymInt diagonal=0) -> Tensor"),
    Lower<Unfold>("aten::unfold(Tensor(a) self, int dimension, int size, int step) -> Tensor(a)"),
    Lower<OneHot>("aten::one_hot(Tensor self, int num_classes=-1) -> Tensor"),
};

}  // namespace

std::span<const Lowering> IndexingLowerings() { return kTable; }

}  // namespace fairlead::aten
