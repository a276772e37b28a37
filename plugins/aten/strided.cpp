// Reading and writing memory by strides. The host hands over the memory as a whole, in its order: position i of the
// flattened argument is element i of the memory.
#include "families.hpp"
#include "positions.hpp"

namespace fairlead::aten {
namespace {

// The position in memory of every element: offset + Σ index · stride.
Value PlacesOf(Builder& b, Value self, const Dims& size, const Dims& stride, const std::optional<Dim>& storage_offset) {
  if (size.size() != stride.size()) return b.Unsupported("{} sizes with {} strides", size.size(), stride.size());
  const Dim offset = storage_offset.value_or(0), memory = b.CountOf(self);
  if (offset.IsStatic() && offset.size < 0) return b.Unsupported("storage_offset={}", offset.size);
  bool known = offset.IsStatic() && memory.IsStatic(), empty = false;
  int64_t last = offset.size;  // the furthest element
  for (std::size_t axis = 0; axis < size.size(); ++axis) {
    if (stride[axis].IsStatic() && stride[axis].size < 0) return b.Unsupported("stride[{}]={}", axis, stride[axis].size);
    if (size[axis].IsStatic() && size[axis].size < 0) return b.Unsupported("size[{}]={}", axis, size[axis].size);
    empty = empty || size[axis].Is(0);
    known = known && size[axis].IsStatic() && stride[axis].IsStatic();
    int64_t reach = 0;
    known = known && !__builtin_mul_overflow(size[axis].size - 1, stride[axis].size, &reach) &&
            !__builtin_add_overflow(last, reach, &last);
  }
  if (known && !empty && last >= memory.size) return b.Unsupported("it reads element {} of {}", last, memory.size);
  Value places = b.ToValue(offset);
  for (std::size_t axis = 0; axis < size.size(); ++axis) {
    std::vector<int64_t> shape(size.size(), 1);
    shape[axis] = -1;
    const Value steps = b.Mul(b.Iota(size[axis]), b.ToValue(stride[axis]));
    places = b.Add(places, b.Reshape(steps, b.Constant(shape)));
  }
  return places;
}

Value AsStrided(Builder& b, Value self, Dims size, Dims stride, std::optional<Dim> storage_offset) {
  return b.Gather(b.Reshape(self, {-1}), PlacesOf(b, self, size, stride, storage_offset));
}

Value AsStridedScatter(Builder& b, Value self, Value src, Dims size, Dims stride, std::optional<Dim> storage_offset) {
  const Value places = b.Reshape(PlacesOf(b, self, size, stride, storage_offset), {-1});
  const Value updates = b.Reshape(b.Expand(b.ToType(src, self.dtype()), size), {-1});
  return b.Reshape(b.ScatterElements(b.Reshape(self, {-1}), places, updates), self.dims());
}

#define FL_STRIDES "SymInt[] size, SymInt[] stride, SymInt? storage_offset=None) -> Tensor"

constexpr Lowering kTable[] = {
    Lower<AsStrided>("aten::as_strided(Tensor(a) self, " FL_STRIDES "(a)"),
    Lower<AsStridedScatter>("aten::as_strided_scatter(Tensor self, Tensor src, " FL_STRIDES),
};

}  // namespace

std::span<const Lowering> StridedLowerings() { return kTable; }

}  // namespace fairlead::aten
