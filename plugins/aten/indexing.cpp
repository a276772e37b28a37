// Reading and writing at positions: slices, gathers, scatters, masks, and the index lists of Python's brackets.
#include <algorithm>

#include "families.hpp"
#include "positions.hpp"

namespace fairlead::aten {
namespace {

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

// ---- an index for every element ----

Value GatherDim(Builder& b, Value self, int64_t dim, Value index, NoEffect<bool> /*sparse_grad*/) {
  const Value data = AtLeast1d(b, self);
  const Value picked = b.GatherElements(data, AsIndex(b, AtLeast1d(b, index)), {.axis = b.Axis(dim, data.rank())});
  return index.rank() == 0 ? b.Reshape(picked, Dims()) : picked;
}

Value Take(Builder& b, Value self, Value index) { return b.Gather(b.Reshape(self, {-1}), index); }

Value TakeAlongDim(Builder& b, Value self, Value indices, std::optional<int64_t> dim) {
  if (!dim) return b.Gather(b.Reshape(self, {-1}), b.Reshape(indices, {-1}));
  if (self.rank() != indices.rank() || self.rank() < 1)
    return b.Unsupported("self has rank {}, indices rank {}", self.rank(), indices.rank());
  const int64_t axis = b.Axis(*dim, self.rank());
  // All axes but this one broadcast against each other.
  const auto wide = [&](Value value, Value other) {
    Dims sizes = other.dims();
    sizes[static_cast<std::size_t>(axis)] = 1;
    return b.Expand(value, b.ShapeOf(sizes));
  };
  return b.GatherElements(wide(self, indices), wide(indices, self), {.axis = axis});
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

// The first `size` of the places that nonzero finds; where there are fewer, rows of `fill_value`.
Value NonzeroStatic(Builder& b, Value self, Dim size, int64_t fill_value) {
  const Value filling = b.Full({size, self.rank()}, fill_value, DType::kInt64);
  if (self.rank() == 0) return filling;
  return b.Slice(b.Concat({Nonzero(b, self), filling}, {.axis = 0}), 0, 0, size);
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
  std::vector<int64_t> order = AxesInOrder(others + list.rank);
  if (list.adjacent) std::rotate(order.begin(), order.begin() + list.rank, order.begin() + list.rank + list.axes[0]);
  return order;
}

// The positions of all indexed axes, side by side in a last axis.
Value StackedPositions(Builder& b, const IndexList& list) {
  if (list.rank < 0) b.Unsupported("indices have a tensor of unknown rank");
  b.StopIfFailed();
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
  const Value updates = Transposed(b, b.Expand(given, natural), Undoing(in_place));
  const DType type = accumulate ? ReducedIn(self.dtype()) : self.dtype();
  const Value written =
      b.ScatterND(b.ToType(data, type), positions, b.ToType(updates, type), {.reduction = accumulate ? "add" : "none"});
  return Transposed(b, b.ToType(written, self.dtype()), Undoing(order));
}

// The indices, moved into the tensor: what lies outside is masked, and may not be read.
std::vector<Value> Clamped(Builder& b, Value self, Values indices) {
  std::vector<Value> clamped = indices.ToVector();
  for (std::size_t axis = 0; axis < clamped.size(); ++axis) {
    Value& index = clamped[axis];
    if (!index) continue;
    if (index.dtype() == DType::kBool) return b.Unsupported("indices[{}] is a mask", axis);
    const Dim size = self.dim(static_cast<int64_t>(axis));
    const Value least = b.ToValue(b.Minus(0, size)), most = b.ToValue(b.Minus(size, 1));
    index = b.Max({b.Min({AsIndex(b, index), most}), least});
  }
  return clamped;
}

Value UnsafeMaskedIndex(Builder& b, Value self, Value mask, Values indices, Scalar fill) {
  if (std::ssize(indices.handles()) > self.rank())
    return b.Unsupported("{} indices for rank {}", indices.size(), self.rank());
  const std::vector<Value> inside = Clamped(b, self, indices);
  const Value picked = b.Aten("aten::index.Tensor", {{"self", self}, {"indices", inside}});
  return b.Aten("aten::where.self", {{"condition", mask}, {"self", picked}, {"other", b.Like(self, fill)}});
}

Value UnsafeMaskedIndexPutAccumulate(Builder& b, Value self, Value mask, Values indices, Value values) {
  if (std::ssize(indices.handles()) > self.rank())
    return b.Unsupported("{} indices for rank {}", indices.size(), self.rank());
  const std::vector<Value> inside = Clamped(b, self, indices);
  const Value kept = b.Aten("aten::where.self", {{"condition", mask}, {"self", values}, {"other", b.Like(values, 0)}});
  return b.Aten("aten::index_put", {{"self", self}, {"indices", inside}, {"values", kept}, {"accumulate", true}});
}

// ---- windows, classes ----

// Windows of `size` every `step` positions; the places within a window become a last axis.
Value Unfold(Builder& b, Value self, int64_t dimension, int64_t size, int64_t step) {
  const Value data = AtLeast1d(b, self);
  const int64_t axis = b.Axis(dimension, data.rank());
  const Dim windows = b.Plus(b.FloorDivide(b.Minus(data.dim(axis), size), step), 1);
  const Value starts = b.Mul(b.Iota(windows), b.Constant(step, DType::kInt64));
  const Value places = b.Add(b.Unsqueeze(starts, {1}), b.Unsqueeze(b.Iota(size), {0}));
  const Value picked = b.Gather(data, places, {.axis = axis});
  std::vector<int64_t> order = AxesInOrder(data.rank() + 1);
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
    Lower<GatherDim>("aten::gather(Tensor self, int dim, Tensor index, *, bool sparse_grad=False) -> Tensor"),
    Lower<Take>("aten::take(Tensor self, Tensor index) -> Tensor"),
    Lower<TakeAlongDim>("aten::take_along_dim(Tensor self, Tensor indices, int? dim=None) -> Tensor"),
    Lower<MaskedFillScalar>("aten::masked_fill.Scalar(Tensor self, Tensor mask, Scalar value) -> Tensor"),
    Lower<MaskedFill>("aten::masked_fill.Tensor(Tensor self, Tensor mask, Tensor value) -> Tensor"),
    Lower<MaskedSelect>("aten::masked_select(Tensor self, Tensor mask) -> Tensor"),
    Lower<MaskedScatter>("aten::masked_scatter(Tensor self, Tensor mask, Tensor source) -> Tensor"),
    Lower<Nonzero>("aten::nonzero(Tensor self) -> Tensor"),
    Lower<Nonzero>("aten::argwhere(Tensor self) -> Tensor"),
    Lower<NonzeroStatic>("aten::nonzero_static(Tensor self, *, SymInt size, int fill_value=-1) -> Tensor"),
    Lower<NonzeroNumpy>("aten::nonzero_numpy(Tensor self) -> Tensor[]"),
    Lower<IndexTensor>("aten::index.Tensor(Tensor self, Tensor?[] indices) -> Tensor"),
    Lower<IndexPut>("aten::index_put(Tensor self, Tensor?[] indices, Tensor values, bool accumulate=False) -> Tensor"),
    Lower<IndexPut>(
        "aten::_unsafe_index_put(Tensor self, Tensor?[] indices, Tensor values, bool accumulate=False) -> Tensor"),
    Lower<UnsafeMaskedIndex>(
        "aten::_unsafe_masked_index(Tensor self, Tensor mask, Tensor?[] indices, Scalar fill) -> Tensor"),
    Lower<UnsafeMaskedIndexPutAccumulate>("aten::_unsafe_masked_index_put_accumulate(Tensor self, Tensor mask, "
                                          "Tensor?[] indices, Tensor values) -> Tensor"),
    Lower<Unfold>("aten::unfold(Tensor(a) self, int dimension, int size, int step) -> Tensor(a)"),
    Lower<OneHot>("aten::one_hot(Tensor self, int num_classes=-1) -> Tensor"),
};

}  // namespace

std::span<const Lowering> IndexingLowerings() { return kTable; }

}  // namespace fairlead::aten
