// The same elements under other sizes or in another order: views, transpositions, joining and splitting.
#include <algorithm>
#include <numeric>

#include "families.hpp"

namespace fairlead::aten {
namespace {

// ---- other sizes ----

Value View(Builder& b, Value self, Dims size) { return b.Reshape(self, size); }
Value ViewAs(Builder& b, Value self, Value other) { return b.Reshape(self, other.dims()); }

// Merges the axes start to end into one.
Value Flatten(Builder& b, Value self, int64_t start_dim, int64_t end_dim) {
  if (self.rank() == 0) return b.Reshape(self, {1});
  const int64_t start = b.Axis(start_dim, self.rank()), end = b.Axis(end_dim, self.rank());
  if (start > end) return b.Unsupported("start_dim={} comes after end_dim={}", start_dim, end_dim);
  if (start == end) return self;
  const Dims own = self.dims();
  Dims merged(own.begin(), own.begin() + start);
  merged.push_back(b.Product(Dims(own.begin() + start, own.begin() + end + 1)));
  merged.insert(merged.end(), own.begin() + end + 1, own.end());
  return b.Reshape(self, merged);
}

Value Ravel(Builder& b, Value self) { return b.Reshape(self, {-1}); }

Value Unflatten(Builder& b, Value self, int64_t dim, Dims sizes) {
  const int64_t axis = b.Axis(dim, self.rank());
  const Dims own = self.dims();
  if (axis >= std::ssize(own)) return b.Unsupported("dim={} with rank {}", dim, self.rank());
  // A size of -1 among `sizes` is what the others leave of this axis; ONNX's -1 would count the whole tensor, which is the
  // same as long as the other sizes are written out.
  Dims split(own.begin(), own.begin() + axis);
  split.insert(split.end(), sizes.begin(), sizes.end());
  split.insert(split.end(), own.begin() + axis + 1, own.end());
  return b.Reshape(self, split);
}

Value Squeeze(Builder& b, Value self) {
  std::vector<int64_t> axes;
  for (int axis = 0; axis < self.rank(); ++axis) {
    // torch.export decides at export whether a symbolic size is one: the recorded rank says which way it went.
    if (self.static_dim(axis) == 1) axes.push_back(axis);
  }
  return b.Squeeze(self, axes);
}

Value SqueezeAxes(Builder& b, Value self, const Ints& dims) {
  std::vector<int64_t> axes;
  if (self.rank() == 0) return self;
  for (const int64_t dim : dims) {
    const int64_t axis = b.Axis(dim, self.rank());
    if (self.static_dim(axis) == 1) axes.push_back(axis);
  }
  return b.Squeeze(self, axes);
}
Value SqueezeDim(Builder& b, Value self, int64_t dim) { return SqueezeAxes(b, self, {dim}); }
Value SqueezeDims(Builder& b, Value self, Ints dim) { return SqueezeAxes(b, self, dim); }

Value Unsqueeze(Builder& b, Value self, int64_t dim) { return b.Unsqueeze(self, {b.Axis(dim, self.rank() + 1)}); }

Value Expand(Builder& b, Value self, Dims size, NoEffect<bool> /*implicit*/) { return b.Expand(self, size); }
Value BroadcastTo(Builder& b, Value self, Dims size) { return b.Expand(self, size); }
Value ExpandAs(Builder& b, Value self, Value other) { return b.Expand(self, other.dims()); }

// ---- another order ----

Value Permuted(Builder& b, Value self, const std::vector<int64_t>& order) {
  if (std::ranges::is_sorted(order)) return self;
  return b.Transpose(self, {.perm = order});
}

Value Permute(Builder& b, Value self, Ints dims) {
  if (std::ssize(dims) != self.rank()) return b.Unsupported("dims={} with rank {}", dims, self.rank());
  return Permuted(b, self, b.Axes(dims, self.rank()));
}

Value Transpose(Builder& b, Value self, int64_t dim0, int64_t dim1) {
  if (self.rank() == 0) return self;
  std::vector<int64_t> order(static_cast<std::size_t>(std::max(self.rank(), 0)));
  std::iota(order.begin(), order.end(), 0);
  const int64_t first = b.Axis(dim0, self.rank()), second = b.Axis(dim1, self.rank());
  if (std::max(first, second) >= std::ssize(order)) return b.Unsupported("dim0={}, dim1={}", dim0, dim1);
  std::swap(order[static_cast<std::size_t>(first)], order[static_cast<std::size_t>(second)]);
  return Permuted(b, self, order);
}

Value TransposeMatrix(Builder& b, Value self) { return self.rank() < 2 ? self : Transpose(b, self, -2, -1); }

Value ReverseAxes(Builder& b, Value self) {
  std::vector<int64_t> order(static_cast<std::size_t>(std::max(self.rank(), 0)));
  std::iota(order.rbegin(), order.rend(), 0);
  return Permuted(b, self, order);
}

Value MoveAxes(Builder& b, Value self, Ints source, Ints destination) {
  const int64_t rank = self.rank();
  const std::vector<int64_t> from = b.Axes(source, rank), to = b.Axes(destination, rank);
  if (from.size() != to.size() || rank < 0) return b.Unsupported("source={}, destination={}", source, destination);
  if (rank == 0) return self;
  std::vector<int64_t> order(static_cast<std::size_t>(rank), -1), rest;
  for (std::size_t i = 0; i < from.size(); ++i) order[static_cast<std::size_t>(to[i])] = from[i];
  for (int64_t axis = 0; axis < rank; ++axis)
    if (std::ranges::find(from, axis) == from.end()) rest.push_back(axis);
  if (std::ranges::count(order, -1) != std::ssize(rest))
    return b.Unsupported("source={}, destination={}: an axis occurs twice", source, destination);
  auto next = rest.begin();
  for (int64_t& axis : order)
    if (axis < 0) axis = *next++;
  return Permuted(b, self, order);
}
Value MoveAxis(Builder& b, Value self, int64_t source, int64_t destination) {
  return MoveAxes(b, self, {source}, {destination});
}

Value Flip(Builder& b, Value self, Ints dims) {
  if (dims.empty() || self.rank() == 0) return self;
  const std::vector<int64_t> axes = b.Axes(dims, self.rank());
  const std::vector<int64_t> starts(axes.size(), -1), ends(axes.size(), INT64_MIN), steps(axes.size(), -1);
  return b.Slice(self, b.Constant(starts), b.Constant(ends), b.Constant(axes), b.Constant(steps));
}

Value FlipLeftRight(Builder& b, Value self) { return Flip(b, self, {1}); }
Value FlipUpDown(Builder& b, Value self) { return Flip(b, self, {0}); }

// Quarter turns from the first axis of `dims` towards the second.
Value Rot90(Builder& b, Value self, int64_t k, Ints dims) {
  if (dims.size() != 2) return b.Unsupported("dims={}, wanted two", dims);
  const int64_t turns = ((k % 4) + 4) % 4;
  if (turns == 0) return self;
  if (turns == 2) return Flip(b, self, dims);
  return Transpose(b, Flip(b, self, {turns == 1 ? dims[1] : dims[0]}), dims[0], dims[1]);
}

// Shifts one axis; elements that fall off come back at the other end.
Value RollAxis(Builder& b, Value self, const Dim& shift, int64_t axis) {
  const Dim size = self.dim(axis);
  if (size.IsStatic() && shift.IsStatic()) {
    if (size.size == 0) return self;
    const int64_t over = shift.size % size.size, forwards = over < 0 ? over + size.size : over;
    const int64_t split = (size.size - forwards) % size.size;
    if (split == 0) return self;
    return b.Concat({b.Slice(self, axis, split, INT64_MAX), b.Slice(self, axis, 0, split)}, {.axis = axis});
  }
  // The split point is (-shift) mod size; an empty axis has nothing to move, and Max keeps the divisor from being zero.
  const Value divisor = b.Max({b.ToValue(size), b.Constant(1, DType::kInt64)});
  const Dim split(b.Mod(b.ToValue(b.Minus(0, shift)), divisor));
  return b.Concat({b.Slice(self, axis, split, INT64_MAX), b.Slice(self, axis, 0, split)}, {.axis = axis});
}

Value Roll(Builder& b, Value self, Dims shifts, Ints dims) {
  if (dims.empty()) {
    if (shifts.size() != 1) return b.Unsupported("{} shifts without dims", shifts.size());
    if (self.rank() == 0) return self;
    return b.Reshape(RollAxis(b, b.Reshape(self, {-1}), shifts[0], 0), self.dims());
  }
  if (shifts.size() != dims.size()) return b.Unsupported("{} shifts for {} dims", shifts.size(), dims.size());
  Value rolled = self;
  for (std::size_t i = 0; i < dims.size(); ++i) rolled = RollAxis(b, rolled, shifts[i], b.Axis(dims[i], self.rank()));
  return rolled;
}

// Frequencies in the order of the numbers: zero moves from the front to the middle (fftshift) or back (ifftshift).
template <bool inverse> Value FftShift(Builder& b, Value self, std::optional<Ints> dim) {
  Value shifted = self;
  if (self.rank() == 0) return self;
  std::vector<int64_t> axes = dim ? b.Axes(*dim, self.rank()) : std::vector<int64_t>();
  for (int64_t axis = 0; !dim && axis < self.rank(); ++axis) axes.push_back(axis);
  for (const int64_t axis : axes) {
    const Dim size = self.dim(axis);
    const Dim split = inverse ? b.FloorDivide(size, 2) : b.CeilDivide(size, 2);
    const Value front = b.Slice(shifted, axis, 0, split), back = b.Slice(shifted, axis, split, INT64_MAX);
    shifted = b.Concat({back, front}, {.axis = axis});
  }
  return shifted;
}

// ---- joining and splitting ----

// torch leaves tensors of shape [0] out of a cat, whatever the rank of the others.
Value Cat(Builder& b, Values tensors, int64_t dim) {
  Promotion promotion;
  std::vector<Value> kept;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    Operand(tensors[i]).AddTo(promotion);
    if (!(tensors[i].rank() == 1 && tensors[i].static_dim(0) == 0)) kept.push_back(tensors[i]);
  }
  if (kept.empty() && tensors.size() > 0) kept.push_back(tensors[0]);
  if (kept.empty()) return b.Unsupported("tensors is an empty list");
  for (Value& tensor : kept) tensor = b.ToType(tensor, promotion.type());
  if (kept.size() == 1) return kept[0];
  return b.Concat(kept, {.axis = b.Axis(dim, kept[0].rank())});
}

Value Stack(Builder& b, Values tensors, int64_t dim) {
  if (tensors.empty()) return b.Unsupported("tensors is an empty list");
  Promotion promotion;
  for (std::size_t i = 0; i < tensors.size(); ++i) Operand(tensors[i]).AddTo(promotion);
  const int64_t axis = b.Axis(dim, tensors[0].rank() + 1);
  std::vector<Value> rows;
  for (std::size_t i = 0; i < tensors.size(); ++i)
    rows.push_back(b.Unsqueeze(b.ToType(tensors[i], promotion.type()), {axis}));
  return rows.size() == 1 ? rows[0] : b.Concat(rows, {.axis = axis});
}

// Pieces of given sizes along an axis.
std::vector<Value> SplitSizes(Builder& b, Value self, const Dims& sizes, int64_t axis) {
  if (sizes.size() == 1) return {self};
  if (sizes.empty()) return b.Unsupported("a split into no pieces");
  return b.Split(self, b.ShapeOf(sizes), {.axis = axis}, sizes.size());
}

std::vector<Value> SplitWithSizes(Builder& b, Value self, Dims split_sizes, int64_t dim) {
  return SplitSizes(b, self, split_sizes, b.Axis(dim, self.rank()));
}

// Pieces of one size, the last one may be shorter. PyTorch recorded how many there are.
std::vector<Value> SplitEvery(Builder& b, Value self, const Dim& piece, int64_t axis) {
  const std::size_t count = b.ResultCount();
  Dims sizes;
  Dim rest = self.dim(axis);
  for (std::size_t i = 0; i + 1 < count; ++i) {
    sizes.push_back(piece);
    rest = b.Minus(rest, piece);
  }
  sizes.push_back(rest);
  return SplitSizes(b, self, sizes, axis);
}

std::vector<Value> SplitTensor(Builder& b, Value self, Dim split_size, int64_t dim) {
  return SplitEvery(b, self, split_size, b.Axis(dim, self.rank()));
}

// ceil(size / chunks) elements a piece; there may be fewer pieces than asked for.
std::vector<Value> Chunk(Builder& b, Value self, int64_t chunks, int64_t dim) {
  if (chunks < 1) return b.Unsupported("chunks={}", chunks);
  const int64_t axis = b.Axis(dim, self.rank());
  return SplitEvery(b, self, b.CeilDivide(self.dim(axis), chunks), axis);
}

// The first size % sections pieces have one element more.
std::vector<Value> TensorSplitSections(Builder& b, Value self, int64_t sections, int64_t dim) {
  const int64_t axis = b.Axis(dim, self.rank());
  if (sections < 1 || sections != static_cast<int64_t>(b.ResultCount()))
    return b.Unsupported("sections={} for {} results", sections, b.ResultCount());
  Dims sizes;
  for (int64_t i = 0; i < sections; ++i) sizes.push_back(b.FloorDivide(b.Plus(self.dim(axis), sections - 1 - i), sections));
  return SplitSizes(b, self, sizes, axis);
}

std::vector<Value> TensorSplitIndices(Builder& b, Value self, Dims indices, int64_t dim) {
  const int64_t axis = b.Axis(dim, self.rank());
  std::vector<Value> pieces;
  Dim start = 0;
  for (const Dim& index : indices) {
    pieces.push_back(b.Slice(self, axis, start, index));
    start = index;
  }
  pieces.push_back(b.Slice(self, axis, start, INT64_MAX));
  return pieces;
}

// A 0-d tensor is how many sections, a list where to split; PyTorch recorded how many pieces there are.
std::vector<Value> TensorSplitTensor(Builder& b, Value self, Value tensor_indices_or_sections, int64_t dim) {
  const auto pieces = static_cast<int64_t>(b.ResultCount());
  if (tensor_indices_or_sections.rank() == 0) return TensorSplitSections(b, self, pieces, dim);
  const Value places = b.ToType(tensor_indices_or_sections, DType::kInt64);
  Dims indices;
  for (int64_t i = 0; i + 1 < pieces; ++i) indices.push_back(Dim(b.Select(places, 0, i)));
  return TensorSplitIndices(b, self, indices, dim);
}

std::vector<Value> Unbind(Builder& b, Value self, int64_t dim) {
  const int64_t axis = b.Axis(dim, self.rank());
  const std::size_t count = b.ResultCount();
  if (count == 0) return {};
  if (count == 1) return {b.Squeeze(self, {axis})};
  const Dims ones(std::vector<int64_t>(count, 1));
  std::vector<Value> rows = b.Split(self, b.ShapeOf(ones), {.axis = axis}, count);
  for (Value& row : rows) row = b.Squeeze(row, {axis});
  return rows;
}

// ---- repetition ----

// ONNX's Tile has no kernel for an empty list of repeats.
Value Repeat(Builder& b, Value self, Dims repeats) {
  const auto missing = std::ssize(repeats) - self.rank();
  if (missing < 0) return b.Unsupported("{} repeats for rank {}", repeats.size(), self.rank());
  if (repeats.empty()) return self;
  Dims widened(static_cast<std::size_t>(missing), Dim(1));
  const Dims own = self.dims();
  widened.insert(widened.end(), own.begin(), own.end());
  const Value value = missing > 0 ? b.Reshape(self, widened) : self;
  return b.Tile(value, b.ShapeOf(repeats));
}

// tile fills up missing repeats with ones in front.
Value Tile(Builder& b, Value self, Dims dims) {
  Dims repeats(static_cast<std::size_t>(std::max<int64_t>(self.rank() - std::ssize(dims), 0)), Dim(1));
  repeats.insert(repeats.end(), dims.begin(), dims.end());
  return Repeat(b, self, repeats);
}

constexpr Lowering kTable[] = {
    Lower<View>("aten::view(Tensor(a) self, SymInt[] size) -> Tensor(a)"),
    Lower<View>("aten::reshape(Tensor(a) self, SymInt[] shape) -> Tensor(a)"),
    Lower<ViewAs>("aten::view_as(Tensor(a) self, Tensor other) -> Tensor(a)"),
    Lower<ViewAs>("aten::reshape_as(Tensor(a) self, Tensor other) -> Tensor(a)"),
    Lower<Flatten>("aten::flatten.using_ints(Tensor(a) self, int start_dim=0, int end_dim=-1) -> Tensor(a)"),
    Lower<Ravel>("aten::ravel(Tensor(a) self) -> Tensor(a)"),
    Lower<Unflatten>("aten::unflatten.int(Tensor(a) self, int dim, SymInt[] sizes) -> Tensor(a)"),
    Lower<Squeeze>("aten::squeeze(Tensor(a) self) -> Tensor(a)"),
    Lower<SqueezeDim>("aten::squeeze.dim(Tensor(a) self, int dim) -> Tensor(a)"),
    Lower<SqueezeDims>("aten::squeeze.dims(Tensor(a) self, int[] dim) -> Tensor(a)"),
    Lower<Unsqueeze>("aten::unsqueeze(Tensor(a) self, int dim) -> Tensor(a)"),
    Lower<Expand>("aten::expand(Tensor(a) self, SymInt[] size, *, bool implicit=False) -> Tensor(a)"),
    Lower<BroadcastTo>("aten::broadcast_to(Tensor(a) self, SymInt[] size) -> Tensor(a)"),
    Lower<ExpandAs>("aten::expand_as(Tensor(a) self, Tensor other) -> Tensor(a)"),
    Lower<Permute>("aten::permute(Tensor(a) self, int[] dims) -> Tensor(a)"),
    Lower<Transpose>("aten::transpose.int(Tensor(a) self, int dim0, int dim1) -> Tensor(a)"),
    Lower<TransposeMatrix>("aten::t(Tensor(a) self) -> Tensor(a)"),
    Lower<TransposeMatrix>("aten::mT(Tensor(a) self) -> Tensor(a)"),
    Lower<ReverseAxes>("aten::numpy_T(Tensor(a) self) -> Tensor(a)"),
    Lower<MoveAxes>("aten::movedim.intlist(Tensor(a) self, int[] source, int[] destination) -> Tensor(a)"),
    Lower<MoveAxis>("aten::movedim.int(Tensor(a) self, int source, int destination) -> Tensor(a)"),
    Lower<Flip>("aten::flip(Tensor self, int[] dims) -> Tensor"),
    Lower<Roll>("aten::roll(Tensor self, SymInt[1] shifts, int[1] dims=[]) -> Tensor"),
    Lower<FlipLeftRight>("aten::fliplr(Tensor self) -> Tensor"),
    Lower<FlipUpDown>("aten::flipud(Tensor self) -> Tensor"),
    Lower<Rot90>("aten::rot90(Tensor self, int k=1, int[] dims=[0, 1]) -> Tensor"),
    Lower<FftShift<false>>("aten::fft_fftshift(Tensor self, int[1]? dim=None) -> Tensor"),
    Lower<FftShift<true>>("aten::fft_ifftshift(Tensor self, int[1]? dim=None) -> Tensor"),
    Lower<Cat>("aten::cat(Tensor[] tensors, int dim=0) -> Tensor"),
    Lower<Stack>("aten::stack(Tensor[] tensors, int dim=0) -> Tensor"),
    Lower<SplitWithSizes>("aten::split_with_sizes(Tensor(a -> *) self, SymInt[] split_sizes, int dim=0) -> Tensor(a)[]"),
    Lower<SplitWithSizes>("aten::split.sizes(Tensor(a -> *) self, SymInt[] split_size, int dim=0) -> Tensor(a)[]"),
    Lower<SplitTensor>("aten::split.Tensor(Tensor(a -> *) self, SymInt split_size, int dim=0) -> Tensor(a)[]"),
    Lower<Chunk>("aten::chunk(Tensor(a -> *) self, int chunks, int dim=0) -> Tensor(a)[]"),
    Lower<TensorSplitSections>(
        "aten::tensor_split.sections(Tensor(a -> *) self, SymInt sections, int dim=0) -> Tensor(a)[]"),
    Lower<TensorSplitIndices>(
        "aten::tensor_split.indices(Tensor(a -> *) self, SymInt[] indices, int dim=0) -> Tensor(a)[]"),
    Lower<TensorSplitTensor>("aten::tensor_split.tensor_indices_or_sections(Tensor(a -> *) self, Tensor "
                             "tensor_indices_or_sections, int dim=0) -> Tensor(a)[]"),
    Lower<Unbind>("aten::unbind.int(Tensor(a -> *) self, int dim=0) -> Tensor(a)[]"),
    Lower<Repeat>("aten::repeat(Tensor self, SymInt[] repeats) -> Tensor"),
    Lower<Tile>("aten::tile(Tensor self, SymInt[] dims) -> Tensor"),
};

}  // namespace

std::span<const Lowering> ShapeLowerings() { return kTable; }

}  // namespace fairlead::aten
