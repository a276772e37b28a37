// Windows of an image as columns, and columns added up to an image.
#include "families.hpp"
#include "window_tables.hpp"

namespace fairlead::aten {
namespace {

struct Blocks {
  std::vector<int64_t> kernel, dilation, padding, stride;
};

bool Reads(Builder& b, Ints kernel_size, Ints dilation, Ints padding, Ints stride, Blocks& blocks) {
  blocks = {PerAxis(kernel_size, 2), PerAxis(dilation, 2), PerAxis(padding, 2), PerAxis(stride, 2)};
  const auto are = [](const std::vector<int64_t>& numbers, int64_t least) {
    return numbers.size() == 2 && std::ranges::all_of(numbers, [=](int64_t n) { return n >= least; });
  };
  if (are(blocks.kernel, 1) && are(blocks.dilation, 1) && are(blocks.padding, 0) && are(blocks.stride, 1)) return true;
  b.Unsupported("kernel_size={}, dilation={}, padding={}, stride={}", kernel_size, dilation, padding, stride);
  return false;
}

// How many windows there are along an axis of the padded size, and [kernel, windows]: their places.
struct BlockTable {
  Dim windows;
  Value places;
};
BlockTable TableOf(Builder& b, const Dim& padded, const Blocks& blocks, std::size_t axis) {
  const int64_t extent = blocks.dilation[axis] * (blocks.kernel[axis] - 1) + 1;
  const Dim windows = b.Plus(b.FloorDivide(b.Minus(padded, extent), blocks.stride[axis]), 1);
  const auto steps = [&](const Dim& count, int64_t step) { return b.Mul(b.Iota(count), b.ToValue(step)); };
  const Value inside = b.Unsqueeze(steps(blocks.kernel[axis], blocks.dilation[axis]), {1});
  return {windows, b.Add(inside, b.Unsqueeze(steps(windows, blocks.stride[axis]), {0}))};
}

// [n, channels, height, width] → [n, channels · kernel, windows].
Value ImageToColumns(Builder& b, Value self, Ints kernel_size, Ints dilation, Ints padding, Ints stride) {
  Blocks blocks;
  if (!Reads(b, kernel_size, dilation, padding, stride, blocks)) return {};
  return Batched(b, self, 2, [&](Value x) {
    const Dims pad = {blocks.padding[1], blocks.padding[1], blocks.padding[0], blocks.padding[0]};
    const Value padded = b.Aten("aten::constant_pad_nd", {{"self", x}, {"pad", pad}});
    const BlockTable rows = TableOf(b, padded.dim(2), blocks, 0), columns = TableOf(b, padded.dim(3), blocks, 1);
    const Value windows = b.Gather(b.Gather(padded, rows.places, {.axis = 2}), columns.places, {.axis = 4});
    const Value ordered = b.Transpose(windows, {.perm = {0, 1, 2, 4, 3, 5}});
    const Dim depth = b.Multiply(x.dim(1), blocks.kernel[0] * blocks.kernel[1]);
    return b.Reshape(ordered, {x.dim(0), depth, b.Multiply(rows.windows, columns.windows)});
  });
}

// Every element goes back to its place in the padded image, where those of windows that overlap add up.
Value SumOfColumns(Builder& b, Value x, const Dims& size, const Blocks& blocks) {
  const Dim channels = b.FloorDivide(x.dim(1), blocks.kernel[0] * blocks.kernel[1]);
  const Dim height = b.Plus(size[0], 2 * blocks.padding[0]), width = b.Plus(size[1], 2 * blocks.padding[1]);
  const BlockTable rows = TableOf(b, height, blocks, 0), columns = TableOf(b, width, blocks, 1);
  const Value first = b.Mul(b.Unsqueeze(rows.places, {1, 3}), b.ToValue(width));
  const Value places = b.Reshape(b.Add(first, b.Unsqueeze(columns.places, {0, 2})), {-1});
  const Dims flat = {x.dim(0), channels, b.Multiply(b.Product({blocks.kernel[0], blocks.kernel[1]}), x.dim(2))};
  const Value image = b.Zeros({x.dim(0), channels, b.Multiply(height, width)}, x.dtype());
  const Value updates = b.Reshape(x, flat);
  const Value added = b.ScatterElements(image, AlongAxis(b, places, 2, updates), updates, {.axis = 2, .reduction = "add"});
  Value whole = b.Reshape(added, {x.dim(0), channels, height, width});
  for (std::size_t axis = 0; axis < 2; ++axis) {
    const int64_t before = blocks.padding[axis];
    if (before > 0) whole = b.Slice(whole, 2 + static_cast<int64_t>(axis), before, b.Plus(size[axis], before));
  }
  return whole;
}

// ONNX's Col2Im for floats, which runtimes have; their sum at other types.
Value ColumnsToImage(Builder& b, Value self, Dims output_size, Ints kernel_size, Ints dilation, Ints padding, Ints stride) {
  Blocks blocks;
  if (!Reads(b, kernel_size, dilation, padding, stride, blocks)) return {};
  if (output_size.size() != 2) return b.Unsupported("output_size has {} numbers, wanted 2", output_size.size());
  const auto image = [&](Value x) -> Value {
    if (x.rank() != 3) return b.Unsupported("self has rank {}, wanted 2 or 3", self.rank());
    if (x.dtype() != DType::kFloat) return SumOfColumns(b, x, output_size, blocks);
    return b.Col2Im(x, b.ShapeOf(output_size), b.Constant(blocks.kernel),
                    {.dilations = blocks.dilation, .pads = BeginsThenEnds(blocks.padding), .strides = blocks.stride});
  };
  return b.InFloat32(self, [&](Value x) -> Value {
    if (x.rank() == 2) return b.Squeeze(image(b.Unsqueeze(x, {0})), {0});
    return image(x);
  });
}

constexpr Lowering kTable[] = {
    Lower<ImageToColumns>(
        "aten::im2col(Tensor self, int[2] kernel_size, int[2] dilation, int[2] padding, int[2] stride) -> Tensor"),
    Lower<ColumnsToImage>("aten::col2im(Tensor self, SymInt[2] output_size, int[2] kernel_size, int[2] dilation, "
                          "int[2] padding, int[2] stride) -> Tensor"),
};

}  // namespace

std::span<const Lowering> UnfoldingLowerings() { return kTable; }

}  // namespace fairlead::aten
