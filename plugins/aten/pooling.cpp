// Largest and mean values of windows that slide, and of windows that divide an axis into a given number of parts.
#include <functional>

#include "extremes.hpp"
#include "families.hpp"
#include "windows.hpp"

namespace fairlead::aten {
namespace {

// ---- sliding windows ----

struct PoolWindow {
  std::vector<int64_t> kernel, strides, padding, dilations, ends;  // ends: the padding behind
  bool ceil_mode = false;                                          // how many windows there are is left to ONNX

  bool overhangs() const { return ceil_mode || ends != padding; }
};

// Larger numbers belong to no image; sums and products of these stay far from overflow.
bool IsWindowNumber(int64_t number) { return number >= 0 && number < int64_t{1} << 24; }

// One axis in ceil mode. torch leaves out a window that would begin behind the input and the padding before it; ONNX does
// not.
struct RoundedUp {
  int64_t overhang = 0;  // how far the last window reaches past the padding
  bool left_out = false;
};
RoundedUp RoundUp(int64_t size, int64_t extent, int64_t stride, int64_t padding) {
  const int64_t room = std::min(size, int64_t{1} << 56) + 2 * padding - extent;
  if (room < 0 || room % stride == 0) return {};
  const int64_t last = (room / stride + 1) * stride;  // where the window begins that rounding up adds
  if (last >= size + padding) return {.overhang = 0, .left_out = true};
  return {.overhang = last - room, .left_out = false};
}

// Whether ceil mode is ONNX's attribute where that does the same, or padding behind.
enum class CeilMode { kAttribute, kPadding };

// torch leaves `stride` empty for "the same as kernel_size".
PoolWindow WindowOf(Builder& b, Value self, Ints kernel_size, Ints stride, Ints padding, Ints dilation, bool ceil_mode,
                    CeilMode preferred, int axes) {
  PoolWindow window;
  window.kernel = PerAxis(kernel_size, axes);
  window.strides = stride.empty() ? window.kernel : PerAxis(stride, axes);
  window.padding = window.ends = PerAxis(padding, axes);
  window.dilations = PerAxis(dilation, axes);
  for (const auto* numbers : {&window.kernel, &window.strides, &window.padding, &window.dilations}) {
    if (std::ssize(*numbers) == axes && std::ranges::all_of(*numbers, IsWindowNumber)) continue;
    b.Unsupported("kernel_size={}, stride={}, padding={}, dilation={}", kernel_size, stride, padding, dilation);
    return window;
  }
  if (!ceil_mode) return window;
  bool symbolic = false, left_out = false;
  for (std::size_t i = 0; i < window.kernel.size(); ++i) {
    const auto size = self.static_dim(self.rank() - axes + static_cast<int>(i));
    const int64_t extent = window.dilations[i] * (window.kernel[i] - 1) + 1;
    const int64_t step = std::max<int64_t>(window.strides[i], 1);
    const RoundedUp rounded = RoundUp(size.value_or(extent), extent, step, window.padding[i]);
    window.ends[i] += size ? rounded.overhang : 0;
    symbolic = symbolic || !size;
    left_out = left_out || (size ? rounded.left_out : step + window.padding[i] > extent);
  }
  window.ceil_mode = symbolic || (preferred == CeilMode::kAttribute && !left_out);
  if (window.ceil_mode) window.ends = window.padding;
  if (symbolic && left_out) b.Unsupported("ceil_mode=true of a symbolic size with stride={}, padding={}", stride, padding);
  return window;
}

std::vector<int64_t> PadsOf(const PoolWindow& w) {
  std::vector<int64_t> pads = w.padding;
  pads.insert(pads.end(), w.ends.begin(), w.ends.end());
  return pads;
}

// Zeros around the spatial axes.
Value PaddedWith(Builder& b, Value x, const std::vector<int64_t>& before, const std::vector<int64_t>& behind) {
  std::vector<int64_t> pads = {0, 0};
  pads.insert(pads.end(), before.begin(), before.end());
  pads.insert(pads.end(), {0, 0});
  pads.insert(pads.end(), behind.begin(), behind.end());
  return b.Pad(x, b.Constant(pads));
}

MaxPoolAttributes AttributesOf(const PoolWindow& w, const std::vector<int64_t>& pads) {
  return {.ceil_mode = w.ceil_mode,
          .dilations = w.dilations,
          .kernel_shape = Ints(w.kernel),
          .pads = pads,
          .strides = w.strides};
}

bool RefusesWideIntegers(Builder& b, Value x) {
  if (!IsInteger(x.dtype()) || BitWidth(x.dtype()) <= 8) return false;
  b.Unsupported("self has dtype {}", x.dtype());
  return true;
}

template <int axes>
Value MaxPool(Builder& b, Value self, Ints kernel_size, Ints stride, Ints padding, Ints dilation, bool ceil_mode) {
  if (RefusesWideIntegers(b, self)) return {};
  const PoolWindow window =
      WindowOf(b, self, kernel_size, stride, padding, dilation, ceil_mode, CeilMode::kAttribute, axes);
  const std::vector<int64_t> pads = PadsOf(window);
  return Batched(b, self, axes, [&](Value x) { return LargestOfWindows(b, x, AttributesOf(window, pads)); });
}

template <int axes>
std::array<Value, 2> MaxPoolWithIndices(Builder& b, Value self, Ints kernel_size, Ints stride, Ints padding, Ints dilation,
                                        bool ceil_mode) {
  if (RefusesWideIntegers(b, self)) return {};
  if (!b.IsResultUsed(1))
    return {MaxPool<axes>(b, self, kernel_size, stride, padding, dilation, ceil_mode), b.Constant(0, DType::kInt64)};
  const PoolWindow window =
      WindowOf(b, self, kernel_size, stride, padding, dilation, ceil_mode, CeilMode::kAttribute, axes);
  const std::vector<int64_t> pads = PadsOf(window);
  Value places;
  const Value values = Batched(b, self, axes, [&](Value x) {
    const Ranked largest = LargestOfWindowsAndPlaces(b, x, AttributesOf(window, pads));
    places = largest.indices;
    return largest.values;
  });
  return {values, values.rank() == places.rank() ? places : b.Squeeze(places, {0})};
}

// The mean of each window. Where torch counts padding, windows end at the padded border, also in ceil mode: padding the
// input first makes the border real, so that ONNX divides by what lies inside of it.
template <int axes>
Value MeanOfWindows(Builder& b, Value self, PoolWindow w, bool count_include_pad, std::optional<int64_t> divisor_override) {
  if (w.ceil_mode && divisor_override) return b.Unsupported("divisor_override with ceil_mode=true of a symbolic size");
  if (w.ceil_mode && b.opset() < 19) return b.Unsupported("ceil_mode=true of a symbolic size before opset 19");
  return Batched(b, self, axes, [&](Value x) -> Value {
    const std::vector<int64_t> none(axes, 0);
    const bool padded = w.padding != none;
    Value data = x;
    if (divisor_override && w.ends != none) {
      data = PaddedWith(b, x, w.padding, w.ends);
      w.padding = w.ends = none;
    } else if (padded && count_include_pad && w.overhangs()) {
      data = PaddedWith(b, x, w.padding, w.padding);
      std::ranges::transform(w.ends, w.padding, w.ends.begin(), std::minus());
      w.padding = none;
    }
    const Value mean = b.AveragePool(data, {.ceil_mode = w.ceil_mode,
                                            .count_include_pad = count_include_pad && w.padding != none,
                                            .kernel_shape = Ints(w.kernel),
                                            .pads = PadsOf(w),
                                            .strides = w.strides});
    if (!divisor_override) return mean;
    double area = 1;
    for (const int64_t size : w.kernel) area *= static_cast<double>(size);
    return b.Mul(mean, b.Like(mean, area / static_cast<double>(*divisor_override)));
  });
}

template <int axes>
Value AveragePool(Builder& b, Value self, Ints kernel_size, Ints stride, Ints padding, bool ceil_mode,
                  bool count_include_pad, std::optional<int64_t> divisor_override) {
  const PoolWindow window = WindowOf(b, self, kernel_size, stride, padding, {1}, ceil_mode, CeilMode::kPadding, axes);
  return MeanOfWindows<axes>(b, self, window, count_include_pad, divisor_override);
}
Value AveragePool1d(Builder& b, Value self, Ints kernel_size, Ints stride, Ints padding, bool ceil_mode,
                    bool count_include_pad) {
  return AveragePool<1>(b, self, kernel_size, stride, padding, ceil_mode, count_include_pad, std::nullopt);
}

// ---- windows that divide an axis ----

// [parts, size]: row i holds 1/n at the n places of part i, which goes from floor(i*size/parts) to
// ceil((i+1)*size/parts). Its product with an axis is the mean of each part.
Value PartMeans(Builder& b, const Dim& size, int64_t parts, DType dtype) {
  const auto number = [&](int64_t n) { return b.Constant(n, DType::kInt64); };
  const Value length = b.ToValue(size), index = b.Iota(parts);
  const Value begins = b.Div(b.Mul(index, length), number(parts));
  const Value after = b.Mul(b.Add(index, number(1)), length);
  const Value ends = b.Div(b.Add(after, number(parts - 1)), number(parts));
  const Value place = b.Unsqueeze(b.Iota(size), {0});
  const Value inside = b.And(b.GreaterOrEqual(place, b.Unsqueeze(begins, {1})), b.Less(place, b.Unsqueeze(ends, {1})));
  const Value counts = b.ToType(b.Unsqueeze(b.Sub(ends, begins), {1}), dtype);
  return b.Div(b.ToType(inside, dtype), counts);
}

// Averages `axis` (the last or the one before it) in `parts` parts.
Value MeanInParts(Builder& b, Value x, int64_t axis, int64_t parts) {
  const Value weights = PartMeans(b, x.dim(axis), parts, x.dtype());
  if (axis == x.rank() - 1) return b.MatMul(x, b.Transpose(weights, {.perm = {1, 0}}));
  if (axis == x.rank() - 2) return b.MatMul(weights, x);
  std::vector<int64_t> order(static_cast<std::size_t>(x.rank()));
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int64_t>(i);
  std::swap(order[static_cast<std::size_t>(axis)], order.back());
  const Value moved = b.Transpose(x, {.perm = order});
  return b.Transpose(b.MatMul(moved, b.Transpose(weights, {.perm = {1, 0}})), {.perm = order});
}

template <int axes> Value AdaptiveAveragePool(Builder& b, Value self, Ints output_size) {
  const std::vector<int64_t> parts = PerAxis(output_size, axes);
  const int first = self.rank() - axes;
  std::vector<int64_t> spatial;
  for (int axis = first; axis < self.rank(); ++axis) spatial.push_back(axis);
  if (AllAre(parts, 1)) return b.ReduceMean(self, spatial, true);
  const std::vector<int64_t> none(axes, 0);
  PoolWindow window{.kernel = {}, .strides = {}, .padding = none, .dilations = {}, .ends = none};
  for (int i = 0; i < axes; ++i) {
    const auto size = self.static_dim(first + i);
    const int64_t wanted = parts[static_cast<std::size_t>(i)];
    if (size && wanted > 0 && *size % wanted == 0 && *size > 0) window.kernel.push_back(*size / wanted);
  }
  window.strides = window.kernel;
  if (std::ssize(window.kernel) == axes) return MeanOfWindows<axes>(b, self, window, false, std::nullopt);
  Value pooled = self;
  for (int i = 0; i < axes; ++i) pooled = MeanInParts(b, pooled, first + i, parts[static_cast<std::size_t>(i)]);
  return pooled;
}

template <int axes> std::array<Value, 2> AdaptiveMaxPool(Builder& b, Value self, Ints output_size) {
  const std::vector<int64_t> parts = PerAxis(output_size, axes);
  std::vector<int64_t> kernel;
  for (int i = 0; i < axes; ++i) {
    const auto size = self.static_dim(self.rank() - axes + i);
    const int64_t wanted = parts[static_cast<std::size_t>(i)];
    if (!size || wanted < 1 || *size % wanted != 0) {
      b.Unsupported("output_size={}: the input's size is not a known multiple of it", output_size);
      return {};
    }
    kernel.push_back(*size / wanted);
  }
  return MaxPoolWithIndices<axes>(b, self, kernel, {}, {0}, {1}, false);
}

constexpr Lowering kTable[] = {
    Lower<MaxPool<1>>("aten::max_pool1d(Tensor self, int[1] kernel_size, int[1] stride=[], int[1] padding=[0], "
                      "int[1] dilation=[1], bool ceil_mode=False) -> Tensor"),
    Lower<MaxPool<2>>("aten::max_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, "
                      "int[2] dilation=1, bool ceil_mode=False) -> Tensor"),
    Lower<MaxPool<3>>("aten::max_pool3d(Tensor self, int[3] kernel_size, int[3] stride=[], int[3] padding=0, "
                      "int[3] dilation=1, bool ceil_mode=False) -> Tensor"),
    Lower<MaxPoolWithIndices<1>>("aten::max_pool1d_with_indices(Tensor self, int[1] kernel_size, int[1] stride=[], "
                                 "int[1] padding=0, int[1] dilation=1, bool ceil_mode=False) -> (Tensor, Tensor)"),
    Lower<MaxPoolWithIndices<2>>("aten::max_pool2d_with_indices(Tensor self, int[2] kernel_size, int[2] stride=[], "
                                 "int[2] padding=0, int[2] dilation=1, bool ceil_mode=False) -> (Tensor, Tensor)"),
    Lower<MaxPoolWithIndices<3>>("aten::max_pool3d_with_indices(Tensor self, int[3] kernel_size, int[3] stride=[], "
                                 "int[3] padding=0, int[3] dilation=1, bool ceil_mode=False) -> (Tensor, Tensor)"),
    Lower<AveragePool1d>("aten::avg_pool1d(Tensor self, int[1] kernel_size, int[1] stride=[], int[1] padding=[0], "
                         "bool ceil_mode=False, bool count_include_pad=True) -> Tensor"),
    Lower<AveragePool<2>>("aten::avg_pool2d(Tensor self, int[2] kernel_size, int[2] stride=[], int[2] padding=0, "
                          "bool ceil_mode=False, bool count_include_pad=True, int? divisor_override=None) -> Tensor"),
    Lower<AveragePool<3>>("aten::avg_pool3d(Tensor self, int[3] kernel_size, int[3] stride=[], int[3] padding=0, "
                          "bool ceil_mode=False, bool count_include_pad=True, int? divisor_override=None) -> Tensor"),
    Lower<AdaptiveAveragePool<1>>("aten::adaptive_avg_pool1d(Tensor self, int[1] output_size) -> Tensor"),
    Lower<AdaptiveAveragePool<2>>("aten::adaptive_avg_pool2d(Tensor self, SymInt[2] output_size) -> Tensor"),
    Lower<AdaptiveAveragePool<2>>("aten::_adaptive_avg_pool2d(Tensor self, SymInt[2] output_size) -> Tensor"),
    Lower<AdaptiveAveragePool<3>>("aten::adaptive_avg_pool3d(Tensor self, SymInt[3] output_size) -> Tensor"),
    Lower<AdaptiveAveragePool<3>>("aten::_adaptive_avg_pool3d(Tensor self, SymInt[3] output_size) -> Tensor"),
    Lower<AdaptiveMaxPool<1>>("aten::adaptive_max_pool1d(Tensor self, int[1] output_size) -> (Tensor, Tensor)"),
    Lower<AdaptiveMaxPool<2>>("aten::adaptive_max_pool2d(Tensor self, int[2] output_size) -> (Tensor, Tensor)"),
    Lower<AdaptiveMaxPool<3>>("aten::adaptive_max_pool3d(Tensor self, int[3] output_size) -> (Tensor, Tensor)"),
};

}  // namespace

std::span<const Lowering> PoolingLowerings() { return kTable; }

}  // namespace fairlead::aten
