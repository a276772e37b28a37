// Joining and splitting by the names of directions, and what brings several tensors to one shape first.
#include "families.hpp"
#include "positions.hpp"

namespace fairlead::aten {
namespace {

// ---- at least so many axes ----

Value AtLeast2d(Builder& b, Value self) {
  const Value row = AtLeast1d(b, self);
  return row.rank() == 1 ? b.Unsqueeze(row, {0}) : row;
}
// A row lies along the second of three axes, a matrix along the first two.
Value AtLeast3d(Builder& b, Value self) {
  const Value matrix = AtLeast2d(b, self);
  return matrix.rank() == 2 ? b.Unsqueeze(matrix, {2}) : matrix;
}

template <auto Widen> std::vector<Value> EachOf(Builder& b, Values tensors) {
  std::vector<Value> wide;
  for (std::size_t i = 0; i < tensors.size(); ++i) wide.push_back(Widen(b, tensors[i]));
  return wide;
}

// ---- joining ----

Value Joined(Builder& b, const std::vector<Value>& tensors, int64_t axis) {
  if (tensors.empty()) return b.Unsupported("tensors is an empty list");
  return b.Aten("aten::cat", {{"tensors", tensors}, {"dim", axis}});
}

// Rows are joined end to end, everything else along its second axis.
Value HStack(Builder& b, Values tensors) {
  const std::vector<Value> wide = EachOf<AtLeast1d>(b, tensors);
  return Joined(b, wide, !wide.empty() && wide[0].rank() == 1 ? 0 : 1);
}
Value VStack(Builder& b, Values tensors) { return Joined(b, EachOf<AtLeast2d>(b, tensors), 0); }
Value DStack(Builder& b, Values tensors) { return Joined(b, EachOf<AtLeast3d>(b, tensors), 2); }

Value AsColumn(Builder& b, Value self) { return self.rank() <= 1 ? b.Reshape(self, {b.CountOf(self), 1}) : self; }
Value ColumnStack(Builder& b, Values tensors) { return Joined(b, EachOf<AsColumn>(b, tensors), 1); }

// Each tensor is filled up with zeros to `num_chunks` equal pieces of axis `dim`; piece i of all of them makes row i.
Value ChunkCat(Builder& b, Values tensors, int64_t dim, int64_t num_chunks) {
  if (num_chunks < 1) return b.Unsupported("num_chunks={}", num_chunks);
  std::vector<Value> pieces;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    if (tensors[i].rank() < 1) return b.Unsupported("tensors has a tensor of rank {}", tensors[i].rank());
    const int64_t axis = b.Axis(dim, tensors[i].rank());
    const Dims sizes = tensors[i].dims();
    const Dim size = sizes[static_cast<std::size_t>(axis)], piece = b.CeilDivide(size, num_chunks);
    Dims missing = sizes;
    missing[static_cast<std::size_t>(axis)] = b.Minus(b.Multiply(piece, num_chunks), size);
    const bool is_whole = missing[static_cast<std::size_t>(axis)].Is(0);
    const Value filled =
        is_whole ? tensors[i] : b.Concat({tensors[i], b.Zeros(missing, tensors[i].dtype())}, {.axis = axis});
    Dims split(sizes.begin(), sizes.begin() + axis);
    split.push_back(num_chunks);
    split.push_back(b.Multiply(piece, b.Product(Dims(sizes.begin() + axis + 1, sizes.end()))));
    pieces.push_back(b.Reshape(filled, split));
  }
  if (pieces.empty()) return b.Unsupported("tensors is an empty list");
  return pieces.size() == 1 ? pieces[0] : b.Concat(pieces, {.axis = b.Axis(dim, tensors[0].rank()) + 1});
}

std::vector<Value> BroadcastTensors(Builder& b, Values tensors) {
  if (tensors.empty()) return {};
  std::vector<Value> wide = tensors.ToVector();
  bool same = true;
  for (const Value& tensor : wide) same = same && SameSizes(b, wide[0], tensor);
  if (same) return wide;
  Value widest = wide[0];
  for (const Value& tensor : wide) widest = b.Expand(widest, b.Shape(tensor));
  for (Value& tensor : wide)
    if (!SameSizes(b, tensor, widest)) tensor = b.Expand(tensor, b.Shape(widest));
  return wide;
}

// ---- splitting ----

// hsplit, vsplit and dsplit are tensor_split along the second, the first and the third axis; hsplit of a row along its one.
template <int axis> int64_t SplitAxis(Value self) { return axis == 1 && self.rank() == 1 ? 0 : axis; }

template <int axis> std::vector<Value> SplitInto(Builder& b, Value self, int64_t sections) {
  return b.Aten("aten::tensor_split.sections", {{"self", self}, {"sections", sections}, {"dim", SplitAxis<axis>(self)}},
                b.ResultCount());
}
template <int axis> std::vector<Value> SplitAt(Builder& b, Value self, Ints indices) {
  return b.Aten("aten::tensor_split.indices", {{"self", self}, {"indices", indices}, {"dim", SplitAxis<axis>(self)}},
                indices.size() + 1);
}

constexpr Lowering kTable[] = {
    Lower<AtLeast1d>("aten::atleast_1d(Tensor self) -> Tensor"),
    Lower<EachOf<AtLeast1d>>("aten::atleast_1d.Sequence(Tensor[] tensors) -> Tensor[]"),
    Lower<AtLeast2d>("aten::atleast_2d(Tensor self) -> Tensor"),
    Lower<EachOf<AtLeast2d>>("aten::atleast_2d.Sequence(Tensor[] tensors) -> Tensor[]"),
    Lower<AtLeast3d>("aten::atleast_3d(Tensor self) -> Tensor"),
    Lower<EachOf<AtLeast3d>>("aten::atleast_3d.Sequence(Tensor[] tensors) -> Tensor[]"),
    Lower<HStack>("aten::hstack(Tensor[] tensors) -> Tensor"),
    Lower<VStack>("aten::vstack(Tensor[] tensors) -> Tensor"),
    Lower<DStack>("aten::dstack(Tensor[] tensors) -> Tensor"),
    Lower<ColumnStack>("aten::column_stack(Tensor[] tensors) -> Tensor"),
    Lower<ChunkCat>("aten::_chunk_cat(Tensor[] tensors, int dim, int num_chunks) -> Tensor"),
    Lower<BroadcastTensors>("aten::broadcast_tensors(Tensor[] tensors) -> Tensor[]"),
    Lower<SplitInto<1>>("aten::hsplit.int(Tensor(a -> *) self, int sections) -> Tensor(a)[]"),
    Lower<SplitInto<0>>("aten::vsplit.int(Tensor(a -> *) self, int sections) -> Tensor(a)[]"),
    Lower<SplitInto<2>>("aten::dsplit.int(Tensor(a -> *) self, int sections) -> Tensor(a)[]"),
    Lower<SplitAt<1>>("aten::hsplit.array(Tensor(a -> *) self, int[] indices) -> Tensor(a)[]"),
    Lower<SplitAt<0>>("aten::vsplit.array(Tensor(a -> *) self, int[] indices) -> Tensor(a)[]"),
    Lower<SplitAt<2>>("aten::dsplit.array(Tensor(a -> *) self, int[] indices) -> Tensor(a)[]"),
};

}  // namespace

std::span<const Lowering> StackingLowerings() { return kTable; }

}  // namespace fairlead::aten
