// Windows as tables of positions, one for each spatial axis: for pools that ONNX's operators have no words for, because
// windows differ in size, elements are integers, or the number of windows is known at run time only.
#pragma once

#include <cmath>

#include "positions.hpp"
#include "windows.hpp"

namespace fairlead::aten {

// The windows of one axis. Every place lies inside of its window and of the axis: where a window has less than `longest`
// places, the first or the last of them comes again.
struct WindowTable {
  Dim windows, longest;
  Value places;  // [windows, longest]
  Value real;    // [windows, longest]: false where a place comes again
  Value counts;  // [windows]: how many places are real
  Value spans;   // [windows]: the same with the padding; absent where there is none
};

// `parts` windows that cover the axis: window i goes from floor(i·size/parts) to ceil((i+1)·size/parts).
inline WindowTable AdaptiveTable(Builder& b, const Dim& size, const Dim& parts) {
  const auto number = [&](const Dim& n) { return b.ToValue(n); };
  const Value index = b.Iota(parts);
  const Value begins = b.Div(b.Mul(index, number(size)), number(parts));
  const Value after = b.Mul(b.Add(index, number(1)), number(size));
  const Value ends = b.Unsqueeze(b.Div(b.Add(after, number(b.Minus(parts, 1))), number(parts)), {1});
  const bool even = size.IsStatic() && parts.IsStatic() && parts.size > 0 && size.size % parts.size == 0;
  const Dim longest = b.Plus(b.CeilDivide(size, parts), even ? 0 : 1);
  const Value places = b.Add(b.Unsqueeze(begins, {1}), b.Unsqueeze(b.Iota(longest), {0}));
  return {.windows = parts,
          .longest = longest,
          .places = b.Min({places, b.Sub(ends, number(1))}),
          .real = b.Less(places, ends),
          .counts = b.Sub(b.Squeeze(ends, {1}), begins),
          .spans = {}};
}

// How many windows torch makes of an axis. A last one that would begin behind the input and the padding before it is left
// out.
inline Dim WindowCount(Builder& b, const Dim& size, int64_t extent, int64_t stride, int64_t padding, bool ceil_mode) {
  const Dim room = b.Minus(b.Plus(size, 2 * padding), extent);
  if (!ceil_mode) return b.Plus(b.FloorDivide(room, stride), 1);
  return b.Least(b.Plus(b.CeilDivide(room, stride), 1), b.CeilDivide(b.Plus(size, padding), stride));
}

// Windows of one size, `stride` apart, over an axis with padding on both sides.
inline WindowTable SlidingTable(Builder& b, const Dim& size, int64_t kernel, int64_t stride, int64_t padding,
                                int64_t dilation, bool ceil_mode) {
  const auto number = [&](const Dim& n) { return b.ToValue(n); };
  const Dim windows = WindowCount(b, size, dilation * (kernel - 1) + 1, stride, padding, ceil_mode);
  const Value starts = b.Sub(b.Mul(b.Iota(windows), number(stride)), number(padding));
  const Value column = b.Unsqueeze(starts, {1});
  const Value missing = b.Max({b.Neg(column), number(0)});
  const Value first = b.Div(b.Add(missing, number(dilation - 1)), number(dilation));
  const Value last = b.Div(b.Sub(number(b.Minus(size, 1)), column), number(dilation));
  const Value index = b.Unsqueeze(b.Iota(kernel), {0});
  const Value inside = b.Min({b.Max({index, first}), last});
  const Value real = b.Equal(inside, index);
  const Value border = number(b.Plus(size, padding));
  return {.windows = windows,
          .longest = kernel,
          .places = b.Add(column, b.Mul(inside, number(dilation))),
          .real = real,
          .counts = b.ReduceSum(b.ToType(real, DType::kInt64), {1}, false),
          .spans = b.Sub(b.Min({b.Add(starts, number(kernel)), border}), starts)};
}

// The sums of all windows of the last axes, which are as many as there are tables.
inline Value SumsOfWindows(Builder& b, Value x, const std::vector<WindowTable>& tables) {
  Value sums = x;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const int64_t axis = x.rank() - std::ssize(tables) + static_cast<int64_t>(i);
    const Value windows = b.Gather(sums, tables[i].places, {.axis = axis});
    std::vector<int64_t> behind;
    for (int64_t later = axis + 1; later < x.rank(); ++later) behind.push_back(later - axis + 1);
    const Value real = b.Unsqueeze(tables[i].real, behind);
    sums = b.ReduceSum(b.Where(real, windows, b.Like(x, 0)), {axis + 1}, false);
  }
  return sums;
}

