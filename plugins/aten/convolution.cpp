// Convolutions and transposed convolutions over one to three axes.
#include "families.hpp"
#include "integer_convolution.hpp"
#include "windows.hpp"

namespace fairlead::aten {
namespace {

using Window = ConvolutionWindow;

// Whatever is calculated from window numbers stays far from overflow.
bool Refuses(Builder& b, Value weight, const Window& w) {
  const int axes = weight.rank() - 2;
  const auto fit = [&](Ints numbers, int64_t least) {
    return (numbers.size() == 1 || std::ssize(numbers) == axes) &&
           std::ranges::all_of(numbers, [&](int64_t number) { return number >= least && IsWindowNumber(number); });
  };
  if (axes < 1) {
    b.Unsupported("weight has rank {}, wanted at least 3", weight.rank());
  } else if (!fit(w.stride, 1) || !fit(w.padding, 0) || !fit(w.dilation, 1) || !fit(w.output_padding, 0)) {
    b.Unsupported("stride={}, padding={}, dilation={}, output_padding={} over {} axes", w.stride, w.padding, w.dilation,
                  w.output_padding, axes);
  } else if (w.groups < 1) {
    b.Unsupported("groups={}", w.groups);
  } else {
    for (int axis = 2; axis < weight.rank(); ++axis)
      if (const int64_t size = weight.static_dim(axis).value_or(1); !IsWindowNumber(size))
        return b.Unsupported("weight has a kernel of size {}", size), true;
    return false;
  }
  return true;
}

constexpr int64_t kNoPadding[] = {0};

Value Convolve(Builder& b, Value input, Value weight, Value bias, const Window& w, const std::vector<int64_t>& pads) {
  const int axes = weight.rank() - 2;
  return Batched(b, input, axes, [&](Value x) {
    if (IsInteger(x.dtype())) return ConvolveIntegers(b, x, weight, bias, w, pads);
    return b.Conv(
        x, weight, bias,
        {.dilations = PerAxis(w.dilation, axes), .group = w.groups, .pads = pads, .strides = PerAxis(w.stride, axes)});
  });
}

// ConvTranspose takes an output padding below the stride only. The rows that a larger one adds are those that the padding
// would cut off; behind these there are zeros and the bias.
Value ConvolveTransposedFar(Builder& b, Value x, Value weight, Value bias, const Window& w,
                            const std::vector<int64_t>& output_padding) {
  const int axes = weight.rank() - 2;
  std::vector<int64_t> pads = BeginsThenEnds(PerAxis(w.padding, axes));
  std::vector<int64_t> zeros(static_cast<std::size_t>(2 * x.rank()), 0);
  for (int axis = 0; axis < axes; ++axis) {
    int64_t& end = pads[static_cast<std::size_t>(axes + axis)];
    const int64_t left = end - output_padding[static_cast<std::size_t>(axis)];
    end = std::max<int64_t>(left, 0);
    zeros[static_cast<std::size_t>(x.rank() + 2 + axis)] = std::max<int64_t>(-left, 0);
  }
  const Value near = b.ConvTranspose(
      x, weight, {},
      {.dilations = PerAxis(w.dilation, axes), .group = w.groups, .pads = pads, .strides = PerAxis(w.stride, axes)});
  const Value far = AllAre(zeros, 0) ? near : b.Pad(near, b.Constant(zeros));
  if (!bias) return far;
  Dims column(static_cast<std::size_t>(axes + 1), Dim(1));
  column[0] = bias.dim(0);
  return b.Add(far, b.Reshape(bias, column));
}

Value ConvolveTransposed(Builder& b, Value input, Value weight, Value bias, const Window& w) {
  const int axes = weight.rank() - 2;
  if (Refuses(b, weight, w)) return {};
  const std::vector<int64_t> output_padding = PerAxis(w.output_padding, axes), strides = PerAxis(w.stride, axes);
  bool far = false;
  for (std::size_t i = 0; i < std::min(output_padding.size(), strides.size()); ++i)
    far = far || output_padding[i] >= strides[i];
  return Batched(b, input, axes, [&](Value x) {
    if (IsInteger(x.dtype())) return ConvolveIntegersTransposed(b, x, weight, bias, w);
    if (far) return ConvolveTransposedFar(b, x, weight, bias, w, output_padding);
    return b.ConvTranspose(x, weight, bias,
                           {.dilations = PerAxis(w.dilation, axes),
                            .group = w.groups,
                            .output_padding = output_padding,
                            .pads = BeginsThenEnds(PerAxis(w.padding, axes)),
                            .strides = strides});
  });
}

Value Convolution(Builder& b, Value input, Value weight, Value bias, Ints stride, Ints padding, Ints dilation,
                  bool transposed, Ints output_padding, int64_t groups) {
  const Window window{stride, padding, dilation, transposed ? output_padding : Ints(kNoPadding), groups};
  if (transposed) return ConvolveTransposed(b, input, weight, bias, window);
  if (Refuses(b, weight, window)) return {};
  return Convolve(b, input, weight, bias, window, BeginsThenEnds(PerAxis(padding, weight.rank() - 2)));
}

Value ConvolutionInternal(Builder& b, Value input, Value weight, Value bias, Ints stride, Ints padding, Ints dilation,
                          bool transposed, Ints output_padding, int64_t groups, NoEffect<bool> /*benchmark*/,
                          NoEffect<bool> /*deterministic*/, NoEffect<bool> /*cudnn_enabled*/,
                          NoEffect<bool> /*allow_tf32*/) {
  return Convolution(b, input, weight, bias, stride, padding, dilation, transposed, output_padding, groups);
}

Value Conv(Builder& b, Value input, Value weight, Value bias, Ints stride, Ints padding, Ints dilation, int64_t groups) {
  return Convolution(b, input, weight, bias, stride, padding, dilation, false, {}, groups);
}

// The input with zeros around it that keep the size at stride 1, where the kernel's is known only at run time.
Value PaddedToKeepSize(Builder& b, Value input, Value weight, const std::vector<int64_t>& steps) {
  Dims begins, ends;
  std::vector<int64_t> axes;
  for (int axis = 2; axis < weight.rank(); ++axis) {
    const Dim total = b.Multiply(b.Minus(weight.dim(axis), 1), steps[static_cast<std::size_t>(axis - 2)]);
    begins.push_back(b.FloorDivide(total, 2));
    ends.push_back(b.Minus(total, begins.back()));
    axes.push_back(input.rank() - weight.rank() + axis);
  }
  begins.insert(begins.end(), ends.begin(), ends.end());
  return b.Pad(input, b.ShapeOf(begins), b.Like(input, 0), b.Constant(Ints(axes)));
}

// 'same' keeps the size at stride 1; what cannot be split evenly goes to the end.
Value ConvNamedPadding(Builder& b, Value input, Value weight, Value bias, Ints stride, std::string_view padding,
                       Ints dilation, int64_t groups) {
  const int axes = weight.rank() - 2;
  const Window window{stride, Ints(kNoPadding), dilation, Ints(kNoPadding), groups};
  if (Refuses(b, weight, window)) return {};
  std::vector<int64_t> begins(static_cast<std::size_t>(axes), 0), ends = begins;
  const std::vector<int64_t> steps = PerAxis(dilation, axes);
  if (padding == "same") {
    for (int axis = 0; axis < axes; ++axis) {
      const auto kernel = weight.static_dim(axis + 2);
      if (!kernel) {
        const std::vector<int64_t> none(static_cast<std::size_t>(2 * axes), 0);
        return Convolve(b, PaddedToKeepSize(b, input, weight, steps), weight, bias, window, none);
      }
      const auto i = static_cast<std::size_t>(axis);
      const int64_t total = steps[i] * (*kernel - 1);
      begins[i] = total / 2;
      ends[i] = total - total / 2;
    }
  } else if (padding != "valid") {
    return b.Unsupported("padding='{}'", padding);
  }
  begins.insert(begins.end(), ends.begin(), ends.end());
  return Convolve(b, input, weight, bias, window, begins);
}

Value ConvTranspose(Builder& b, Value input, Value weight, Value bias, Ints stride, Ints padding, Ints output_padding,
                    int64_t groups, Ints dilation) {
  return ConvolveTransposed(b, input, weight, bias, {stride, padding, dilation, output_padding, groups});
}

constexpr Lowering kTable[] = {
    Lower<Convolution>("aten::convolution(Tensor input, Tensor weight, Tensor? bias, SymInt[] stride, SymInt[] padding, "
                       "SymInt[] dilation, bool transposed, SymInt[] output_padding, SymInt groups) -> Tensor"),
    Lower<ConvolutionInternal>(
        "aten::_convolution(Tensor input, Tensor weight, Tensor? bias, SymInt[] stride, SymInt[] padding, SymInt[] "
        "dilation, "
        "bool transposed, SymInt[] output_padding, SymInt groups, bool benchmark, bool deterministic, bool cudnn_enabled, "
        "bool allow_tf32) -> Tensor"),
    Lower<Conv>("aten::conv1d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[1] stride=[1], SymInt[1] padding=[0], "
                "SymInt[1] dilation=[1], SymInt groups=1) -> Tensor"),
    Lower<Conv>("aten::conv2d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=[1, 1], "
                "SymInt[2] padding=[0, 0], SymInt[2] dilation=[1, 1], SymInt groups=1) -> Tensor"),
    Lower<Conv>("aten::conv3d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[3] stride=[1, 1, 1], "
                "SymInt[3] padding=[0, 0, 0], SymInt[3] dilation=[1, 1, 1], SymInt groups=1) -> Tensor"),
    Lower<ConvNamedPadding>("aten::conv1d.padding(Tensor input, Tensor weight, Tensor? bias=None, SymInt[1] stride=[1], "
                            "str padding=\"valid\", SymInt[1] dilation=[1], SymInt groups=1) -> Tensor"),
    Lower<ConvNamedPadding>("aten::conv2d.padding(Tensor input, Tensor weight, Tensor? bias=None, SymInt[2] stride=[1, 1], "
                            "str padding=\"valid\", SymInt[2] dilation=[1, 1], SymInt groups=1) -> Tensor"),
    Lower<ConvNamedPadding>(
        "aten::conv3d.padding(Tensor input, Tensor weight, Tensor? bias=None, SymInt[3] stride=[1, 1, 1], "
        "str padding=\"valid\", SymInt[3] dilation=[1, 1, 1], SymInt groups=1) -> Tensor"),
    Lower<ConvTranspose>("aten::conv_transpose1d(Tensor input, Tensor weight, Tensor? bias=None, SymInt[1] stride=[1], "
                         "SymInt[1] padding=[0], SymInt[1] output_padding=[0], SymInt groups=1, SymInt[1] dilation=[1]) "
                         "-> Tensor"),
    Lower<ConvTranspose>("aten::conv_transpose2d.input(Tensor input, Tensor weight, Tensor? bias=None, "
                         "SymInt[2] stride=[1, 1], SymInt[2] padding=[0, 0], SymInt[2] output_padding=[0, 0], "
                         "SymInt groups=1, SymInt[2] dilation=[1, 1]) -> Tensor"),
    Lower<ConvTranspose>("aten::conv_transpose3d.input(Tensor input, Tensor weight, Tensor? bias=None, "
                         "SymInt[3] stride=[1, 1, 1], SymInt[3] padding=[0, 0, 0], SymInt[3] output_padding=[0, 0, 0], "
                         "SymInt groups=1, SymInt[3] dilation=[1, 1, 1]) -> Tensor"),
};

}  // namespace

std::span<const Lowering> ConvolutionLowerings() { return kTable; }

}  // namespace fairlead::aten
