// What reads and writes at positions share: index lists along an axis, orders of axes, and the types that scatters
// reduce in.
#pragma once

#include <algorithm>
#include <numeric>

#include <fairlead/sdk/lowering.hpp>

namespace fairlead::aten {

// A 0-d tensor is indexed as if it had one axis of size one.
inline Value AtLeast1d(Builder& b, Value value) { return value.rank() == 0 ? b.Reshape(value, {1}) : value; }

inline Value AsIndex(Builder& b, Value index) { return b.ToType(index, DType::kInt64); }

inline bool SameSizes(Builder& b, Value x, Value y) {
  if (x.rank() != y.rank() || x.rank() < 0) return false;
  for (int axis = 0; axis < x.rank(); ++axis)
    if (!b.SameDim(x, axis, y, axis)) return false;
  return true;
}

// A 1-D list of positions along `axis`, for every place of a tensor of the shape of `like`.
inline Value AlongAxis(Builder& b, Value positions, int64_t axis, Value like) {
  if (axis >= like.rank()) {
    b.Unsupported("axis {} of a tensor of rank {}", axis, like.rank());
    b.Stop();
  }
  std::vector<int64_t> sizes(static_cast<std::size_t>(like.rank()), 1);
  sizes[static_cast<std::size_t>(axis)] = -1;
  return b.Expand(b.Reshape(positions, b.Constant(sizes)), b.Shape(like));
}

// 0, 1 … rank-1.
inline std::vector<int64_t> AxesInOrder(int64_t rank) {
  std::vector<int64_t> order(static_cast<std::size_t>(std::max<int64_t>(rank, 0)));
  std::iota(order.begin(), order.end(), 0);
  return order;
}

inline Value Transposed(Builder& b, Value value, const std::vector<int64_t>& order) {
  return std::ranges::is_sorted(order) ? value : b.Transpose(value, {.perm = order});
}

// The order that undoes `order`.
inline std::vector<int64_t> Undoing(const std::vector<int64_t>& order) {
  std::vector<int64_t> back(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) back[static_cast<std::size_t>(order[i])] = static_cast<int64_t>(i);
  return back;
}

// What a scatter that reduces computes in. Narrow floats in float: more exact, and some runtimes reduce nothing narrower.
// Bools as 0 and 1: cast back, their sum is torch's `or` and their product its `and`.
inline DType ReducedIn(DType type) {
  if (type == DType::kBool) return DType::kInt32;
  return IsFloat(type) && BitWidth(type) < 32 ? DType::kFloat : type;
}

}  // namespace fairlead::aten
