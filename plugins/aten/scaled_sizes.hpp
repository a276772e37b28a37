// Sizes of a resampled image that factors are given for.
#pragma once

#include <fairlead/sdk/lowering.hpp>

namespace fairlead::aten {

// The last axes of `input`, one for each factor, times that factor, rounded down (ATen/native/UpSample.h,
// compute_output_size).
inline Dims ScaledSizes(Builder& b, Value input, const Floats& factors) {
  Dims sizes;
  for (std::size_t i = 0; i < factors.size(); ++i) {
    const Dim size = input.dim(input.rank() - std::ssize(factors) + static_cast<std::ptrdiff_t>(i));
    if (size.IsStatic()) {
      sizes.push_back(static_cast<int64_t>(static_cast<double>(size.size) * factors[i]));
    } else {
      const Value scaled = b.Mul(b.ToType(size.symbol, DType::kDouble), b.Constant(factors[i], DType::kDouble));
      sizes.push_back(Dim(b.ToType(scaled, DType::kInt64)));
    }
  }
  return sizes;
}

}  // namespace fairlead::aten
