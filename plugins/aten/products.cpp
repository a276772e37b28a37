// Products of whole tensors: over pairs of axes, of every element with every other, and the Cartesian kind.
#include "families.hpp"
#include "positions.hpp"

namespace fairlead::aten {
namespace {

// ---- sums of products over pairs of axes ----

// One axis of each pair may have size one where the other has more: torch sums the other first.
struct Contracted {
  Value x, y;
  std::vector<int64_t> x_axes, y_axes;
};

Contracted SummedWhereOne(Builder& b, Value self, Value other, Ints dims_self, Ints dims_other) {
  Contracted pair{self, other, b.Axes(dims_self, self.rank()), b.Axes(dims_other, other.rank())};
  const auto summed = [&](Value tensor, int64_t axis) {
    return b.Aten("aten::sum.dim_IntList",
                  {{"self", tensor}, {"dim", Ints{axis}}, {"keepdim", true}, {"dtype", tensor.dtype()}});
  };
  for (std::size_t i = 0; i < pair.x_axes.size(); ++i) {
    const auto x_size = pair.x.static_dim(pair.x_axes[i]), y_size = pair.y.static_dim(pair.y_axes[i]);
    if (x_size == 1 && y_size != 1) pair.y = summed(pair.y, pair.y_axes[i]);
    if (y_size == 1 && x_size != 1) pair.x = summed(pair.x, pair.x_axes[i]);
  }
  return pair;
}

Value Tensordot(Builder& b, Value self, Value other, Ints dims_self, Ints dims_other) {
  if (dims_self.size() != dims_other.size())
    return b.Unsupported("dims_self={}, dims_other={}: one is longer", dims_self, dims_other);
  if (self.rank() < 0 || other.rank() < 0) return b.Unsupported("the number of dimensions of an argument is not known");
  const auto [x, y, x_axes, y_axes] = SummedWhereOne(b, self, other, dims_self, dims_other);
  std::vector<int64_t> x_order, y_order = y_axes;
  Dims result, x_rest, y_rest, met;
  for (int64_t axis = 0; axis < x.rank(); ++axis) {
    if (std::ranges::find(x_axes, axis) != x_axes.end()) continue;
    x_order.push_back(axis);
    x_rest.push_back(x.dim(axis));
  }
  x_order.insert(x_order.end(), x_axes.begin(), x_axes.end());
  for (const int64_t axis : x_axes) met.push_back(x.dim(axis));
  for (int64_t axis = 0; axis < y.rank(); ++axis) {
    if (std::ranges::find(y_axes, axis) != y_axes.end()) continue;
    y_order.push_back(axis);
    y_rest.push_back(y.dim(axis));
  }
  result = x_rest;
  result.insert(result.end(), y_rest.begin(), y_rest.end());
  const Dim depth = b.Product(met);
  const Value rows = b.Reshape(Transposed(b, x, x_order), {b.Product(x_rest), depth});
  const Value columns = b.Reshape(Transposed(b, y, y_order), {depth, b.Product(y_rest)});
  return b.Reshape(b.Aten("aten::mm", {{"self", rows}, {"mat2", columns}}), result);
}

// Over the last axis of both; a 0-d tensor scales.
Value Inner(Builder& b, Value self, Value other) {
  if (self.rank() == 0 || other.rank() == 0) return b.Aten("aten::mul.Tensor", {{"self", self}, {"other", other}});
  return Tensordot(b, self, other, {-1}, {-1});
}

// ---- every element with every other ----

// [a, b] ⊗ [c, d] → [a·c, b·d]: each element of self scales the whole of other.
Value Kron(Builder& b, Value self, Value other) {
  const int rank = std::max(self.rank(), other.rank());
  Dims outer, inner, result;
  for (int axis = 0; axis < rank; ++axis) {
    const auto size = [&](Value tensor) {
      const int own = axis - (rank - tensor.rank());
      return own < 0 ? Dim(1) : tensor.dim(own);
    };
    const Dim rows = size(self), columns = size(other);
    outer.insert(outer.end(), {rows, 1});
    inner.insert(inner.end(), {1, columns});
    result.push_back(b.Multiply(rows, columns));
  }
  const Value x = b.Reshape(self, outer), y = b.Reshape(other, inner);
  return b.Reshape(b.Aten("aten::mul.Tensor", {{"self", x}, {"other", y}}), result);
}

// ---- tuples ----

Value CartesianProd(Builder& b, Values tensors) {
  if (tensors.empty()) return b.Unsupported("tensors is an empty list");
  if (tensors.size() == 1) return tensors[0];
  Dims sizes;
  for (std::size_t i = 0; i < tensors.size(); ++i) sizes.push_back(AtLeast1d(b, tensors[i]).dim(0));
  std::vector<Value> columns;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    // Tile, because some runtimes do not expand a size of one to zero.
    Dims shape(tensors.size(), Dim(1)), repeats = sizes;
    shape[i] = sizes[i];
    repeats[i] = 1;
    columns.push_back(b.Reshape(b.Tile(b.Reshape(tensors[i], shape), b.ShapeOf(repeats)), {b.Product(sizes), 1}));
  }
  return b.Aten("aten::cat", {{"tensors", columns}, {"dim", 1}});
}

// The tuples of positions that rise from left to right (or do not fall, with replacement), in the order of a dictionary.
Value Combinations(Builder& b, Value self, int64_t r, bool with_replacement) {
  constexpr int64_t kMost = 8;  // axes of the table of all tuples
  if (self.rank() != 1) return b.Unsupported("self has rank {}, wanted 1", self.rank());
  if (r < 0 || r > kMost) return b.Unsupported("r={}, wanted 0 to {}", r, kMost);
  if (r == 0) return b.Slice(self, 0, 0, 0);
  if (r == 1) return b.Unsqueeze(self, {1});
  const Value places = b.Iota(self.dim(0));
  const auto along = [&](int64_t axis) {
    std::vector<int64_t> shape(static_cast<std::size_t>(r), 1);
    shape[static_cast<std::size_t>(axis)] = -1;
    return b.Reshape(places, b.Constant(shape));
  };
  Value kept;
  for (int64_t axis = 0; axis + 1 < r; ++axis) {
    const Value left = along(axis), right = along(axis + 1);
    const Value rises = with_replacement ? b.LessOrEqual(left, right) : b.Less(left, right);
    kept = kept ? b.And(kept, rises) : rises;
  }
  return b.Gather(self, b.Transpose(b.NonZero(kept), {.perm = {1, 0}}));
}

constexpr Lowering kTable[] = {
    Lower<Tensordot>("aten::tensordot(Tensor self, Tensor other, int[] dims_self, int[] dims_other) -> Tensor"),
    Lower<Inner>("aten::inner(Tensor self, Tensor other) -> Tensor"),
    Lower<Kron>("aten::kron(Tensor self, Tensor other) -> Tensor"),
    Lower<CartesianProd>("aten::cartesian_prod(Tensor[] tensors) -> Tensor"),
    Lower<Combinations>("aten::combinations(Tensor self, int r=2, bool with_replacement=False) -> Tensor"),
};

}  // namespace

std::span<const Lowering> ProductsLowerings() { return kTable; }

}  // namespace fairlead::aten
