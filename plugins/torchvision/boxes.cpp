// Boxes that overlap a better one are dropped (torchvision/csrc/ops/cpu/nms_kernel.cpp).
#include <cmath>
#include <limits>

#include "families.hpp"

namespace fairlead::torchvision {
namespace {

// torch compares a float with a double. A float is greater than `threshold` when it is greater than the largest float that
// is not.
double LargestFloatUpTo(double threshold) {
  const float nearest = static_cast<float>(threshold);
  return nearest > threshold ? std::nextafter(nearest, -std::numeric_limits<float>::infinity()) : nearest;
}

// [n, n]: intersection over union of all pairs of boxes [n, 4].
Value Overlaps(Builder& b, Value boxes) {
  const auto side = [&](int64_t axis) {  // [n, n] length of what two boxes have in common, [n] that of each
    const Value low = b.Select(boxes, 1, axis), high = b.Select(boxes, 1, axis + 2);
    const Value start = b.Max({b.Unsqueeze(low, {1}), low}), end = b.Min({b.Unsqueeze(high, {1}), high});
    return std::pair(b.Max({b.Sub(end, start), b.Like(low, 0)}), b.Sub(high, low));
  };
  const auto [common_width, width] = side(0);
  const auto [common_height, height] = side(1);
  const Value common = b.Mul(common_width, common_height), area = b.Mul(width, height);
  return b.Div(common, b.Sub(b.Add(b.Unsqueeze(area, {1}), area), common));
}

// Box by box from the best on, each that is still there takes away the later ones it overlaps.
Value NmsOfPairs(Builder& b, Value dets, Value scores, double iou_threshold) {
  const Dim count = dets.dim(0);
  const Value order = b.TopK(scores, b.ShapeOf({count}), {.axis = 0}).Indices;  // equal ones in the order they have
  const Value iou = Overlaps(b, b.Gather(dets, order));
  const Value over = b.Greater(iou, b.Like(iou, iou_threshold));
  const Value places = b.Iota(count), none = b.Expand(b.Constant(false, DType::kBool), {count});
  const auto dropped = b.Loop(b.ToValue(count), {}, {none}, [&](Value i, Value, std::span<const Value> states) {
    const Value here = b.Gather(states[0], i), later = b.Greater(places, i);
    const Value taken = b.And(b.And(b.Gather(over, i), later), b.Not(here));
    return LoopStep{.condition = {}, .states = {b.Or(states[0], taken)}, .scans = {}};
  });
  return b.Compress(order, b.Not(dropped[0]), {.axis = 0});
}

// Boxes are (x1, y1, x2, y2) with x1 <= x2 and y1 <= y2, as torchvision wants them. NonMaxSuppression knows floats and
// thresholds that an overlap can reach only.
Value Nms(Builder& b, Value dets, Value scores, double iou_threshold) {
  if (dets.rank() != 2 || scores.rank() != 1)
    return b.Unsupported("dets has rank {} and scores {}, wanted 2 and 1", dets.rank(), scores.rank());
  if (dets.static_dim(1).value_or(4) != 4) return b.Unsupported("dets has {} columns, wanted 4", *dets.static_dim(1));
  if (dets.dtype() == DType::kDouble || !(iou_threshold >= 0 && iou_threshold <= 1))
    return NmsOfPairs(b, dets, scores, iou_threshold);
  const Value boxes = b.Unsqueeze(b.ToType(dets, DType::kFloat), {0});
  const Value ranks = b.Unsqueeze(b.ToType(scores, DType::kFloat), {0, 1});
  const Value threshold = b.Constant(Floats(std::array{LargestFloatUpTo(iou_threshold)}), DType::kFloat);
  const Value selected = b.NonMaxSuppression(boxes, ranks, b.ShapeOf({dets.dim(0)}), threshold);  // (batch, class, box)
  return b.Select(selected, 1, 2);
}

constexpr Lowering kTable[] = {
    Lower<Nms>("torchvision::nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"),
};

}  // namespace

std::span<const Lowering> BoxesLowerings() { return kTable; }

}  // namespace fairlead::torchvision
