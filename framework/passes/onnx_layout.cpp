// Operators that move elements and do not look at them, and the shape arithmetic of all kernels.
#include <algorithm>
#include <numeric>

#include "passes/onnx_kernels.hpp"

namespace fairlead::kernels {
namespace {

std::size_t ElementSize(const Tensor& tensor) { return static_cast<std::size_t>(BitWidth(tensor.dtype())) / 8; }

// The tensor of `shape` whose element i is element `from[i]` of `input`.
Tensor Picked(const Tensor& input, Shape shape, const std::vector<std::size_t>& from) {
  const std::size_t size = ElementSize(input);
  std::vector<std::byte> bytes(from.size() * size);
  for (std::size_t i = 0; i < from.size(); ++i)
    std::memcpy(bytes.data() + i * size, input.bytes().data() + from[i] * size, size);
  return Tensor::Owned(input.dtype(), std::move(shape), std::move(bytes));
}

Tensor Reshaped(const Tensor& input, Shape shape) {
  return Tensor::Owned(input.dtype(), std::move(shape), {input.bytes().begin(), input.bytes().end()});
}

// Row-major strides.
Shape StridesOf(const Shape& shape) {
  Shape strides(shape.size(), 1);
  for (std::size_t i = shape.size(); i-- > 1;) strides[i - 1] = strides[i] * shape[i];
  return strides;
}

// For each index tuple of `shape`, in row-major order, start + Σ index·stride.
std::vector<std::size_t> Walk(const Shape& shape, int64_t start, const Shape& strides) {
  const int64_t count = std::accumulate(shape.begin(), shape.end(), int64_t{1}, std::multiplies<>());
  std::vector<std::size_t> out;
  out.reserve(static_cast<std::size_t>(count));
  Shape index(shape.size());
  int64_t at = start;
  for (int64_t i = 0; i < count; ++i) {
    out.push_back(static_cast<std::size_t>(at));
    for (std::size_t d = shape.size(); d-- > 0;) {
      at += strides[d];
      if (++index[d] < shape[d]) break;
      at -= strides[d] * shape[d];
      index[d] = 0;
    }
  }
  return out;
}

// An input of int64 or int32 numbers; empty when it is absent or of another type.
std::optional<Shape> Ints(const Arguments& arguments, std::size_t i) {
  if (!arguments.Has(i)) return std::nullopt;
  const Tensor& input = arguments.inputs[i];
  if (input.dtype() == DType::kInt64) return Elements<int64_t>(input);
  if (input.dtype() != DType::kInt32) return std::nullopt;
  const std::vector<int32_t> narrow = Elements<int32_t>(input);
  return Shape(narrow.begin(), narrow.end());
}

std::optional<std::size_t> Axis(int64_t axis, std::size_t rank) {
  const auto signed_rank = static_cast<int64_t>(rank);
  if (axis < -signed_rank || axis >= signed_rank) return std::nullopt;
  return static_cast<std::size_t>(axis < 0 ? axis + signed_rank : axis);
}

// The axes as a mask over `rank` dimensions; empty when one is out of range or named twice.
std::optional<std::vector<bool>> AxisMask(const Shape& axes, std::size_t rank) {
  std::vector<bool> mask(rank);
  for (const int64_t given : axes) {
    const std::optional<std::size_t> axis = Axis(given, rank);
    if (!axis || mask[*axis]) return std::nullopt;
    mask[*axis] = true;
  }
  return mask;
}

}  // namespace

std::optional<int64_t> Arguments::Int(std::string_view attribute) const {
  const Attribute* found = node.Find(attribute);
  const auto* value = found ? std::get_if<int64_t>(&found->value) : nullptr;
  return value ? std::optional(*value) : std::nullopt;
}

std::optional<int64_t> CountOf(const Shape& shape) {
  int64_t count = 1;
  for (const int64_t size : shape)
    if (size < 0 || __builtin_mul_overflow(count, size, &count)) return std::nullopt;
  if (count > kMaxFoldedElements) return std::nullopt;
  return count;
}

std::optional<Shape> Broadcast(const Shape& a, const Shape& b) {
  Shape out(std::max(a.size(), b.size()));
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int64_t x = i < a.size() ? a[a.size() - 1 - i] : 1, y = i < b.size() ? b[b.size() - 1 - i] : 1;
    if (x != y && x != 1 && y != 1) return std::nullopt;
    out[out.size() - 1 - i] = x == 1 ? y : x;
  }
  return CountOf(out) ? std::optional(std::move(out)) : std::nullopt;
}

