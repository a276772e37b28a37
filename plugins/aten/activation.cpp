// Activations: one input, one output, and a parameter or two.
//
// ONNX keeps the parameters of LeakyRelu, Elu … in float attributes. On double tensors they would lose digits, so those are
// composed of elementary operators.
#include <cmath>
#include <numbers>

#include "families.hpp"

namespace fairlead::aten {
namespace {

bool IsDouble(Value x) { return x.dtype() == DType::kDouble; }

// log(1 + exp(x)), without overflow for large x.
Value StableSoftplus(Builder& b, Value x) {
  if (!IsDouble(x)) return b.Softplus(x);
  const Value tail = b.Log(b.Add(b.Exp(b.Neg(b.Abs(x))), b.Like(x, 1)));
  return b.Add(b.Relu(x), tail);
}

// ---- rectifiers ----

Value ClippedRelu(Builder& b, Value x, const Scalar& min, const Scalar& max) {
  return b.Clip(x, b.Like(x, min), b.Like(x, max));
}

Value Relu6(Builder& b, Value self) { return ClippedRelu(b, self, 0, 6); }

Value Hardtanh(Builder& b, Value self, Scalar min_val, Scalar max_val) { return ClippedRelu(b, self, min_val, max_val); }

Value LeakyRelu(Builder& b, Value self, Scalar negative_slope) {
  if (!IsDouble(self)) return b.LeakyRelu(self, {.alpha = negative_slope.AsDouble()});
  return b.Where(b.Less(self, b.Like(self, 0)), b.Mul(self, b.Like(self, negative_slope)), self);
}

// Outside of training the slope is the middle of its range.
Value PreluKernel(Builder& b, Value self, Value weight) { return b.PRelu(self, weight); }

// One slope for all, or one for each channel (axis 1).
Value Prelu(Builder& b, Value self, Value weight) {
  const int rank = self.rank();
  if (rank < 0) return b.Unsupported("self has an unknown number of dimensions");
  if (rank < 2) return b.PRelu(self, b.Reshape(weight, Dims()));
  std::vector<int64_t> trailing;
  for (int64_t axis = 1; axis + 1 < rank; ++axis) trailing.push_back(axis);
  return b.PRelu(self, weight.rank() == 0 ? weight : b.Unsqueeze(weight, trailing));
}

Value Threshold(Builder& b, Value self, Scalar threshold, Scalar value) {
  return b.Where(b.LessOrEqual(self, b.Like(self, threshold)), b.Like(self, value), self);
}

// ONNX's Shrink answers 0 for NaN, torch NaN.
Value Hardshrink(Builder& b, Value self, Scalar lambd) {
  return b.Where(b.LessOrEqual(b.Abs(self), b.Like(self, lambd)), b.Like(self, 0), self);
}

Value Softshrink(Builder& b, Value self, Scalar lambd) {
  return b.Sub(self, b.Clip(self, b.Like(self, -lambd.AsDouble()), b.Like(self, lambd)));
}

// ---- exponential units ----

// scale * (x > 0 ? x : alpha * (exp(input_scale * x) - 1))
Value Elu(Builder& b, Value self, Scalar alpha, Scalar scale, Scalar input_scale) {
  const auto scaled = [&](Value x, const Scalar& factor) { return factor.IsOne() ? x : b.Mul(x, b.Like(x, factor)); };
  if (input_scale.IsOne() && !IsDouble(self)) return scaled(b.Elu(self, {.alpha = alpha.AsDouble()}), scale);
  const Value low = b.Sub(b.Exp(scaled(self, input_scale)), b.Like(self, 1));
  return scaled(b.Where(b.Greater(self, b.Like(self, 0)), self, scaled(low, alpha)), scale);
}

Value Celu(Builder& b, Value self, Scalar alpha) {
  if (!IsDouble(self)) return b.Celu(self, {.alpha = alpha.AsDouble()});
  return Elu(b, self, alpha, 1, 1 / alpha.AsDouble());
}

Value Selu(Builder& b, Value self) {
  if (!IsDouble(self)) return b.Selu(self);
  return Elu(b, self, 1.6732632423543772848170429916717, 1.0507009873554804934193349852946, 1);
}

// ---- smooth ones ----

// x * P(X <= x) for a normal X, exact or by tanh.
Value GeluComposed(Builder& b, Value self, std::string_view approximate) {
  const auto number = [&](double v) { return b.Like(self, v); };
  Value curve;
  if (approximate == "tanh") {
    const Value cube = b.Mul(b.Mul(self, self), self);
    const Value inner = b.Add(self, b.Mul(cube, number(0.044715)));
    curve = b.Tanh(b.Mul(inner, number(std::numbers::sqrt2 * std::numbers::inv_sqrtpi)));
  } else {
    curve = b.Erf(b.Mul(self, number(1 / std::numbers::sqrt2)));
  }
  return b.Mul(b.Mul(self, number(0.5)), b.Add(curve, number(1)));
}

Value Gelu(Builder& b, Value self, std::string_view approximate) {
  return IsDouble(self) ? GeluComposed(b, self, approximate) : b.Gelu(self, {.approximate = approximate});
}

Value Silu(Builder& b, Value self) { return b.Mul(self, b.Sigmoid(self)); }

Value Mish(Builder& b, Value self) { return IsDouble(self) ? b.Mul(self, b.Tanh(StableSoftplus(b, self))) : b.Mish(self); }

Value Hardsigmoid(Builder& b, Value self) {
  if (!IsDouble(self)) return b.HardSigmoid(self, {.alpha = 1.0 / 6, .beta = 0.5});
  return b.Div(ClippedRelu(b, b.Add(self, b.Like(self, 3)), 0, 6), b.Like(self, 6));
}

Value Hardswish(Builder& b, Value self) { return IsDouble(self) ? b.Mul(self, Hardsigmoid(b, self)) : b.HardSwish(self); }

// torch is linear above the threshold. At its default, 20, that cannot be told from the curve except in double.
Value Softplus(Builder& b, Value self, Scalar beta, Scalar threshold) {
  const Value x = beta.IsOne() ? self : b.Mul(self, b.Like(self, beta));
  Value curve = StableSoftplus(b, x);
  if (!beta.IsOne()) curve = b.Div(curve, b.Like(self, beta));
  if (threshold.AsDouble() >= 20 && !IsDouble(self)) return curve;
  return b.Where(b.Greater(x, b.Like(x, threshold)), self, curve);
}

Value LogSigmoid(Builder& b, Value self) { return b.Neg(StableSoftplus(b, b.Neg(self))); }

// The second result is what the backward pass reads: exp(-|x|).
std::array<Value, 2> LogSigmoidForward(Builder& b, Value self) { return {LogSigmoid(b, self), b.Exp(b.Neg(b.Abs(self)))}; }

Value Glu(Builder& b, Value self, int64_t dim) {
  const auto halves = b.Split(self, {.axis = dim, .num_outputs = 2}, 2);
  return b.Mul(halves[0], b.Sigmoid(halves[1]));
}

// ---- softmax ----

// `compute(x, axis)`; a 0-d tensor counts as one of one element.
template <class Compute> Value OnAxis(Builder& b, Value x, int64_t dim, Compute compute) {
  if (x.rank() != 0) return compute(x, dim);
  return b.Squeeze(compute(b.Unsqueeze(x, {0}), 0), {0});
}

Value SoftmaxOf(Builder& b, Value x, int64_t dim) {
  return OnAxis(b, x, dim, [&](Value v, int64_t axis) { return b.Softmax(v, {.axis = axis}); });
}

Value LogSoftmaxOf(Builder& b, Value x, int64_t dim) {
  return OnAxis(b, x, dim, [&](Value v, int64_t axis) { return b.LogSoftmax(v, {.axis = axis}); });
}

// The argument `dtype` asks torch to cast before it exponentiates.
Value SoftmaxInt(Builder& b, Value self, int64_t dim, std::optional<DType> dtype) {
  return SoftmaxOf(b, dtype ? b.ToType(self, *dtype) : self, dim);
}

Value LogSoftmaxInt(Builder& b, Value self, int64_t dim, std::optional<DType> dtype) {
  return LogSoftmaxOf(b, dtype ? b.ToType(self, *dtype) : self, dim);
}

Value Softmax(Builder& b, Value self, int64_t dim, bool half_to_float) {
  return SoftmaxOf(b, half_to_float ? b.ToType(self, DType::kFloat) : self, dim);
}

Value LogSoftmax(Builder& b, Value self, int64_t dim, bool half_to_float) {
  return LogSoftmaxOf(b, half_to_float ? b.ToType(self, DType::kFloat) : self, dim);
}

// A row that is masked completely is zero instead of NaN.
Value SafeSoftmax(Builder& b, Value self, int64_t dim, std::optional<DType> dtype) {
  const Value x = dtype ? b.ToType(self, *dtype) : self;
  return OnAxis(b, x, dim, [&](Value v, int64_t axis) {
    const Value masked = b.Equal(b.ReduceMax(v, {axis}, true), b.Like(v, -INFINITY));
    return b.Where(masked, b.Like(v, 0), b.Softmax(v, {.axis = axis}));
  });
}

// ---- clamp ----

// Bounds take part in promotion: clamp(int64, min=0.5) is a float. A single bound is not a Clip: where ONNX leaves the
// other bound open, runtimes put the largest finite number.
Value ClampScalars(Builder& b, Value self, const std::optional<Scalar>& min, const std::optional<Scalar>& max) {
  if (!min && !max) return b.Unsupported("neither min nor max is given");
  const auto operand = [](const std::optional<Scalar>& bound) { return bound ? Operand(*bound) : Operand(Value()); };
  const DType type = b.PromotedType({self, operand(min), operand(max)});
  const Value x = b.ToType(self, type);
  // A bound that is NaN makes all of it NaN; Clip of ONNX Runtime passes over it.
  for (const auto& bound : {min, max})
    if (IsFloat(type) && bound && bound->IsStatic() && std::isnan(bound->AsDouble())) return b.Mul(x, b.Like(x, NAN));
  if (!max) return b.Max({x, b.Constant(*min, type)});
  if (!min) return b.Min({x, b.Constant(*max, type)});
  return b.Clip(x, b.Constant(*min, type), b.Constant(*max, type));
}

Value Clamp(Builder& b, Value self, std::optional<Scalar> min, std::optional<Scalar> max) {
  return ClampScalars(b, self, min, max);
}

Value ClampMin(Builder& b, Value self, Scalar min) { return ClampScalars(b, self, min, std::nullopt); }

Value ClampMax(Builder& b, Value self, Scalar max) { return ClampScalars(b, self, std::nullopt, max); }

// Bounds broadcast; where min is above max, max wins.
Value ClampTensor(Builder& b, Value self, Value min, Value max) {
  if (!min && !max) return b.Unsupported("neither min nor max is given");
  const auto [x, low, high] = b.Promote(self, min, max);
  if (x.dtype() == DType::kBool) {
    const Value raised = low ? b.Or(x, low) : x;
    return high ? b.And(raised, high) : raised;
  }
  const Value raised = low ? b.Max({x, low}) : x;
  return high ? b.Min({raised, high}) : raised;
}

Value ClampMinTensor(Builder& b, Value self, Value min) { return ClampTensor(b, self, min, {}); }

Value ClampMaxTensor(Builder& b, Value self, Value max) { return ClampTensor(b, self, {}, max); }

constexpr std::string_view kGeluSchema = "aten::gelu(Tensor self, *, str approximate='none') -> Tensor";

constexpr Lowering kTable[] = {
    Lower<Unary<&Builder::Relu>>("aten::relu(Tensor self) -> Tensor"),
    Lower<Relu6>("aten::relu6(Tensor self) -> Tensor"),
    Lower<Hardtanh>("aten::hardtanh(Tensor self, Scalar min_val=-1, Scalar max_val=1) -> Tensor"),
    Lower<LeakyRelu>("aten::leaky_relu(Tensor self, Scalar negative_slope=0.01) -> Tensor"),
    Lower<Prelu>("aten::prelu(Tensor self, Tensor weight) -> Tensor"),
    Lower<PreluKernel>("aten::_prelu_kernel(Tensor self, Tensor weight) -> Tensor"),
    Lower<Threshold>("aten::threshold(Tensor self, Scalar threshold, Scalar value) -> Tensor"),
    Lower<Hardshrink>("aten::hardshrink(Tensor self, Scalar lambd=0.5) -> Tensor"),
    Lower<Softshrink>("aten::softshrink(Tensor self, Scalar lambd=0.5) -> Tensor"),
    Lower<Elu>("aten::elu(Tensor self, Scalar alpha=1, Scalar scale=1, Scalar input_scale=1) -> Tensor"),
    Lower<Celu>("aten::celu(Tensor self, Scalar alpha=1.0) -> Tensor"),
    Lower<Selu>("aten::selu(Tensor self) -> Tensor"),
    Lower<Gelu>(kGeluSchema).Since(20),
    Lower<GeluComposed>(kGeluSchema).Until(19),
    Lower<Silu>("aten::silu(Tensor self) -> Tensor"),
    Lower<Mish>("aten::mish(Tensor self) -> Tensor"),
    Lower<FloatUnary<&Builder::Sigmoid>>("aten::sigmoid(Tensor self) -> Tensor"),
    Lower<FloatUnary<&Builder::Tanh>>("aten::tanh(Tensor self) -> Tensor"),
    Lower<Hardsigmoid>("aten::hardsigmoid(Tensor self) -> Tensor"),
    Lower<Hardswish>("aten::hardswish(Tensor self) -> Tensor"),
    Lower<Softplus>("aten::softplus(Tensor self, Scalar beta=1, Scalar threshold=20) -> Tensor"),
    Lower<LogSigmoid>("aten::log_sigmoid(Tensor self) -> Tensor"),
    Lower<LogSigmoidForward>("aten::log_sigmoid_forward(Tensor self) -> (Tensor output, Tensor buffer)"),
    Lower<Glu>("aten::glu(Tensor self, int dim=-1) -> Tensor"),
    Lower<SoftmaxInt>("aten::softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor"),
    Lower<LogSoftmaxInt>("aten::log_softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor"),
    Lower<Softmax>("aten::_softmax(Tensor self, int dim, bool half_to_float) -> Tensor"),
    Lower<LogSoftmax>("aten::_log_softmax(Tensor self, int dim, bool half_to_float) -> Tensor"),
    Lower<SafeSoftmax>("aten::_safe_softmax(Tensor self, int dim, ScalarType? dtype=None) -> Tensor"),
    Lower<Clamp>("aten::clamp(Tensor self, Scalar? min=None, Scalar? max=None) -> Tensor"),
    Lower<ClampTensor>("aten::clamp.Tensor(Tensor self, Tensor? min=None, Tensor? max=None) -> Tensor"),
    Lower<ClampMin>("aten::clamp_min(Tensor self, Scalar min) -> Tensor"),
    Lower<ClampMinTensor>("aten::clamp_min.Tensor(Tensor self, Tensor min) -> Tensor"),
    Lower<ClampMax>("aten::clamp_max(Tensor self, Scalar max) -> Tensor"),
    Lower<ClampMaxTensor>("aten::clamp_max.Tensor(Tensor self, Tensor max) -> Tensor"),
};

}  // namespace

std::span<const Lowering> ActivationLowerings() { return kTable; }

}  // namespace fairlead::aten
