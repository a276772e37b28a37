// Diagonals and triangles of matrices, and matrices made of diagonals.
#include <cstdlib>

#include "families.hpp"
#include "positions.hpp"

namespace fairlead::aten {
namespace {

// ---- reading and writing a diagonal ----

// Axes dim1 and dim2 last, merged into one; and the positions of a diagonal in it.
struct DiagonalPlaces {
  Value merged, positions;
  Dims sizes;                  // before merging
  std::vector<int64_t> order;  // of self's axes
};

DiagonalPlaces PlacesOfDiagonal(Builder& b, Value self, int64_t offset, int64_t dim1, int64_t dim2) {
  const int64_t rows = b.Axis(dim1, self.rank()), columns = b.Axis(dim2, self.rank());
  if (rows == columns) b.Unsupported("dim1={} and dim2={} are one axis", dim1, dim2);
  if (offset == INT64_MIN) b.Unsupported("offset={}", offset);
  b.StopIfFailed();
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
  return Transposed(b, b.Reshape(written, places.sizes), Undoing(places.order));
}

// Sums of integers are int64, as everywhere.
Value Trace(Builder& b, Value self) { return b.Aten("aten::sum", {{"self", Diagonal(b, self, 0, 0, 1)}}); }

// ---- making a matrix of its diagonal ----

// The last axis becomes the diagonal of a square matrix. The shorter of the two sides is filled up, so that element i
// stands in row i (offset >= 0) or column i of the whole square.
Value DiagEmbed(Builder& b, Value self, int64_t offset, int64_t dim1, int64_t dim2) {
  if (offset == INT64_MIN) return b.Unsupported("offset={}", offset);
  const int64_t rank = self.rank(), distance = std::abs(offset);
  if (rank < 1) return b.Unsupported("self has rank {}, wanted at least 1", rank);
  const int64_t row_axis = b.Axis(dim1, rank + 1), column_axis = b.Axis(dim2, rank + 1);
  if (row_axis == column_axis) return b.Unsupported("dim1={} and dim2={} are one axis", dim1, dim2);
  Value elements = self;
  if (distance > 0) {
    Dims missing = self.dims();
    missing.back() = distance;
    elements = b.Concat({self, b.Zeros(missing, self.dtype())}, {.axis = rank - 1});
  }
  const Value places = b.Iota(b.Plus(self.dim(-1), distance));
  const Value rows = b.Unsqueeze(places, {1}), columns = b.Unsqueeze(places, {0});
  const Value shift = b.Constant(distance, DType::kInt64);
  const bool above = offset >= 0;
  const Value on_diagonal = above ? b.Equal(b.Add(rows, shift), columns) : b.Equal(rows, b.Add(columns, shift));
  const Value matrix = b.Where(on_diagonal, b.Unsqueeze(elements, {above ? rank : rank - 1}), b.Like(self, 0));
  std::vector<int64_t> order;
  for (int64_t axis = 0, next = 0; axis <= rank; ++axis)
    order.push_back(axis == row_axis ? rank - 1 : axis == column_axis ? rank : next++);
  return Transposed(b, matrix, order);
}

Value Diag(Builder& b, Value self, int64_t diagonal) {
  if (self.rank() == 1) return DiagEmbed(b, self, diagonal, 0, 1);
  if (self.rank() == 2) return Diagonal(b, self, diagonal, 0, 1);
  return b.Unsupported("self has rank {}, wanted 1 or 2", self.rank());
}

Value DiagFlat(Builder& b, Value self, int64_t offset) { return DiagEmbed(b, b.Reshape(self, {-1}), offset, 0, 1); }

// The matrices along the diagonal of one, zeros elsewhere. What has fewer than two axes is one row.
Value BlockDiag(Builder& b, Values tensors) {
  Promotion promotion;
  std::vector<Value> blocks;
  Dim width = 0;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    Operand(tensors[i]).AddTo(promotion);
    if (tensors[i].rank() > 2) return b.Unsupported("tensors[{}] has rank {}, wanted at most 2", i, tensors[i].rank());
    const Dims row = {1, tensors[i].rank() == 0 ? Dim(1) : tensors[i].dim(-1)};
    blocks.push_back(tensors[i].rank() == 2 ? tensors[i] : b.Reshape(tensors[i], row));
    width = b.Plus(width, blocks.back().dim(1));
  }
  if (blocks.empty()) return b.Unsupported("tensors is an empty list");
  std::vector<Value> bands;
  Dim left = 0;
  for (const Value& block : blocks) {
    const Dim height = block.dim(0), right = b.Plus(left, block.dim(1));
    const auto zeros = [&](const Dim& columns) { return b.Zeros({height, columns}, promotion.type()); };
    std::vector<Value> parts = {b.ToType(block, promotion.type())};
    if (!left.Is(0)) parts.insert(parts.begin(), zeros(left));
    if (const Dim rest = b.Minus(width, right); !rest.Is(0)) parts.push_back(zeros(rest));
    bands.push_back(parts.size() == 1 ? parts[0] : b.Concat(parts, {.axis = 1}));
    left = right;
  }
  return bands.size() == 1 ? bands[0] : b.Concat(bands, {.axis = 0});
}

// ---- triangles ----

Value Triangle(Builder& b, Value self, const Dim& diagonal, bool upper) {
  const bool flags = self.dtype() == DType::kBool;
  const Value data = flags ? b.ToType(self, DType::kInt64) : self;
  const Value kept = b.Trilu(data, b.ToValue(diagonal), {.upper = upper});
  return flags ? b.ToType(kept, DType::kBool) : kept;
}
Value Triu(Builder& b, Value self, Dim diagonal) { return Triangle(b, self, diagonal, true); }
Value Tril(Builder& b, Value self, Dim diagonal) { return Triangle(b, self, diagonal, false); }

constexpr Lowering kTable[] = {
    Lower<Diagonal>("aten::diagonal(Tensor(a) self, int offset=0, int dim1=0, int dim2=1) -> Tensor(a)"),
    Lower<DiagonalScatter>(
        "aten::diagonal_scatter(Tensor self, Tensor src, int offset=0, int dim1=0, int dim2=1) -> Tensor"),
    Lower<Trace>("aten::trace(Tensor self) -> Tensor"),
    Lower<Diag>("aten::diag(Tensor self, int diagonal=0) -> Tensor"),
    Lower<DiagFlat>("aten::diagflat(Tensor self, int offset=0) -> Tensor"),
    Lower<DiagEmbed>("aten::diag_embed(Tensor self, int offset=0, int dim1=-2, int dim2=-1) -> Tensor"),
    Lower<BlockDiag>("aten::block_diag(Tensor[] tensors) -> Tensor"),
    Lower<Triu>("aten::triu(Tensor self, SymInt diagonal=0) -> Tensor"),
    Lower<Tril>("aten::tril(Tensor self, SymInt diagonal=0) -> Tensor"),
};

}  // namespace

std::span<const Lowering> DiagonalLowerings() { return kTable; }

}  // namespace fairlead::aten
