// Convolutions of integers, for which ONNX has no operator. They are sums of matrix products, one for each position of the
// kernel, in 32 or 64 bits: exact, and where a sum does not fit it wraps around as in torch.
#pragma once

#include <fairlead/sdk/lowering.hpp>

namespace fairlead::aten {

struct ConvolutionWindow {
  Ints stride, padding, dilation, output_padding;
  int64_t groups;
};

// `x` has a batch axis; `pads` lists all begins, then all ends.
Value ConvolveIntegers(Builder& b, Value x, Value weight, Value bias, const ConvolutionWindow& w,
                       const std::vector<int64_t>& pads);
Value ConvolveIntegersTransposed(Builder& b, Value x, Value weight, Value bias, const ConvolutionWindow& w);

}  // namespace fairlead::aten
