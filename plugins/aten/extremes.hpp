// Extremes and orders where NaN may be among the numbers. ONNX leaves open what they are; torch does not: an extreme of
// numbers is NaN as soon as one of them is, and in an order NaN stands above infinity. Integers and bools cost nothing.
//
//   const Value largest = Extreme(b, x, {axis}, keepdim, true);
//
// Max, Min, Relu and Clip of two tensors element by element hand NaN on in the runtimes we know, and are used as they are.
#pragma once

#include <fairlead/sdk/lowering.hpp>

namespace fairlead::aten {

// The largest or smallest number over `axes`, counted from the front; an empty list means all of them.
Value Extreme(Builder& b, Value x, const std::vector<int64_t>& axes, bool keepdims, bool largest);

// Where the first of the largest or smallest numbers along `axis` stands: at the first NaN, if there is one.
Value PlaceOfExtreme(Builder& b, Value x, int64_t axis, bool keepdims, bool largest);

// The first k numbers along `axis` in ascending or descending order. Equal ones keep their order.
struct Ranked {
  Value values, indices;
};
Ranked FirstInOrder(Builder& b, Value x, const Dim& k, int64_t axis, bool descending);
// All of them.
Ranked InOrder(Builder& b, Value x, int64_t axis, bool descending);

// The largest number of each window of [N, C, spatial axes …]. The second also says where it stands, counted over the
// spatial axes: at the last NaN of the window, if there is one.
Value LargestOfWindows(Builder& b, Value x, const MaxPoolAttributes& windows);
Ranked LargestOfWindowsAndPlaces(Builder& b, Value x, const MaxPoolAttributes& windows);

}  // namespace fairlead::aten