std::vector<std::size_t> BroadcastIndices(const Shape& from, const Shape& to) {
  const Shape strides = StridesOf(from);
  Shape spread(to.size(), 0);
  for (std::size_t i = 0; i < from.size(); ++i) spread[to.size() - from.size() + i] = from[i] == 1 ? 0 : strides[i];
  return Walk(to, 0, spread);
}

std::optional<Tensor> Identity(const Arguments& arguments) { return arguments.inputs[0]; }

std::optional<Tensor> Concat(const Arguments& arguments) {
  const Tensor& first = arguments.inputs[0];
  const std::optional<std::size_t> axis = Axis(arguments.Int("axis").value_or(0), first.dims().size());
  if (!axis || !arguments.Int("axis")) return std::nullopt;
  Shape shape = first.dims();
  shape[*axis] = 0;
  for (const Tensor& input : arguments.inputs) {
    Shape rest = input.dims();
    if (input.dtype() != first.dtype() || rest.size() != shape.size()) return std::nullopt;
    const int64_t size = std::exchange(rest[*axis], shape[*axis]);
    if (rest != shape) return std::nullopt;
    shape[*axis] += size;
  }
  if (!CountOf(shape)) return std::nullopt;
  // Blocks of the inputs, one after the other, for each index before the axis.
  const auto middle = static_cast<std::ptrdiff_t>(*axis);
  const int64_t outer = std::accumulate(shape.begin(), shape.begin() + middle, int64_t{1}, std::multiplies<>());
  std::vector<std::byte> bytes;
  for (int64_t i = 0; i < outer; ++i)
    for (const Tensor& input : arguments.inputs) {
      const std::size_t block = input.bytes().size() / static_cast<std::size_t>(outer);
      const auto begin = input.bytes().begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(i) * block);
      bytes.insert(bytes.end(), begin, begin + static_cast<std::ptrdiff_t>(block));
    }
  return Tensor::Owned(first.dtype(), std::move(shape), std::move(bytes));
}

std::optional<Tensor> ConstantOfShape(const Arguments& arguments) {
  const std::optional<Shape> shape = Ints(arguments, 0);
  if (!shape || arguments.inputs[0].dims().size() != 1 || !CountOf(*shape)) return std::nullopt;
  const Attribute* attribute = arguments.node.Find("value");
  const Tensor zero = Tensor::Scalar(DType::kFloat, 0.0f);
  const Tensor* value = attribute ? std::get_if<Tensor>(&attribute->value) : &zero;
  if (!value || value->IsAbsent() || value->element_count() != 1 || BitWidth(value->dtype()) % 8 != 0) return std::nullopt;
  return Picked(value->Dense(), *shape, std::vector<std::size_t>(static_cast<std::size_t>(*CountOf(*shape)), 0));
}

std::optional<Tensor> Expand(const Arguments& arguments) {
  const std::optional<Shape> wanted = Ints(arguments, 1);
  const std::optional<Shape> shape = wanted ? Broadcast(arguments.inputs[0].dims(), *wanted) : std::nullopt;
  if (!shape) return std::nullopt;
  return Picked(arguments.inputs[0], *shape, BroadcastIndices(arguments.inputs[0].dims(), *shape));
}

std::optional<Tensor> Gather(const Arguments& arguments) {
  const Tensor &data = arguments.inputs[0], &where = arguments.inputs[1];
  const std::optional<std::size_t> axis = Axis(arguments.Int("axis").value_or(0), data.dims().size());
  const std::optional<Shape> indices = Ints(arguments, 1);
  if (!axis || !indices) return std::nullopt;
  const auto at = static_cast<std::ptrdiff_t>(*axis);
  const int64_t size = data.dims()[*axis];
  Shape shape(data.dims().begin(), data.dims().begin() + at);
  shape.insert(shape.end(), where.dims().begin(), where.dims().end());
  shape.insert(shape.end(), data.dims().begin() + at + 1, data.dims().end());
  if (!CountOf(shape)) return std::nullopt;
  const Shape strides = StridesOf(data.dims());
  const int64_t inner = strides[*axis];
  const int64_t outer = std::accumulate(data.dims().begin(), data.dims().begin() + at, int64_t{1}, std::multiplies<>());
  std::vector<std::size_t> from;
  for (int64_t o = 0; o < outer; ++o)
    for (const int64_t index : *indices) {
      if (index < -size || index >= size) return std::nullopt;
      const int64_t start = (o * size + (index < 0 ? index + size : index)) * inner;
      for (int64_t i = 0; i < inner; ++i) from.push_back(static_cast<std::size_t>(start + i));
    }
  return Picked(data, std::move(shape), from);
}

