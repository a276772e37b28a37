// fake_quantize: quantized and back at once, as training for quantization has it
// (aten/src/ATen/native/quantized/cpu/kernels).
#include "families.hpp"

namespace fairlead::quantized {
namespace {

// The 8-bit type whose range that is, or lies in; kUndefined where it needs a wider one.
DType TypeOfRange(int64_t least, int64_t most) {
  if (least >= 0 && most <= 255) return DType::kUint8;
  if (least >= -128 && most <= 127) return DType::kInt8;
  return DType::kUndefined;
}

struct FakeQuantized {
  Value output, mask;  // mask: where the number was within the range
};

// As QuantizeLinear and DequantizeLinear, which runtimes know as a quantized tensor, where the range is one of 8 bits.
FakeQuantized Fake(Builder& b, Value self, const Affine& range, bool with_mask) {
  Affine affine = range;
  affine.dtype = TypeOfRange(range.least, range.most);
  FakeQuantized result;
  const bool is_whole = IsInteger(affine.zero_point.dtype());
  if (affine.dtype != DType::kUndefined && is_whole) {
    result.output = Dequantize(b, Quantize(b, self, affine), affine, self.dtype());
  }
  if (result.output && !with_mask) return result;
  std::vector<int64_t> later;
  for (int64_t axis = affine.axis + 1; affine.axis >= 0 && axis < self.rank(); ++axis) later.push_back(axis - affine.axis);
  const auto spread = [&](Value parameter) {
    return affine.axis < 0 ? b.Reshape(parameter, Dims()) : b.Unsqueeze(parameter, later);
  };
  const Value scale = b.ToType(spread(affine.scale), DType::kFloat);
  const Value zero = b.ToType(spread(affine.zero_point), DType::kFloat);
  const Value steps = b.Mul(b.ToType(self, DType::kFloat), b.Reciprocal(scale));
  // A zero point of floats is added before it is rounded.
  const Value q = is_whole ? b.Add(b.Round(steps), zero) : b.Round(b.Add(steps, zero));
  const Value least = b.Like(q, affine.least), most = b.Like(q, affine.most);
  if (!result.output) result.output = b.ToType(b.Mul(b.Sub(b.Clip(q, least, most), zero), scale), self.dtype());
  result.mask = b.And(b.GreaterOrEqual(q, least), b.LessOrEqual(q, most));
  return result;
}

Affine PerTensor(Builder& b, double scale, int64_t zero_point, int64_t quant_min, int64_t quant_max) {
  return {b.Constant(scale, DType::kFloat), b.Constant(zero_point, DType::kInt64), -1, quant_min, quant_max};
}

Value FakePerTensor(Builder& b, Value self, double scale, int64_t zero_point, int64_t quant_min, int64_t quant_max) {
  return Fake(b, self, PerTensor(b, scale, zero_point, quant_min, quant_max), false).output;
}
FakeQuantized FakePerTensorMask(Builder& b, Value self, double scale, int64_t zero_point, int64_t quant_min,
                                int64_t quant_max) {
  return Fake(b, self, PerTensor(b, scale, zero_point, quant_min, quant_max), true);
}
// torch reads one whole number from the zero point, whatever its type: floats lose their fractions.
Value Whole(Builder& b, Value zero_point) {
  return IsInteger(zero_point.dtype()) ? zero_point : b.ToType(zero_point, DType::kInt64);
}
Value FakePerTensorTensor(Builder& b, Value self, Value scale, Value zero_point, int64_t quant_min, int64_t quant_max) {
  return Fake(b, self, {scale, Whole(b, zero_point), -1, quant_min, quant_max}, false).output;
}
FakeQuantized FakeSwitched(Builder& b, Value self, Value scale, Value zero_point, Value fake_quant_enabled,
                           int64_t quant_min, int64_t quant_max) {
  const FakeQuantized on = Fake(b, self, {scale, Whole(b, zero_point), -1, quant_min, quant_max}, true);
  const Value enabled = b.ToType(b.Reshape(fake_quant_enabled, Dims()), DType::kBool);
  return {b.Where(enabled, on.output, self), b.Or(b.Not(enabled), on.mask)};
}
Value FakePerChannel(Builder& b, Value self, Value scale, Value zero_point, int64_t axis, int64_t quant_min,
                     int64_t quant_max) {
  return Fake(b, self, {scale, zero_point, b.Axis(axis, self.rank()), quant_min, quant_max}, false).output;
}
FakeQuantized FakePerChannelMask(Builder& b, Value self, Value scale, Value zero_point, int64_t axis, int64_t quant_min,
                                 int64_t quant_max) {
  return Fake(b, self, {scale, zero_point, b.Axis(axis, self.rank()), quant_min, quant_max}, true);
}

// What training learns is a scale and a zero point of floats; the latter is rounded, and bounded by the range.
Affine Learned(Builder& b, Value scale, Value zero_point, int64_t axis, int64_t quant_min, int64_t quant_max) {
  const Value zero = b.ToType(zero_point, DType::kFloat);
  const Value place = b.Clip(b.Round(zero), b.Like(zero, quant_min), b.Like(zero, quant_max));
  return {scale, b.ToType(place, DType::kInt64), axis, quant_min, quant_max};
}
// grad_factor scales gradients only.
Value LearnablePerTensor(Builder& b, Value self, Value scale, Value zero_point, int64_t quant_min, int64_t quant_max,
                         NoEffect<double> /*grad_factor*/) {
  return Fake(b, self, Learned(b, scale, zero_point, -1, quant_min, quant_max), false).output;
}
Value LearnablePerChannel(Builder& b, Value self, Value scale, Value zero_point, int64_t axis, int64_t quant_min,
                          int64_t quant_max, NoEffect<double> /*grad_factor*/) {
  return Fake(b, self, Learned(b, scale, zero_point, b.Axis(axis, self.rank()), quant_min, quant_max), false).output;
}

#define FL_NUMBERS "(Tensor self, float scale, int zero_point, int quant_min, int quant_max) -> "
#define FL_TENSORS "(Tensor self, Tensor scale, Tensor zero_point, int quant_min, int quant_max) -> "
#define FL_CHANNELS "(Tensor self, Tensor scale, Tensor zero_point, int axis, int quant_min, int quant_max) -> "

constexpr Lowering kTable[] = {
    Lower<LearnablePerChannel>(
        "aten::_fake_quantize_learnable_per_channel_affine(Tensor self, Tensor scale, Tensor zero_point, int axis, int "
        "quant_min, int quant_max, float grad_factor=1.) -> Tensor"),
    Lower<LearnablePerTensor>(
        "aten::_fake_quantize_learnable_per_tensor_affine(Tensor self, Tensor scale, Tensor zero_point, int quant_min, int "
        "quant_max, float grad_factor=1.) -> Tensor"),
    Lower<FakePerTensor>("aten::fake_quantize_per_tensor_affine" FL_NUMBERS "Tensor"),
    Lower<FakePerTensorTensor>("aten::fake_quantize_per_tensor_affine.tensor_qparams" FL_TENSORS "Tensor"),
    Lower<FakePerTensorMask>("aten::fake_quantize_per_tensor_affine_cachemask" FL_NUMBERS "(Tensor output, Tensor mask)"),
    Lower<FakeSwitched>(
        "aten::_fake_quantize_per_tensor_affine_cachemask_tensor_qparams(Tensor self, Tensor scale, Tensor "
        "zero_point, Tensor fake_quant_enabled, int quant_min, int quant_max) -> (Tensor output, Tensor mask)"),
    Lower<FakePerChannel>("aten::fake_quantize_per_channel_affine" FL_CHANNELS "Tensor"),
    Lower<FakePerChannelMask>("aten::fake_quantize_per_channel_affine_cachemask" FL_CHANNELS
                              "(Tensor output, Tensor mask)"),
    Lower<FakePerChannel>(
        "quantized_decomposed::fake_quant_per_channel(Tensor input, Tensor scales, Tensor zero_points, int "
        "axis, int quant_min, int quant_max) -> Tensor"),
};

}  // namespace

std::span<const Lowering> FakeQuantizeLowerings() { return kTable; }

}  // namespace fairlead::quantized