// [windows of axis 1, windows of axis 2 …]: the product of one number for each window of each axis.
inline Value ProductOverAxes(Builder& b, const std::vector<Value>& numbers) {
  Value product;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    std::vector<int64_t> behind;
    for (std::size_t later = i + 1; later < numbers.size(); ++later) behind.push_back(static_cast<int64_t>(later - i));
    const Value wide = b.Unsqueeze(numbers[i], behind);
    product = product ? b.Mul(product, wide) : wide;
  }
  return product;
}

struct Largest {
  Value values, places;
};

// The largest element of the last axis and where it stands. As in torch the first of equals, and the last NaN if there
// is one; ONNX's own reductions pass over NaN.
inline Largest LargestOfLast(Builder& b, Value x) {
  const int64_t axis = x.rank() - 1;
  const bool narrow = IsInteger(x.dtype()) && BitWidth(x.dtype()) < 32;
  const Value numbers = narrow ? b.ToType(x, DType::kInt32) : x;
  if (!IsFloat(x.dtype()))
    return {b.ToType(b.ReduceMax(numbers, {axis}, false), x.dtype()), b.ArgMax(numbers, {.axis = axis, .keepdims = false})};
  const Value nan = b.IsNaN(x);
  const Value ordered = b.Where(nan, b.Like(x, -INFINITY), x);
  const Value last_nan = b.ReduceMax(b.Where(nan, b.Iota(x.dim(axis)), b.Constant(-1, DType::kInt64)), {axis}, false);
  const Value has_nan = b.GreaterOrEqual(last_nan, b.Constant(0, DType::kInt64));
  return {b.Where(has_nan, b.Like(x, NAN), b.ReduceMax(ordered, {axis}, false)),
          b.Where(has_nan, last_nan, b.ArgMax(ordered, {.axis = axis, .keepdims = false}))};
}

// The largest element of every window of the last axes, and its place in the plane of them.
inline Largest LargestOfWindows(Builder& b, Value x, const std::vector<WindowTable>& tables) {
  const int64_t axes = std::ssize(tables), lead = x.rank() - axes;
  Value windows = x, plane;
  Dims shape, outer;
  for (int64_t axis = 0; axis < lead; ++axis) shape.push_back(x.dim(axis));
  Dim longest = 1;
  std::vector<int64_t> order = AxesInOrder(lead), inner;
  for (int64_t i = 0; i < axes; ++i) {
    const WindowTable& table = tables[static_cast<std::size_t>(i)];
    windows = b.Gather(windows, table.places, {.axis = lead + 2 * i});
    shape.push_back(table.windows);
    outer.push_back(table.windows);
    longest = b.Multiply(longest, table.longest);
    order.push_back(lead + 2 * i);
    inner.push_back(lead + 2 * i + 1);
    // [windows 1, windows 2 …, longest 1, longest 2 …]
    Dims wide(static_cast<std::size_t>(2 * axes), Dim(1));
    wide[static_cast<std::size_t>(i)] = table.windows;
    wide[static_cast<std::size_t>(axes + i)] = table.longest;
    const Value places = b.Reshape(table.places, wide);
    plane = plane ? b.Add(b.Mul(plane, b.ToValue(x.dim(lead + i))), places) : places;
  }
  order.insert(order.end(), inner.begin(), inner.end());
  shape.push_back(longest);
  const Largest found = LargestOfLast(b, b.Reshape(Transposed(b, windows, order), shape));
  const Value row = b.Reshape(b.Mul(b.Iota(b.Product(outer)), b.ToValue(longest)), outer);
  return {found.values, b.Gather(b.Reshape(plane, {-1}), b.Add(found.places, row))};
}

}  // namespace fairlead::aten