// Integers only: runtimes step through floating-point ranges in different ways.
std::optional<Tensor> Range(const Arguments& arguments) {
  const DType dtype = arguments.inputs[0].dtype();
  if (dtype != DType::kInt64 && dtype != DType::kInt32) return std::nullopt;
  const std::optional<Shape> start = Ints(arguments, 0), limit = Ints(arguments, 1), delta = Ints(arguments, 2);
  const bool scalars = start && limit && delta && start->size() == 1 && limit->size() == 1 && delta->size() == 1;
  if (!scalars || arguments.inputs[1].dtype() != dtype || arguments.inputs[2].dtype() != dtype || (*delta)[0] == 0)
    return std::nullopt;
  int64_t span = 0;
  if (__builtin_sub_overflow((*limit)[0], (*start)[0], &span)) return std::nullopt;
  Shape out;
  for (int64_t at = 0; (*delta)[0] > 0 ? at < span : at > span;) {
    if (static_cast<int64_t>(out.size()) == kMaxFoldedElements) return std::nullopt;
    out.push_back((*start)[0] + at);
    if (__builtin_add_overflow(at, (*delta)[0], &at)) break;
  }
  const Shape shape = {static_cast<int64_t>(out.size())};
  if (dtype == DType::kInt64) return MakeTensor(dtype, shape, out);
  return MakeTensor(dtype, shape, std::vector<int32_t>(out.begin(), out.end()));
}

std::optional<Tensor> Reshape(const Arguments& arguments) {
  const Tensor& data = arguments.inputs[0];
  std::optional<Shape> shape = Ints(arguments, 1);
  if (!shape) return std::nullopt;
  const bool allow_zero = arguments.Int("allowzero").value_or(0) != 0;
  int64_t known = 1;
  std::optional<std::size_t> open;
  for (std::size_t i = 0; i < shape->size(); ++i) {
    int64_t& size = (*shape)[i];
    if (size == 0 && !allow_zero) {
      if (i >= data.dims().size()) return std::nullopt;
      size = data.dims()[i];
    }
    if (size == -1) {
      if (open) return std::nullopt;
      open = i;
    } else if (size < 0 || __builtin_mul_overflow(known, size, &known)) {
      return std::nullopt;
    }
  }
  const int64_t count = data.element_count();
  if (open) {
    if (known == 0 || count % known != 0) return std::nullopt;
    (*shape)[*open] = count / known;
  } else if (known != count) {
    return std::nullopt;
  }
  return Reshaped(data, *std::move(shape));
}

std::optional<Tensor> Slice(const Arguments& arguments) {
  const Tensor& data = arguments.inputs[0];
  const std::size_t rank = data.dims().size();
  const std::optional<Shape> starts = Ints(arguments, 1), ends = Ints(arguments, 2);
  if (!starts || !ends || starts->size() != ends->size()) return std::nullopt;
  Shape axes(starts->size()), steps(starts->size(), 1);
  std::iota(axes.begin(), axes.end(), 0);
  if (arguments.Has(3)) axes = Ints(arguments, 3).value_or(Shape{});
  if (arguments.Has(4)) steps = Ints(arguments, 4).value_or(Shape{});
  if (axes.size() != starts->size() || steps.size() != starts->size() || !AxisMask(axes, rank)) return std::nullopt;
  Shape shape = data.dims(), strides = StridesOf(data.dims());
  int64_t first = 0;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const std::size_t axis = *Axis(axes[i], rank);
    const int64_t size = data.dims()[axis], step = steps[i];
    if (step == 0 || step == INT64_MIN) return std::nullopt;
    // Clamped to [0, size] going up, to [-1, size - 1] going down.
    const auto clamp = [&](int64_t at) {
      if (at < 0) at = at < -size ? -1 - size : at;
      if (at < 0) at += size;
      return step > 0 ? std::clamp<int64_t>(at, 0, size) : std::clamp<int64_t>(at, -1, size - 1);
    };
    const int64_t begin = clamp((*starts)[i]), end = clamp((*ends)[i]);
    const int64_t span = step > 0 ? end - begin : begin - end, stride = step > 0 ? step : -step;
    shape[axis] = span > 0 ? (span - 1) / stride + 1 : 0;
    first += shape[axis] > 0 ? begin * strides[axis] : 0;
    if (shape[axis] > 1) strides[axis] *= step;  // |step| < size here
  }
  if (CountOf(shape) == 0) return Picked(data, std::move(shape), {});
  const std::vector<std::size_t> from = Walk(shape, first, strides);
  return Picked(data, std::move(shape), from);
}

