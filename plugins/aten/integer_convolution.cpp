#include "integer_convolution.hpp"

#include "windows.hpp"

namespace fairlead::aten {
namespace {

constexpr int64_t kMostPositions = 1024;  // each has nodes of its own

DType WideType(DType type) { return BitWidth(type) == 64 ? type : DType::kInt32; }

// A kernel as matrices [groups, outputs of a group, inputs of a group, positions], the positions in order.
struct Kernel {
  Value matrices;
  std::vector<int64_t> sizes;  // spatial
  int64_t positions = 1;
};

std::optional<Kernel> KernelOf(Builder& b, Value weight) {
  Kernel kernel;
  for (int axis = 2; axis < weight.rank(); ++axis) {
    const auto size = weight.static_dim(axis);
    if (!size) {
      b.Unsupported("weight has dtype {} and a kernel of symbolic size", weight.dtype());
      return std::nullopt;
    }
    kernel.sizes.push_back(*size);
    if (__builtin_mul_overflow(kernel.positions, *size, &kernel.positions)) kernel.positions = INT64_MAX;
  }
  if (kernel.positions >= 1 && kernel.positions <= kMostPositions) return kernel;
  b.Unsupported("weight has dtype {} and a kernel of {} positions, wanted 1 to {}", weight.dtype(), kernel.positions,
                kMostPositions);
  return std::nullopt;
}

Value Padded(Builder& b, Value x, const std::vector<int64_t>& pads) {
  if (AllAre(pads, 0)) return x;
  const auto middle = pads.begin() + std::ssize(pads) / 2;
  std::vector<int64_t> all = {0, 0};
  all.insert(all.end(), pads.begin(), middle);
  all.insert(all.end(), {0, 0});
  all.insert(all.end(), middle, pads.end());
  return b.Pad(x, b.Constant(all));
}

// What the kernel's element at `position` meets: every stride-th element of each spatial axis.
Value MetBy(Builder& b, Value x, const Kernel& kernel, int64_t position, const std::vector<int64_t>& strides,
            const std::vector<int64_t>& dilations, const Dims& counts) {
  for (std::size_t axis = kernel.sizes.size(); axis-- > 0;) {
    const int64_t start = position % kernel.sizes[axis] * dilations[axis];
    position /= kernel.sizes[axis];
    const Dim end = b.Plus(b.Multiply(b.Minus(counts[axis], 1), strides[axis]), start + 1);
    x = b.Slice(x, static_cast<int64_t>(axis) + 2, start, end, strides[axis]);
  }
  return x;
}

// The sum over the kernel's positions of its matrices times what they meet.
Value Summed(Builder& b, Value x, const Kernel& kernel, Value bias, const std::vector<int64_t>& strides,
             const std::vector<int64_t>& dilations) {
  const Value matrices = kernel.matrices;
  Dims counts;
  for (std::size_t axis = 0; axis < kernel.sizes.size(); ++axis) {
    const int64_t reach = dilations[axis] * (kernel.sizes[axis] - 1) + 1;
    const Dim left = b.Minus(x.dim(static_cast<int64_t>(axis) + 2), reach);
    counts.push_back(b.Plus(b.FloorDivide(left, strides[axis]), 1));
  }
  Value sum;
  for (int64_t position = 0; position < kernel.positions; ++position) {
    const Value met = MetBy(b, x, kernel, position, strides, dilations, counts);
    const Value columns = b.Reshape(met, {x.dim(0), matrices.dim(0), matrices.dim(2), b.Product(counts)});
    const Value product = b.MatMul(b.Select(matrices, 3, position), columns);
    sum = sum ? b.Add(sum, product) : product;
  }
  const Dim outputs = b.Multiply(matrices.dim(0), matrices.dim(1));
  Dims sizes = {x.dim(0), outputs}, column = {outputs};
  for (const Dim& count : counts) {
    sizes.push_back(count);
    column.push_back(1);
  }
  const Value shaped = b.Reshape(sum, sizes);
  return bias ? b.Add(shaped, b.Reshape(b.ToType(bias, sum.dtype()), column)) : shaped;
}

// stride - 1 zeros between neighbours along each spatial axis.
Value SpreadOut(Builder& b, Value x, const std::vector<int64_t>& strides) {
  for (std::size_t i = 0; i < strides.size(); ++i) {
    if (strides[i] == 1) continue;
    const auto axis = static_cast<int64_t>(i) + 2;
    Dims sizes = x.dims();
    Dim& size = sizes[static_cast<std::size_t>(axis)];
    const Dim spread = b.Multiply(size, strides[i]), last = b.Minus(spread, strides[i] - 1);
    size = spread;
    std::vector<int64_t> pads(2 * static_cast<std::size_t>(x.rank() + 1), 0);
    pads[static_cast<std::size_t>(x.rank() + 1 + axis + 1)] = strides[i] - 1;
    const Value apart = b.Pad(b.Unsqueeze(x, {axis + 1}), b.Constant(pads));
    x = b.Slice(b.Reshape(apart, sizes), axis, 0, last);
  }
  return x;
}

}  // namespace

Value ConvolveIntegers(Builder& b, Value x, Value weight, Value bias, const ConvolutionWindow& w,
                       const std::vector<int64_t>& pads) {
  auto kernel = KernelOf(b, weight);
  if (!kernel) return {};
  const int axes = weight.rank() - 2;
  const DType wide = WideType(x.dtype());
  const Dims shape = {w.groups, b.FloorDivide(weight.dim(0), w.groups), weight.dim(1), kernel->positions};
  kernel->matrices = b.Reshape(b.ToType(weight, wide), shape);
  const Value padded = Padded(b, b.ToType(x, wide), pads);
  return b.ToType(Summed(b, padded, *kernel, bias, PerAxis(w.stride, axes), PerAxis(w.dilation, axes)), x.dtype());
}

// The input with zeros between its elements and around it, under the kernel turned around.
Value ConvolveIntegersTransposed(Builder& b, Value x, Value weight, Value bias, const ConvolutionWindow& w) {
  auto kernel = KernelOf(b, weight);
  if (!kernel) return {};
  const int axes = weight.rank() - 2;
  const DType wide = WideType(x.dtype());
  const Dims shape = {w.groups, b.FloorDivide(weight.dim(0), w.groups), weight.dim(1), kernel->positions};
  const Value inputs_first = b.Reshape(b.ToType(weight, wide), shape);
  const Value outputs_first = b.Transpose(inputs_first, {.perm = {0, 2, 1, 3}});
  kernel->matrices = b.Slice(outputs_first, 3, -1, INT64_MIN, -1);
  const std::vector<int64_t> dilations = PerAxis(w.dilation, axes), padding = PerAxis(w.padding, axes);
  const std::vector<int64_t> behind = PerAxis(w.output_padding, axes);
  std::vector<int64_t> begins, ends;
  for (std::size_t i = 0; i < kernel->sizes.size(); ++i) {
    begins.push_back(dilations[i] * (kernel->sizes[i] - 1) - padding[i]);
    ends.push_back(begins.back() + behind[i]);
  }
  begins.insert(begins.end(), ends.begin(), ends.end());
  const Value spread = SpreadOut(b, b.ToType(x, wide), PerAxis(w.stride, axes));
  const std::vector<int64_t> ones(static_cast<std::size_t>(axes), 1);
  return b.ToType(Summed(b, Padded(b, spread, begins), *kernel, bias, ones, dilations), x.dtype());
}

}  // namespace fairlead::aten
