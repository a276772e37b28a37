// quantized_decomposed: what PyTorch's export quantization puts into a program (torch/ao/quantization/fx/_decomposed.py).
#include <limits>

#include "families.hpp"

namespace fairlead::quantized {
namespace {

bool Refuses(Builder& b, DType dtype) {
  const bool is_float8 = dtype == DType::kFloat8E4M3FN || dtype == DType::kFloat8E5M2;
  if (IsInteger(dtype) || (is_float8 && b.opset() >= 19)) return false;
  if (is_float8) {
    b.Unsupported("dtype={}: opset {} has no float8", dtype, b.opset());
    return true;
  }
  b.Unsupported("dtype={}: wanted an integer, float8e4m3fn or float8e5m2", dtype);
  return true;
}

// ---- one scale for all ----

Value QuantizePerTensor(Builder& b, Value input, double scale, int64_t zero_point, int64_t quant_min, int64_t quant_max,
                        DType dtype) {
  if (Refuses(b, dtype)) return {};
  return Quantize(
      b, input, {b.Constant(scale, DType::kFloat), b.Constant(zero_point, DType::kInt64), -1, quant_min, quant_max, dtype});
}
Value QuantizePerTensorTensor(Builder& b, Value input, Value scale, Value zero_point, int64_t quant_min, int64_t quant_max,
                              DType dtype) {
  if (Refuses(b, dtype)) return {};
  return Quantize(b, input, {scale, zero_point, -1, quant_min, quant_max, dtype});
}
// The range is in tensors, which are constants in every program that torch writes.
Value QuantizePerTensorTensor2(Builder& b, Value input, Value scale, Value zero_point, Value quant_min, Value quant_max,
                               DType dtype) {
  const auto least = b.ConstantInts(quant_min), most = b.ConstantInts(quant_max);
  if (!least || !most || least->size() != 1 || most->size() != 1)
    return b.Unsupported("quant_min and quant_max are not constants of one element");
  return QuantizePerTensorTensor(b, input, scale, zero_point, (*least)[0], (*most)[0], dtype);
}

Value DequantizePerTensor(Builder& b, Value input, double scale, int64_t zero_point, NoEffect<int64_t> /*quant_min*/,
                          NoEffect<int64_t> /*quant_max*/, NoEffect<DType>, std::optional<DType> out_dtype) {
  const Affine affine{b.Constant(scale, DType::kFloat), b.Constant(zero_point, DType::kInt64)};
  return Dequantize(b, input, affine, out_dtype.value_or(DType::kFloat));
}
Value DequantizePerTensorTensor(Builder& b, Value input, Value scale, Value zero_point, NoEffect<int64_t>,
                                NoEffect<int64_t>, NoEffect<DType>, std::optional<DType> out_dtype) {
  return Dequantize(b, input, {scale, zero_point}, out_dtype.value_or(DType::kFloat));
}
Value DequantizePerTensorTensor2(Builder& b, Value input, Value scale, Value zero_point, NoEffect<Value>, NoEffect<Value>,
                                 NoEffect<DType>, std::optional<DType> out_dtype) {
  return Dequantize(b, input, {scale, zero_point}, out_dtype.value_or(DType::kFloat));
}

// ---- one for each channel ----

Value QuantizePerChannel(Builder& b, Value input, Value scales, Value zero_points, int64_t axis, int64_t quant_min,
                         int64_t quant_max, DType dtype) {
  if (Refuses(b, dtype)) return {};
  return Quantize(b, input, {scales, zero_points, b.Axis(axis, input.rank()), quant_min, quant_max, dtype});
}
Value DequantizePerChannel(Builder& b, Value input, Value scales, Value zero_points, int64_t axis, NoEffect<int64_t>,
                           NoEffect<int64_t>, NoEffect<DType>, std::optional<DType> out_dtype) {
  return Dequantize(b, input, {scales, zero_points, b.Axis(axis, input.rank())}, out_dtype.value_or(DType::kFloat));
}

// ---- one for each token: scales and zero_points have the input's shape with a last size of 1 ----

Value QuantizePerToken(Builder& b, Value input, Value scales, Value zero_points, int64_t quant_min, int64_t quant_max,
                       DType dtype) {
  if (Refuses(b, dtype)) return {};
  const auto [x, inverse] = b.Promote(input, b.Reciprocal(scales));
  const Value q = b.Round(b.Add(b.Mul(x, inverse), b.ToType(zero_points, x.dtype())));
  return b.ToType(b.Clip(q, b.Like(q, quant_min), b.Like(q, quant_max)), dtype);
}
Value DequantizePerToken(Builder& b, Value input, Value scales, Value zero_points, NoEffect<int64_t>, NoEffect<int64_t>,
                         NoEffect<DType>, DType output_dtype) {
  const auto [x, zero] = b.Promote(input, zero_points);
  const auto [centred, scale] = b.Promote(b.Sub(x, zero), scales);
  return b.ToType(b.Mul(centred, scale), output_dtype);
}

// ---- one for each group of a row: input [rows, columns], scales and zero_points [rows, columns / group_size] ----

// [rows, groups, group_size]
Value Grouped(Builder& b, Value input, int64_t group_size) {
  Dims dims = input.dims();
  if (dims.size() != 2 || group_size < 1) {
    b.Unsupported("input has rank {} and group_size is {}", input.rank(), group_size);
    return {};
  }
  return b.Reshape(input, {dims[0], Dim(-1), Dim(group_size)});
}
Value QuantizePerChannelGroup(Builder& b, Value input, Value scales, Value zero_points, int64_t quant_min,
                              int64_t quant_max, DType dtype, int64_t group_size) {
  if (Refuses(b, dtype)) return {};
  if (const auto columns = input.static_dim(1); columns && group_size > *columns) group_size = *columns;
  const Value grouped = Grouped(b, b.ToType(input, DType::kFloat), group_size);
  const Value scale = b.Unsqueeze(scales, {2}), zero = b.ToType(b.Unsqueeze(zero_points, {2}), DType::kFloat);
  const Value q = b.Round(b.Add(b.Mul(grouped, b.Reciprocal(scale)), zero));
  const Value bounded = b.Clip(q, b.Like(q, quant_min), b.Like(q, quant_max));
  return b.ToType(b.Reshape(bounded, input.dims()), dtype);
}
Value DequantizePerChannelGroup(Builder& b, Value w_int8, Value scales, Value zero_points, NoEffect<int64_t>,
                                NoEffect<int64_t>, NoEffect<DType>, int64_t group_size, DType output_dtype) {
  if (const auto columns = w_int8.static_dim(1); columns && group_size > *columns) group_size = *columns;
  const bool whole = !zero_points || IsInteger(zero_points.dtype());
  if (b.opset() >= 21 && w_int8.rank() == 2 && scales.rank() == 2 && whole && IsInteger(w_int8.dtype()) &&
      BitWidth(w_int8.dtype()) == 8) {
    return Dequantize(b, w_int8, {.scale = scales, .zero_point = zero_points, .axis = 1, .block = group_size},
                      output_dtype);
  }
  Value centred = b.ToType(Grouped(b, w_int8, group_size), output_dtype);
  if (zero_points) centred = b.Sub(centred, b.ToType(b.Unsqueeze(zero_points, {2}), output_dtype));
  return b.Reshape(b.Mul(centred, b.ToType(b.Unsqueeze(scales, {2}), output_dtype)), w_int8.dims());
}

// ---- scales from the numbers themselves ----

// The range is stretched to hold zero; the zero point is zero's place in it.
std::array<Value, 2> ChooseQparams(Builder& b, Value input, int64_t quant_min, int64_t quant_max, double eps,
                                   NoEffect<DType>) {
  const Value zero = b.Like(input, 0);
  const Value least = b.Min({b.ReduceMin(input, {}, false), zero}), most = b.Max({b.ReduceMax(input, {}, false), zero});
  const Value steps = b.Like(input, static_cast<double>(quant_max) - static_cast<double>(quant_min));
  const Value scale = b.Max({b.Div(b.Sub(most, least), steps), b.Like(input, eps)});
  const Value place = b.Sub(b.Like(input, quant_min), b.Round(b.Div(least, scale)));
  const Value bounded = b.Clip(place, b.Like(input, quant_min), b.Like(input, quant_max));
  return {b.Reshape(b.ToType(scale, DType::kDouble), Dims{1}), b.Reshape(b.ToType(bounded, DType::kInt64), Dims{1})};
}

// The range is symmetric about zero, whose place is fixed.
std::array<Value, 2> ChooseQparamsSymmetric(Builder& b, Value input, int64_t quant_min, int64_t quant_max, double eps,
                                            DType dtype) {
  const Value most = b.ReduceMax(b.Abs(input), {}, false);
  const Value steps = b.Like(input, (static_cast<double>(quant_max) - static_cast<double>(quant_min)) / 2);
  const Value scale = b.Max({b.ToType(b.Div(most, steps), DType::kFloat), b.Constant(eps, DType::kFloat)});
  const int64_t zero = dtype == DType::kUint8 ? 128 : 0;
  return {b.Reshape(b.ToType(scale, DType::kDouble), Dims{1}), b.Constant(Ints(std::array{zero}))};
}

// PyTorch computes floats here and records double and int64, which is what a program's other nodes go by.
std::array<Value, 2> ChooseQparamsPerToken(Builder& b, Value input, DType dtype) {
  if (dtype != DType::kInt8) return {b.Unsupported("dtype={}: only int8 is defined", dtype)};
  Value most = b.ReduceMax(b.Abs(input), {-1}, true);
  if (most.dtype() == DType::kFloat16) most = b.ToType(most, DType::kFloat);
  const Value scale = b.Div(b.Max({most, b.Like(most, 1e-5)}), b.Like(most, 127));
  return {b.ToResultType(scale, 0), b.ToResultType(b.Mul(b.ToType(scale, DType::kFloat), b.Constant(0, DType::kFloat)), 1)};
}

// Of the two places that the ends of the range say for zero, the one with the smaller error.
std::array<Value, 2> ChooseQparamsPerTokenAsymmetric(Builder& b, Value input, NoEffect<DType>) {
  const auto number = [&](double x) { return b.Like(input, x); };
  const Value least = b.Min({b.ReduceMin(input, {-1}, true), number(0)});
  const Value most = b.Max({b.ReduceMax(input, {-1}, true), number(0)});
  const double eps = std::numeric_limits<float>::epsilon();
  const Value scale = b.Max({b.Div(b.Sub(most, least), number(255)), number(eps)});
  const Value low = b.Div(least, scale), high = b.Div(most, scale);
  const Value error = b.Add(b.Add(number(-128), low), b.Add(number(127), high));
  const Value place = b.Where(b.Greater(error, number(0)), b.Sub(number(-128), low), b.Sub(number(127), high));
  const Value zero = b.Round(b.Clip(place, number(-128), number(127)));
  return {b.ToType(scale, DType::kDouble), b.ToType(zero, DType::kInt64)};
}

Value ConvertElementType(Builder& b, Value input, DType dtype) { return b.ToType(input, dtype); }

#define FL_Q "quantized_decomposed::"
#define FL_RANGE "int quant_min, int quant_max, ScalarType dtype"
#define FL_OUT ", *, ScalarType? out_dtype=None) -> Tensor"

constexpr Lowering kTable[] = {
    Lower<QuantizePerTensor>(FL_Q "quantize_per_tensor(Tensor input, float scale, int zero_point, " FL_RANGE ") -> Tensor"),
    Lower<QuantizePerTensorTensor>(
        FL_Q "quantize_per_tensor.tensor(Tensor input, Tensor scale, Tensor zero_point, " FL_RANGE ") -> Tensor"),
    Lower<QuantizePerTensorTensor2>(FL_Q "quantize_per_tensor.tensor2(Tensor input, Tensor scale, Tensor zero_point, "
                                         "Tensor quant_min, Tensor quant_max, ScalarType dtype) -> Tensor"),
    Lower<DequantizePerTensor>(FL_Q "dequantize_per_tensor(Tensor input, float scale, int zero_point, " FL_RANGE FL_OUT),
    Lower<DequantizePerTensorTensor>(
        FL_Q "dequantize_per_tensor.tensor(Tensor input, Tensor scale, Tensor zero_point, " FL_RANGE FL_OUT),
    Lower<DequantizePerTensorTensor2>(FL_Q "dequantize_per_tensor.tensor2(Tensor input, Tensor scale, Tensor zero_point, "
                                           "Tensor quant_min, Tensor quant_max, ScalarType dtype" FL_OUT),
    Lower<QuantizePerChannel>(
        FL_Q "quantize_per_channel(Tensor input, Tensor scales, Tensor zero_points, int axis, " FL_RANGE ") -> Tensor"),
    Lower<DequantizePerChannel>(
        FL_Q "dequantize_per_channel(Tensor input, Tensor scales, Tensor? zero_points, int axis, " FL_RANGE FL_OUT),
    Lower<QuantizePerToken>(FL_Q "quantize_per_token(Tensor input, Tensor scales, Tensor zero_points, " FL_RANGE
                                 ") -> Tensor"),
    Lower<DequantizePerToken>(FL_Q "dequantize_per_token(Tensor input, Tensor scales, Tensor zero_points, " FL_RANGE
                                   ", ScalarType output_dtype) -> Tensor"),
    Lower<QuantizePerChannelGroup>(FL_Q
                                   "quantize_per_channel_group(Tensor input, Tensor scales, Tensor zero_points, " FL_RANGE
                                   ", int group_size) -> Tensor"),
    Lower<DequantizePerChannelGroup>(
        FL_Q "dequantize_per_channel_group(Tensor input, Tensor scales, Tensor? zero_points, " FL_RANGE
             ", int group_size, ScalarType output_dtype) -> Tensor"),
    Lower<ChooseQparams>(FL_Q
                         "choose_qparams.tensor(Tensor input, int quant_min, int quant_max, float eps, ScalarType dtype) "
                         "-> (Tensor, Tensor)"),
    Lower<ChooseQparamsPerToken>(FL_Q "choose_qparams_per_token(Tensor input, ScalarType dtype) -> (Tensor, Tensor)"),
    Lower<ChooseQparamsPerTokenAsymmetric>(
        FL_Q "choose_qparams_per_token_asymmetric(Tensor input, ScalarType dtype) -> (Tensor, Tensor)"),
    Lower<ChooseQparamsSymmetric>(FL_Q
                                  "choose_qparams_symmetric.tensor(Tensor input, int quant_min, int quant_max, float eps, "
                                  "ScalarType dtype) -> (Tensor, Tensor)"),
    Lower<ConvertElementType>(FL_Q "convert_element_type.no_fuse(Tensor input, ScalarType dtype) -> Tensor"),
};

}  // namespace

std::span<const Lowering> DecomposedLowerings() { return kTable; }

}  // namespace fairlead::quantized