std::optional<Tensor> Squeeze(const Arguments& arguments) {
  const Shape& dims = arguments.inputs[0].dims();
  std::vector<bool> drop(dims.size());
  if (arguments.Has(1)) {
    const std::optional<Shape> axes = Ints(arguments, 1);
    const auto mask = axes ? AxisMask(*axes, dims.size()) : std::nullopt;
    if (!mask) return std::nullopt;
    drop = *mask;
  } else {
    for (std::size_t i = 0; i < dims.size(); ++i) drop[i] = dims[i] == 1;
  }
  Shape shape;
  for (std::size_t i = 0; i < dims.size(); ++i) {
    if (drop[i] && dims[i] != 1) return std::nullopt;
    if (!drop[i]) shape.push_back(dims[i]);
  }
  return Reshaped(arguments.inputs[0], std::move(shape));
}

std::optional<Tensor> Unsqueeze(const Arguments& arguments) {
  const Shape& dims = arguments.inputs[0].dims();
  const std::optional<Shape> axes = Ints(arguments, 1);
  const auto added = axes ? AxisMask(*axes, dims.size() + axes->size()) : std::nullopt;
  if (!added) return std::nullopt;
  Shape shape;
  for (std::size_t next = 0; const bool is_new : *added) shape.push_back(is_new ? 1 : dims[next++]);
  return Reshaped(arguments.inputs[0], std::move(shape));
}

std::optional<Tensor> Transpose(const Arguments& arguments) {
  const Tensor& data = arguments.inputs[0];
  const std::size_t rank = data.dims().size();
  Shape permutation(rank);
  std::iota(permutation.rbegin(), permutation.rend(), 0);
  if (const Attribute* perm = arguments.node.Find("perm")) {
    const auto* given = std::get_if<Shape>(&perm->value);
    if (!given || given->size() != rank || !AxisMask(*given, rank)) return std::nullopt;
    permutation = *given;
  }
  const Shape strides = StridesOf(data.dims());
  Shape shape, moved;
  for (const int64_t axis : permutation) {
    shape.push_back(data.dims()[*Axis(axis, rank)]);
    moved.push_back(strides[*Axis(axis, rank)]);
  }
  const std::vector<std::size_t> from = Walk(shape, 0, moved);
  return Picked(data, std::move(shape), from);
}

std::optional<Tensor> Where(const Arguments& arguments) {
  const Tensor &condition = arguments.inputs[0], &yes = arguments.inputs[1], &no = arguments.inputs[2];
  if (condition.dtype() != DType::kBool || yes.dtype() != no.dtype()) return std::nullopt;
  const std::optional<Shape> values = Broadcast(yes.dims(), no.dims());
  const std::optional<Shape> shape = values ? Broadcast(condition.dims(), *values) : std::nullopt;
  if (!shape) return std::nullopt;
  const std::vector<uint8_t> choices = Elements<uint8_t>(condition);
  const std::vector<std::size_t> choice = BroadcastIndices(condition.dims(), *shape),
                                 first = BroadcastIndices(yes.dims(), *shape), second = BroadcastIndices(no.dims(), *shape);
  const std::size_t size = ElementSize(yes);
  std::vector<std::byte> bytes(choice.size() * size);
  for (std::size_t i = 0; i < choice.size(); ++i) {
    const bool chosen = choices[choice[i]] != 0;
    const std::byte* from = (chosen ? yes : no).bytes().data() + (chosen ? first[i] : second[i]) * size;
    std::memcpy(bytes.data() + i * size, from, size);
  }
  return Tensor::Owned(yes.dtype(), *shape, std::move(bytes));
}

}  // namespace fairlead::kernels
