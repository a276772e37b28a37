#include "extremes.hpp"

#include <cmath>
#include <limits>

namespace fairlead::aten {
namespace {

// ONNX's ArgMax and TopK have no bool, its reductions none before opset 20; 0 and 1 order as false and true do.
Value Ordered(Builder& b, Value x) { return x.dtype() == DType::kBool ? b.ToType(x, DType::kInt32) : x; }

// Numbers in the order of `x`, NaN above infinity: infinity is the largest finite number of a type in which that is no
// number of `x`. No type is wider than double; there it is halved, which is exact but for the last digit of the smallest
// numbers.
Value SortKey(Builder& b, Value x) {
  const bool half = BitWidth(x.dtype()) == 16;
  const DType type = half ? DType::kFloat : DType::kDouble;
  const double largest = half ? std::numeric_limits<float>::max() : std::numeric_limits<double>::max();
  const Value wide = x.dtype() == DType::kDouble ? b.Mul(x, b.Like(x, 0.5)) : b.ToType(x, type);
  return b.Where(b.IsNaN(x), b.Constant(INFINITY, type), b.Min({wide, b.Constant(largest, type)}));
}

}  // namespace

// A sum of absolute values is NaN when one of them is, and never otherwise.
Value Extreme(Builder& b, Value x, const std::vector<int64_t>& axes, bool keepdims, bool largest) {
  if (x.rank() == 0) return x;
  const Value numbers = Ordered(b, x);
  const Value extreme = largest ? b.ReduceMax(numbers, axes, keepdims) : b.ReduceMin(numbers, axes, keepdims);
  if (!IsFloat(x.dtype())) return b.ToType(extreme, x.dtype());
  const Value sum = b.ReduceSum(b.Abs(x), axes, keepdims);
  return b.Where(b.IsNaN(sum), sum, extreme);
}

// The first of the highest scores: 2 for a NaN, 1 for an extreme, 0 for others. What the runtime takes for the extreme does
// not matter where there is a NaN.
Value PlaceOfExtreme(Builder& b, Value x, int64_t axis, bool keepdims, bool largest) {
  Value scores = Ordered(b, x);
  if (!IsFloat(x.dtype()))
    return largest ? b.ArgMax(scores, {.axis = axis, .keepdims = keepdims})
                   : b.ArgMin(scores, {.axis = axis, .keepdims = keepdims});
  const Value reaches =
      largest ? b.GreaterOrEqual(x, b.ReduceMax(x, {axis}, true)) : b.LessOrEqual(x, b.ReduceMin(x, {axis}, true));
  scores = b.Where(b.IsNaN(x), b.Constant(2, DType::kFloat), b.ToType(reaches, DType::kFloat));
  return b.ArgMax(scores, {.axis = axis, .keepdims = keepdims});
}

Ranked FirstInOrder(Builder& b, Value x, const Dim& k, int64_t axis, bool descending) {
  if (x.rank() == 0) return {x, b.Constant(0, DType::kInt64)};
  const bool keyed = IsFloat(x.dtype());
  const auto top = b.TopK(keyed ? SortKey(b, x) : Ordered(b, x), b.ShapeOf({k}), {.axis = axis, .largest = descending});
  if (keyed) return {b.GatherElements(x, top.Indices, {.axis = axis}), top.Indices};
  return {b.ToType(top.Values, x.dtype()), top.Indices};
}

Ranked InOrder(Builder& b, Value x, int64_t axis, bool descending) {
  return FirstInOrder(b, x, x.rank() == 0 ? Dim(1) : x.dim(axis), axis, descending);
}

Value LargestOfWindows(Builder& b, Value x, const MaxPoolAttributes& windows) {
  const Value largest = b.MaxPool(x, windows).Y;
  if (!IsFloat(x.dtype())) return largest;
  const Value marked = b.MaxPool(b.ToType(b.IsNaN(x), DType::kFloat), windows).Y;
  return b.Where(b.ToType(marked, DType::kBool), b.Like(x, NAN), largest);
}

// ONNX counts places over the whole tensor, torch over the spatial axes.
Ranked LargestOfWindowsAndPlaces(Builder& b, Value x, const MaxPoolAttributes& windows) {
  Dims sizes = x.dims();
  if (sizes.size() < 2) return {};  // refused before
  sizes.erase(sizes.begin(), sizes.begin() + 2);
  const Dim count = b.Product(sizes);
  const auto largest = b.MaxPool(x, windows, 2);
  const Value places = b.Mod(largest.Indices, b.ToValue(count));
  if (!IsFloat(x.dtype())) return {largest.Y, places};
  const DType type = count.IsStatic() && count.size < int64_t{1} << 24 ? DType::kFloat : DType::kDouble;
  const Value numbers = b.Reshape(b.ToType(b.Iota(count), type), sizes);
  const Value last = b.MaxPool(b.Where(b.IsNaN(x), numbers, b.Constant(-1, type)), windows).Y;
  const Value found = b.GreaterOrEqual(last, b.Constant(0, type));
  return {b.Where(found, b.Like(x, NAN), largest.Y), b.Where(found, b.ToType(last, DType::kInt64), places)};
}

}  // namespace fairlead::aten
