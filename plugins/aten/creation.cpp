// Tensors out of nothing: filled, counted, and the triangles of index grids.
#include <algorithm>
#include <cmath>

#include "families.hpp"

namespace fairlead::aten {
namespace {

using Pin = NoEffect<std::optional<bool>>;

// The dtype asked for, else torch's default for a number of that kind.
DType TypeFor(const Scalar& number, std::optional<DType> dtype) { return dtype.value_or(number.dtype()); }

Value Full(Builder& b, Dims size, Scalar fill_value, std::optional<DType> dtype, NoEffect<Layout>, NoEffect<Device>, Pin) {
  return b.Full(size, fill_value, TypeFor(fill_value, dtype));
}
Value Zeros(Builder& b, Dims size, std::optional<DType> dtype, NoEffect<Layout>, NoEffect<Device>, Pin) {
  return b.Zeros(size, dtype.value_or(DType::kFloat));
}
Value Ones(Builder& b, Dims size, std::optional<DType> dtype, NoEffect<Layout>, NoEffect<Device>, Pin) {
  return b.Ones(size, dtype.value_or(DType::kFloat));
}
// What torch leaves undefined is zero here: any value is right, and this one is the same on every run.
Value Empty(Builder& b, Dims size, std::optional<DType> dtype, NoEffect<Layout>, NoEffect<Device>, Pin,
            NoEffect<MemoryFormat>) {
  return b.Zeros(size, dtype.value_or(DType::kFloat));
}
Value EmptyStrided(Builder& b, Dims size, NoEffect<Dims> /*stride*/, std::optional<DType> dtype, NoEffect<Layout>,
                   NoEffect<Device>, Pin) {
  return b.Zeros(size, dtype.value_or(DType::kFloat));
}
Value EmptyPermuted(Builder& b, Dims size, NoEffect<Ints> /*physical_layout*/, std::optional<DType> dtype, NoEffect<Layout>,
                    NoEffect<Device>, Pin) {
  return b.Zeros(size, dtype.value_or(DType::kFloat));
}

Value LikeFilled(Builder& b, Value self, const Scalar& value, std::optional<DType> dtype) {
  const DType type = dtype.value_or(self.dtype());
  if (self.rank() >= 0) return b.Full(self.dims(), value, type);
  return b.Expand(b.Constant(value, type), b.Shape(self));
}
Value FullLike(Builder& b, Value self, Scalar fill_value, std::optional<DType> dtype, NoEffect<Layout>, NoEffect<Device>,
               Pin, NoEffect<MemoryFormat>) {
  return LikeFilled(b, self, fill_value, dtype);
}
Value ZerosLike(Builder& b, Value self, std::optional<DType> dtype, NoEffect<Layout>, NoEffect<Device>, Pin,
                NoEffect<MemoryFormat>) {
  return LikeFilled(b, self, 0, dtype);
}
Value OnesLike(Builder& b, Value self, std::optional<DType> dtype, NoEffect<Layout>, NoEffect<Device>, Pin,
               NoEffect<MemoryFormat>) {
  return LikeFilled(b, self, 1, dtype);
}

Value NewFull(Builder& b, Value self, Dims size, Scalar fill_value, std::optional<DType> dtype, NoEffect<Layout>,
              NoEffect<Device>, Pin) {
  return b.Full(size, fill_value, dtype.value_or(self.dtype()));
}
Value NewZeros(Builder& b, Value self, Dims size, std::optional<DType> dtype, NoEffect<Layout>, NoEffect<Device>, Pin) {
  return b.Zeros(size, dtype.value_or(self.dtype()));
}
Value NewOnes(Builder& b, Value self, Dims size, std::optional<DType> dtype, NoEffect<Layout>, NoEffect<Device>, Pin) {
  return b.Ones(size, dtype.value_or(self.dtype()));
}
Value NewEmptyStrided(Builder& b, Value self, Dims size, NoEffect<Dims> /*stride*/, std::optional<DType> dtype,
                      NoEffect<Layout>, NoEffect<Device>, Pin) {
  return b.Zeros(size, dtype.value_or(self.dtype()));
}

// fill: the same shape with one value, in self's dtype.
Value FillScalar(Builder& b, Value self, Scalar value) { return LikeFilled(b, self, value, std::nullopt); }
Value FillTensor(Builder& b, Value self, Value value) {
  return b.Expand(b.ToType(b.Reshape(value, Dims()), self.dtype()), self.dims());
}
Value Zero(Builder& b, Value self) { return LikeFilled(b, self, 0, std::nullopt); }

// copy: src in the dtype and shape of self.
Value Copy(Builder& b, Value self, Value src, NoEffect<bool> /*non_blocking*/) {
  return b.Expand(b.ToType(src, self.dtype()), self.dims());
}

Value ScalarTensor(Builder& b, Scalar s, std::optional<DType> dtype, NoEffect<Layout>, NoEffect<Device>, Pin) {
  // Unlike torch.tensor, scalar_tensor makes floats of all numbers unless it is told otherwise.
  return b.Constant(s, dtype.value_or(DType::kFloat));
}

// ---- counting ----

// start, start + step … before end. torch cuts off the fractions of the numbers it is given when it counts in integers.
Value Count(Builder& b, const Scalar& start, const Scalar& end, const Scalar& step, std::optional<DType> dtype) {
  const bool floating = IsFloat(start.dtype()) || IsFloat(end.dtype()) || IsFloat(step.dtype());
  const DType type = dtype.value_or(floating ? DType::kFloat : DType::kInt64);
  const auto whole = [&](const Scalar& s) { return b.Constant(s.IsStatic() ? Scalar(s.AsInt()) : s, DType::kInt64); };
  if (type == DType::kInt64 || (!floating && !IsFloat(type)))
    return b.ToType(b.Range(whole(start), whole(end), whole(step)), type);
  // The i-th element is start + i * step rounded once, not a sum of roundings as Range's kernels may have it.
  const auto number = [&](const Scalar& s) { return b.Constant(s, DType::kDouble); };
  const Value length = b.Ceil(b.Div(b.Sub(number(end), number(start)), number(step)));
  const Value places = b.Range(b.Constant(0, DType::kInt64), b.ToType(length, DType::kInt64), b.Constant(1, DType::kInt64));
  if (!IsFloat(type)) return b.ToType(b.Add(whole(start), b.Mul(places, whole(step))), type);
  const Value scaled = b.Mul(b.ToType(places, DType::kDouble), number(step));
  return b.ToType(b.Add(number(start), scaled), type);
}
Value Arange(Builder& b, Scalar end, std::optional<DType> dtype, NoEffect<Layout>, NoEffect<Device>, Pin) {
  return Count(b, 0, end, 1, dtype);
}
Value ArangeStart(Builder& b, Scalar start, Scalar end, std::optional<DType> dtype, NoEffect<Layout>, NoEffect<Device>,
                  Pin) {
  return Count(b, start, end, 1, dtype);
}
Value ArangeStartStep(Builder& b, Scalar start, Scalar end, Scalar step, std::optional<DType> dtype, NoEffect<Layout>,
                      NoEffect<Device>, Pin) {
  return Count(b, start, end, step, dtype);
}

Value Eye(Builder& b, Dim n, std::optional<DType> dtype, NoEffect<Layout>, NoEffect<Device>, Pin) {
  const DType type = dtype.value_or(DType::kFloat);
  return b.ToType(b.EyeLike(b.Zeros({n, n}, DType::kFloat)), type);
}
Value EyeM(Builder& b, Dim n, Dim m, std::optional<DType> dtype, NoEffect<Layout>, NoEffect<Device>, Pin) {
  const DType type = dtype.value_or(DType::kFloat);
  return b.ToType(b.EyeLike(b.Zeros({n, m}, DType::kFloat)), type);
}

// Row and column numbers of a triangle of a row x col grid, row by row.
Value TriangleIndices(Builder& b, int64_t row, int64_t col, int64_t offset, DType dtype, bool upper) {
  constexpr int64_t kMost = 1 << 22;  // places, and steps of the loop
  if (row < 0 || col < 0 || row > kMost / std::max<int64_t>(col, 1)) return b.Unsupported("row={}, col={}", row, col);
  std::vector<int64_t> rows, columns;
  for (int64_t i = 0; i < row; ++i)
    for (int64_t j = 0; j < col; ++j)
      if (upper ? j - i >= offset : j - i <= offset) {
        rows.push_back(i);
        columns.push_back(j);
      }
  const auto width = std::ssize(rows);
  rows.insert(rows.end(), columns.begin(), columns.end());
  const Value grid = b.Constant(DType::kInt64, {2, width}, std::as_bytes(std::span<const int64_t>(rows)));
  return b.ToType(grid, dtype);
}
Value TrilIndices(Builder& b, int64_t row, int64_t col, int64_t offset, std::optional<DType> dtype, NoEffect<Layout>,
                  NoEffect<Device>, Pin) {
  return TriangleIndices(b, row, col, offset, dtype.value_or(DType::kInt64), false);
}
Value TriuIndices(Builder& b, int64_t row, int64_t col, int64_t offset, std::optional<DType> dtype, NoEffect<Layout>,
                  NoEffect<Device>, Pin) {
  return TriangleIndices(b, row, col, offset, dtype.value_or(DType::kInt64), true);
}

// Every combination of the 1-D tensors' elements, each tensor along an axis of its own.
std::vector<Value> Meshgrid(Builder& b, Values tensors, std::string_view indexing) {
  // "xy" is "ij" with the first two tensors changing places, there and back.
  const bool swapped = indexing == "xy" && tensors.size() > 1;
  if (indexing != "ij" && indexing != "xy") return b.Unsupported("indexing='{}'", indexing);
  std::vector<Value> given = tensors.ToVector();
  if (swapped) std::swap(given[0], given[1]);
  Dims sizes;
  for (const Value& tensor : given) sizes.push_back(tensor.rank() == 0 ? Dim(1) : tensor.dim(0));
  std::vector<Value> grids;
  for (std::size_t i = 0; i < given.size(); ++i) {
    std::vector<int64_t> own(given.size(), 1);
    own[i] = -1;
    grids.push_back(b.Expand(b.Reshape(given[i], b.Constant(own)), sizes));
  }
  if (swapped) std::swap(grids[0], grids[1]);
  return grids;
}
std::vector<Value> MeshgridIj(Builder& b, Values tensors) { return Meshgrid(b, tensors, "ij"); }

#define FL_FACTORY "ScalarType? dtype=None, Layout? layout=None, Device? device=None, bool? pin_memory=None"

constexpr Lowering kTable[] = {
    Lower<Full>("aten::full(SymInt[] size, Scalar fill_value, *, " FL_FACTORY ") -> Tensor"),
    Lower<Zeros>("aten::zeros(SymInt[] size, *, " FL_FACTORY ") -> Tensor"),
    Lower<Ones>("aten::ones(SymInt[] size, *, " FL_FACTORY ") -> Tensor"),
    Lower<Empty>("aten::empty.memory_format(SymInt[] size, *, " FL_FACTORY ", MemoryFormat? memory_format=None) -> Tensor"),
    Lower<EmptyStrided>("aten::empty_strided(SymInt[] size, SymInt[] stride, *, " FL_FACTORY ") -> Tensor"),
    Lower<EmptyPermuted>("aten::empty_permuted(SymInt[] size, int[] physical_layout, *, " FL_FACTORY ") -> Tensor"),
    Lower<FullLike>("aten::full_like(Tensor self, Scalar fill_value, *, " FL_FACTORY
                    ", MemoryFormat? memory_format=None) -> Tensor"),
    Lower<ZerosLike>("aten::zeros_like(Tensor self, *, " FL_FACTORY ", MemoryFormat? memory_format=None) -> Tensor"),
    Lower<OnesLike>("aten::ones_like(Tensor self, *, " FL_FACTORY ", MemoryFormat? memory_format=None) -> Tensor"),
    Lower<ZerosLike>("aten::empty_like(Tensor self, *, " FL_FACTORY ", MemoryFormat? memory_format=None) -> Tensor"),
    Lower<NewFull>("aten::new_full(Tensor self, SymInt[] size, Scalar fill_value, *, " FL_FACTORY ") -> Tensor"),
    Lower<NewZeros>("aten::new_zeros(Tensor self, SymInt[] size, *, " FL_FACTORY ") -> Tensor"),
    Lower<NewOnes>("aten::new_ones(Tensor self, SymInt[] size, *, " FL_FACTORY ") -> Tensor"),
    Lower<NewZeros>("aten::new_empty(Tensor self, SymInt[] size, *, " FL_FACTORY ") -> Tensor"),
    Lower<NewEmptyStrided>("aten::new_empty_strided(Tensor self, SymInt[] size, SymInt[] stride, *, " FL_FACTORY
                           ") -> Tensor"),
    Lower<FillScalar>("aten::fill.Scalar(Tensor self, Scalar value) -> Tensor"),
    Lower<FillTensor>("aten::fill.Tensor(Tensor self, Tensor value) -> Tensor"),
    Lower<Zero>("aten::zero(Tensor self) -> Tensor"),
    Lower<Copy>("aten::copy(Tensor self, Tensor src, bool non_blocking=False) -> Tensor"),
    Lower<ScalarTensor>("aten::scalar_tensor(Scalar s, *, " FL_FACTORY ") -> Tensor"),
    Lower<Arange>("aten::arange(Scalar end, *, " FL_FACTORY ") -> Tensor"),
    Lower<ArangeStart>("aten::arange.start(Scalar start, Scalar end, *, " FL_FACTORY ") -> Tensor"),
    Lower<ArangeStartStep>("aten::arange.start_step(Scalar start, Scalar end, Scalar step=1, *, " FL_FACTORY ") -> Tensor"),
    Lower<Eye>("aten::eye(SymInt n, *, " FL_FACTORY ") -> Tensor"),
    Lower<EyeM>("aten::eye.m(SymInt n, SymInt m, *, " FL_FACTORY ") -> Tensor"),
    Lower<TrilIndices>("aten::tril_indices(int row, int col, int offset=0, *, ScalarType? dtype=4, Layout? layout=None, "
                       "Device? device=None, bool? pin_memory=None) -> Tensor"),
    Lower<TriuIndices>("aten::triu_indices(int row, int col, int offset=0, *, ScalarType? dtype=4, Layout? layout=None, "
                       "Device? device=None, bool? pin_memory=None) -> Tensor"),
    Lower<MeshgridIj>("aten::meshgrid(Tensor[] tensors) -> Tensor[]"),
    Lower<Meshgrid>("aten::meshgrid.indexing(Tensor[] tensors, *, str indexing) -> Tensor[]"),
};

}  // namespace

std::span<const Lowering> CreationLowerings() { return kTable; }

}  // namespace fairlead::aten
