// Largest and mean values of windows that slide, and of windows that divide an axis into a given number of parts.
#include <functional>

#include "extremes.hpp"
#include "families.hpp"
#include "window_tables.hpp"

namespace fairlead::aten {
namespace {

// ---- sliding windows ----

struct PoolWindow {
  std::vector<int64_t> kernel, strides, padding, dilations, ends;  // ends: the padding behind
  bool ceil_mode = false;                                          // how many windows there are is left to ONNX
  bool rounds_up = false;                                          // ceil mode as it was given
  bool by_table = false;                                           // no operator of ONNX counts windows as torch does

  bool overhangs() const { return ceil_mode || ends != padding; }
};

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
    b.Stop();
  }
  window.rounds_up = ceil_mode;
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
  window.by_table = symbolic && left_out;
  return window;
}

std::vector<WindowTable> TablesOf(Builder& b, Value x, const PoolWindow& w) {
  std::vector<WindowTable> tables;
  for (std::size_t i = 0; i < w.kernel.size(); ++i) {
    const Dim size = x.dim(x.rank() - std::ssize(w.kernel) + static_cast<int64_t>(i));
    tables.push_back(SlidingTable(b, size, w.kernel[i], w.strides[i], w.padding[i], w.dilations[i], w.rounds_up));
  }
  return tables;
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

// MaxPool knows the narrowest integers only.
bool LargestByTable(Value self, const PoolWindow& w) {
  return w.by_table || (IsInteger(self.dtype()) && BitWidth(self.dtype()) > 8);
}

template <int axes>
Value MaxPool(Builder& b, Value self, Ints kernel_size, Ints stride, Ints padding, Ints dilation, bool ceil_mode) {
  const PoolWindow window =
      WindowOf(b, self, kernel_size, stride, padding, dilation, ceil_mode, CeilMode::kAttribute, axes);
  if (LargestByTable(self, window)) return LargestOfWindows(b, self, TablesOf(b, self, window)).values;
  const std::vector<int64_t> pads = PadsOf(window);
  return Batched(b, self, axes, [&](Value x) { return LargestOfWindows(b, x, AttributesOf(window, pads)); });
}

template <int axes>
std::array<Value, 2> MaxPoolWithIndices(Builder& b, Value self, Ints kernel_size, Ints stride, Ints padding, Ints dilation,
                                        bool ceil_mode) {
  if (!b.IsResultUsed(1))
    return {MaxPool<axes>(b, self, kernel_size, stride, padding, dilation, ceil_mode), b.Constant(0, DType::kInt64)};
  const PoolWindow window =
      WindowOf(b, self, kernel_size, stride, padding, dilation, ceil_mode, CeilMode::kAttribute, axes);
  if (LargestByTable(self, window)) {
    const Largest found = LargestOfWindows(b, self, TablesOf(b, self, window));
    return {found.values, found.places};
  }
  const std::vector<int64_t> pads = PadsOf(window);
  Value places;
  const Value values = Batched(b, self, axes, [&](Value x) {
    const Ranked largest = LargestOfWindowsAndPlaces(b, x, AttributesOf(window, pads));
    places = largest.indices;
    return largest.values;
  });
  if (!values || !places) return {};  // refused before
  return {values, values.rank() == places.rank() ? places : b.Squeeze(places, {0})};
}

// The mean of each window by its sum. As in torch the quotient of integers is cut off.
Value MeanByTable(Builder& b, Value self, const PoolWindow& w, bool count_include_pad, std::optional<int64_t> divisor) {
  return b.InFloat32(self, [&](Value x) {
    const std::vector<WindowTable> tables = TablesOf(b, x, w);
    std::vector<Value> counts;
    for (const WindowTable& table : tables) counts.push_back(count_include_pad ? table.spans : table.counts);
    const Value number = divisor ? b.Constant(*divisor, DType::kInt64) : ProductOverAxes(b, counts);
    return b.Div(SumsOfWindows(b, x, tables), b.ToType(number, x.dtype()));
  });
}

// The mean of each window. Where torch counts padding, windows end at the padded border, also in ceil mode: padding the
// input first makes the border real, so that ONNX divides by what lies inside of it.
template <int axes>
Value MeanOfWindows(Builder& b, Value self, PoolWindow w, bool count_include_pad, std::optional<int64_t> divisor_override) {
  const bool by_table = w.by_table || (w.ceil_mode && (divisor_override || b.opset() < 19));
  if (by_table || !IsFloat(self.dtype())) return MeanByTable(b, self, w, count_include_pad, divisor_override);
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

// The windows have one size, and follow each other, where the sizes are known to be multiples of the numbers of windows.
std::vector<int64_t> EvenParts(Value self, const Dims& parts) {
  std::vector<int64_t> kernel;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto size = self.static_dim(self.rank() - std::ssize(parts) + static_cast<int64_t>(i));
    if (size && parts[i].IsStatic() && parts[i].size > 0 && *size % parts[i].size == 0 && *size > 0)
      kernel.push_back(*size / parts[i].size);
  }
  return kernel;
}

// ATen writes {2} for "2 on every spatial axis".
Dims PartsOf(const Dims& output_size, std::size_t axes) {
  return output_size.size() == 1 ? Dims(axes, output_size[0]) : output_size;
}

template <int axes> Value AdaptiveAveragePool(Builder& b, Value self, Dims output_size) {
  const Dims parts = PartsOf(output_size, axes);
  if (std::ssize(parts) != axes) return b.Unsupported("output_size has {} numbers, wanted {}", parts.size(), axes);
  const int first = self.rank() - axes;
  std::vector<int64_t> spatial;
  bool whole = true;
  for (int i = 0; i < axes; ++i) {
    spatial.push_back(first + i);
    whole = whole && parts[static_cast<std::size_t>(i)].Is(1);
  }
  if (whole) return b.ReduceMean(self, spatial, true);
  const std::vector<int64_t> none(axes, 0), kernel = EvenParts(self, parts);
  const bool even = std::ssize(kernel) == axes;
  if (even && AllAre(kernel, 1)) return self;
  if (even)
    return MeanOfWindows<axes>(
        b, self, {.kernel = kernel, .strides = kernel, .padding = none, .dilations = none, .ends = none}, false, {});
  return b.InFloat32(self, [&](Value x) {
    std::vector<WindowTable> tables;
    std::vector<Value> counts;
    for (int i = 0; i < axes; ++i) {
      tables.push_back(AdaptiveTable(b, x.dim(first + i), parts[static_cast<std::size_t>(i)]));
      counts.push_back(tables.back().counts);
    }
    return b.Div(SumsOfWindows(b, x, tables), b.ToType(ProductOverAxes(b, counts), x.dtype()));
  });
}

Value AdaptiveAveragePool1d(Builder& b, Value self, Ints output_size) {
  return AdaptiveAveragePool<1>(b, self, Dims(output_size));
}

template <int axes> std::array<Value, 2> AdaptiveMaxPool(Builder& b, Value self, Ints output_size) {
  const Dims parts = PartsOf(output_size, axes);
  if (std::ssize(parts) != axes) return b.Unsupported("output_size has {} numbers, wanted {}", parts.size(), axes);
  const std::vector<int64_t> kernel = EvenParts(self, parts);
  if (std::ssize(kernel) == axes) return MaxPoolWithIndices<axes>(b, self, kernel, {}, {0}, {1}, false);
  std::vector<WindowTable> tables;
  for (int i = 0; i < axes; ++i)
    tables.push_back(AdaptiveTable(b, self.dim(self.rank() - axes + i), parts[static_cast<std::size_t>(i)]));
  const Largest found = LargestOfWindows(b, self, tables);
  return {found.values, found.places};
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
    Lower<AdaptiveAveragePool1d>("aten::adaptive_avg_pool1d(Tensor self, int[1] output_size) -> Tensor"),
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
