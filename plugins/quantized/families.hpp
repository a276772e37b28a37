// The plugin's families of lowerings, and the affine quantization they are made of.
#pragma once

#include <fairlead/sdk/lowering.hpp>

namespace fairlead::quantized {

std::span<const Lowering> DecomposedLowerings();
std::span<const Lowering> FakeQuantizeLowerings();
std::span<const Lowering> TorchaoLowerings();

// q = clamp(round(x / scale) + zero_point, least, most) in an integer type, for the whole tensor, by the slices of an axis
// or by blocks of one.
struct Affine {
  Value scale;  // one number, or as many as the axis is long; of blocks, the input's shape with their count for the axis
  Value zero_point;   // likewise, of any integer type; absent: 0
  int64_t axis = -1;  // -1: the whole tensor
  int64_t least = 0, most = 0;
  DType dtype = DType::kInt8;
  int64_t block = 0;  // elements of the axis that share a scale, only to be dequantized; 0: no blocks
};

// QuantizeLinear where the target has it for the type, else the same in arithmetic. Half and bfloat16 are computed in
// float. Where torch multiplies by 1 / scale ONNX divides by scale: a number halfway between two steps may go the other
// way.
Value Quantize(Builder& b, Value input, const Affine& affine);

// (q - zero_point) * scale as `out`. `least`, `most` and `dtype` do not matter.
Value Dequantize(Builder& b, Value input, const Affine& affine, DType out = DType::kFloat);

}  // namespace fairlead::quantized
