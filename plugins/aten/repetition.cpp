// Every element as often as a number says, or as often as a number of its own says.
#include "families.hpp"
#include "positions.hpp"

namespace fairlead::aten {
namespace {

// 0 repeats[0] times, then 1 repeats[1] times, …: the true places of a table of which row i is true in its first
// repeats[i] columns, row by row.
Value Places(Builder& b, Value repeats) {
  const Value counts = b.ToType(repeats, DType::kInt64);
  const Value most = b.ReduceMax(b.Concat({counts, b.Constant(Ints{0})}, {.axis = 0}), Ints(), false);
  const Value columns = b.Range(b.Constant(0, DType::kInt64), most, b.Constant(1, DType::kInt64));
  const Value table = b.Less(b.Unsqueeze(columns, {0}), b.Unsqueeze(counts, {1}));
  return b.Select(b.NonZero(table), 0, 0);
}

Value RepeatInterleave(Builder& b, Value repeats, NoEffect<std::optional<Dim>> /*output_size*/) {
  if (repeats.rank() != 1) return b.Unsupported("repeats has rank {}, wanted 1", repeats.rank());
  return b.ToType(Places(b, repeats), repeats.dtype());
}

Value RepeatInterleaveTensor(Builder& b, Value self, Value repeats, std::optional<int64_t> dim,
                             NoEffect<std::optional<Dim>> /*output_size*/) {
  if (repeats.rank() > 1) return b.Unsupported("repeats has rank {}, wanted 0 or 1", repeats.rank());
  const Value value = dim ? AtLeast1d(b, self) : b.Reshape(self, {-1});
  const int64_t axis = dim ? b.Axis(*dim, value.rank()) : 0;
  // One number stands for all elements.
  const Value each = b.Expand(AtLeast1d(b, repeats), Dims{value.dim(axis)});
  return b.Gather(value, Places(b, each), {.axis = axis});
}

Value RepeatInterleaveInt(Builder& b, Value self, Dim repeats, std::optional<int64_t> dim,
                          NoEffect<std::optional<Dim>> /*output_size*/) {
  if (dim && self.rank() == 0) return b.Unsupported("dim={} of a tensor of rank 0", *dim);
  const Value value = dim ? self : b.Reshape(self, {-1});
  const int64_t axis = dim ? b.Axis(*dim, self.rank()) : 0;
  Dims wide = value.dims();
  const Dim size = wide[static_cast<std::size_t>(axis)];
  if (repeats.Is(0)) return b.Slice(value, axis, 0, 0);
  wide.insert(wide.begin() + axis + 1, repeats);
  const Value expanded = b.Expand(b.Unsqueeze(value, {axis + 1}), wide);
  Dims merged = value.dims();
  merged[static_cast<std::size_t>(axis)] = b.Multiply(size, repeats);
  return b.Reshape(expanded, merged);
}

constexpr Lowering kTable[] = {
    Lower<RepeatInterleave>("aten::repeat_interleave.Tensor(Tensor repeats, *, SymInt? output_size=None) -> Tensor"),
    Lower<RepeatInterleaveTensor>("aten::repeat_interleave.self_Tensor(Tensor self, Tensor repeats, int? dim=None, *, "
                                  "SymInt? output_size=None) -> Tensor"),
    Lower<RepeatInterleaveInt>("aten::repeat_interleave.self_int(Tensor self, SymInt repeats, int? dim=None, *, "
                               "SymInt? output_size=None) -> Tensor"),
};

}  // namespace

std::span<const Lowering> RepetitionLowerings() { return kTable; }

}  // namespace fairlead::aten
