// What every loss does at its end: at::Reduction::None, Mean or Sum of its elements.
#pragma once

#include <fairlead/sdk/builder.hpp>

namespace fairlead::aten {

enum Reduction : int64_t { kNone = 0, kMean = 1, kSum = 2 };

// Half precision is summed up in float. The mean of nothing is NaN, where ReduceMean's kernels refuse.
inline Value ReducedLoss(Builder& b, Value loss, int64_t reduction) {
  if (reduction == kNone) return loss;
  if (reduction != kMean && reduction != kSum) return b.Unsupported("reduction={}", reduction);
  return b.InFloat32(loss, [&](Value x) {
    if (reduction == kSum) return b.ReduceSum(x, {}, false);
    const Dim count = b.CountOf(x);
    if (count.IsStatic() && count.size > 0) return b.ReduceMean(x, {}, false);
    return b.Div(b.ReduceSum(x, {}, false), b.ToType(b.ToValue(count), x.dtype()));
  });
}

}  // namespace fairlead::aten
