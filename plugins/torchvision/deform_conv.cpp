// Convolutions that read the image at places of their own (torchvision/csrc/ops/cpu/deform_conv2d_kernel.cpp).
#include "families.hpp"

namespace fairlead::torchvision {
namespace {

// torchvision's arguments, as it orders and names them.
struct Convolution {
  Value input, weight, offset, mask, bias;  // the mask is absent where it is not used
  int64_t stride_h, stride_w, pad_h, pad_w, dilation_h, dilation_w, groups, offset_groups;
};

Value AsOperator(Builder& b, const Convolution& c) {
  return b.DeformConv(c.input, c.weight, c.offset, c.bias, c.mask,
                      {.dilations = {c.dilation_h, c.dilation_w},
                       .group = c.groups,
                       .offset_group = c.offset_groups,
                       .pads = {c.pad_h, c.pad_w, c.pad_h, c.pad_w},
                       .strides = {c.stride_h, c.stride_w}});
}

// Where each tap of the kernel reads on one axis, without an offset: [taps] and [pixels] added up.
Value Places(Builder& b, const std::vector<int64_t>& taps, int64_t stride, const Dim& pixels, bool is_column, DType type) {
  const Value steps = b.Mul(b.Iota(pixels), b.Constant(stride, DType::kInt64));
  const Value first = b.Unsqueeze(b.Constant(taps), {1, 2});
  return b.ToType(b.Add(first, is_column ? steps : b.Unsqueeze(steps, {1})), type);
}

// From pixels to GridSample's -1 … 1, which are the image's edges.
Value Scaled(Builder& b, Value pixels, const Dim& size) {
  const Value edges = b.Add(b.Mul(pixels, b.Like(pixels, 2)), b.Like(pixels, 1));
  return b.Sub(b.Div(edges, b.ToType(b.ToValue(size), pixels.dtype())), b.Like(pixels, 1));
}

// [batch, channels, taps, pixels]: what the taps read. GridSample's zeros outside of the image are torchvision's.
Value Sampled(Builder& b, const Convolution& c, int64_t kernel_h, int64_t kernel_w) {
  const Dim batch = c.input.dim(0), height = c.input.dim(2), width = c.input.dim(3);
  const Dim rows = c.offset.dim(2), columns = c.offset.dim(3), images = b.Multiply(batch, c.offset_groups);
  const DType type = c.input.dtype();
  const int64_t taps = kernel_h * kernel_w;
  std::vector<int64_t> down, right;
  for (int64_t tap = 0; tap < taps; ++tap) {
    down.push_back(tap / kernel_w * c.dilation_h - c.pad_h);
    right.push_back(tap % kernel_w * c.dilation_w - c.pad_w);
  }
  const Value offset = b.Reshape(c.offset, {images, taps, 2, rows, columns});
  const Value y = b.Add(b.Select(offset, 2, 0), Places(b, down, c.stride_h, rows, false, type));
  const Value x = b.Add(b.Select(offset, 2, 1), Places(b, right, c.stride_w, columns, true, type));
  const Value grid = b.Concat({b.Unsqueeze(Scaled(b, x, width), {4}), b.Unsqueeze(Scaled(b, y, height), {4})}, {.axis = 4});
  const Dim channels = b.FloorDivide(c.input.dim(1), c.offset_groups), tall = b.Multiply(rows, taps);
  const Value image = b.Reshape(c.input, {images, channels, height, width});
  Value read = b.GridSample(image, b.Reshape(grid, {images, tall, columns, 2}));
  if (c.mask) read = b.Mul(read, b.Reshape(c.mask, {images, 1, tall, columns}));
  return b.Reshape(read, {batch, c.input.dim(1), taps, b.Multiply(rows, columns)});
}

// A product with what the taps read.
Value AsProduct(Builder& b, const Convolution& c) {
  const auto kernel_h = c.weight.static_dim(2), kernel_w = c.weight.static_dim(3);
  if (!kernel_h || !kernel_w) return b.Unsupported("weight has symbolic sizes");
  const Dim filters = c.weight.dim(0), depth = b.Multiply(c.weight.dim(1), *kernel_h * *kernel_w);
  const Dim pixels = b.Multiply(c.offset.dim(2), c.offset.dim(3));
  const Value read = b.Reshape(Sampled(b, c, *kernel_h, *kernel_w), {c.input.dim(0), c.groups, depth, pixels});
  const Value weight = b.Reshape(c.weight, {c.groups, b.FloorDivide(filters, c.groups), depth});
  const Value sum = b.Reshape(b.MatMul(weight, read), {c.input.dim(0), filters, c.offset.dim(2), c.offset.dim(3)});
  return b.Add(sum, b.Unsqueeze(c.bias, {1, 2}));
}

// offset is [batch, offset_groups * kernel * 2 (down, right), rows, columns] and mask without the 2, as in ONNX.
template <auto compute>
Value DeformConv2d(Builder& b, Value input, Value weight, Value offset, Value mask, Value bias, int64_t stride_h,
                   int64_t stride_w, int64_t pad_h, int64_t pad_w, int64_t dilation_h, int64_t dilation_w, int64_t groups,
                   int64_t offset_groups, bool use_mask) {
  if (input.rank() != 4) return b.Unsupported("input has rank {}, wanted 4", input.rank());
  if (groups < 1 || offset_groups < 1) return b.Unsupported("groups={}, offset_groups={}", groups, offset_groups);
  return b.InFloat32(input, [&](Value x) {
    const auto same = [&](Value value) { return b.ToType(value, x.dtype()); };
    return compute(b, {x, same(weight), same(offset), use_mask ? same(mask) : Value(), same(bias), stride_h, stride_w,
                       pad_h, pad_w, dilation_h, dilation_w, groups, offset_groups});
  });
}

constexpr std::string_view kSchema =
    "torchvision::deform_conv2d(Tensor input, Tensor weight, Tensor offset, Tensor mask, Tensor bias, SymInt stride_h, "
    "SymInt stride_w, SymInt pad_h, SymInt pad_w, SymInt dilation_h, SymInt dilation_w, SymInt groups, SymInt "
    "offset_groups, bool use_mask) -> Tensor";

constexpr Lowering kTable[] = {
    Lower<DeformConv2d<AsOperator>>(kSchema).Since(19),
    Lower<DeformConv2d<AsProduct>>(kSchema).Until(18),
};

}  // namespace

std::span<const Lowering> DeformConvLowerings() { return kTable; }

}  // namespace fairlead::torchvision
