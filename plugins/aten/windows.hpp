// What convolutions and pools share: one number standing for every spatial axis, paddings in ONNX's order, and inputs
// without a batch axis.
#pragma once

#include <algorithm>

#include <fairlead/sdk/lowering.hpp>

namespace fairlead::aten {

// ATen writes {2} for "2 on every spatial axis".
inline std::vector<int64_t> PerAxis(Ints given, int axes) {
  if (given.size() == 1) return std::vector<int64_t>(static_cast<std::size_t>(axes), given[0]);
  return given.ToVector();
}

// ATen's padding is symmetric; ONNX lists all begins, then all ends.
inline std::vector<int64_t> BeginsThenEnds(std::vector<int64_t> padding) {
  const std::vector<int64_t> ends = padding;
  padding.insert(padding.end(), ends.begin(), ends.end());
  return padding;
}

// Larger numbers belong to no image; sums and products of these stay far from overflow.
inline bool IsWindowNumber(int64_t number) { return number >= 0 && number < int64_t{1} << 24; }

inline bool AllAre(const std::vector<int64_t>& items, int64_t wanted) {
  return std::ranges::all_of(items, [&](int64_t item) { return item == wanted; });
}

// Calls `compute` on a tensor of rank `axes` + 2, adding and removing the batch axis where it is missing.
template <class Compute> Value Batched(Builder& b, Value input, int axes, Compute compute) {
  if (input.rank() == axes + 2) return compute(input);
  if (input.rank() != axes + 1)
    return b.Unsupported("the input has rank {}, wanted {} or {}", input.rank(), axes + 1, axes + 2);
  return b.Squeeze(compute(b.Unsqueeze(input, {0})), {0});
}

}  // namespace fairlead::aten
