// Arithmetic on two operands in one type: sums, products, quotients, powers, and what is made of them.
//
// `X` and `Y` are Value for a tensor and Scalar for a number; both take part in promotion.
#include <cmath>
#include <numbers>

#include "families.hpp"

namespace fairlead::aten {
namespace {

// The operands in the type of a true division: promoted, and float where that is an integer or a bool.
template <class... Operands>
std::array<Value, sizeof...(Operands)> PromoteToFloat(Builder& b, const Operands&... operands) {
  const DType type = FloatType(b.PromotedType({operands...}));
  return {b.ToTensor(operands, type)...};
}

// ---- sums and products ----

Value Scaled(Builder& b, Value x, const Scalar& factor) { return factor.IsOne() ? x : b.Mul(x, b.Like(x, factor)); }

// self + alpha * other in the promoted type. On bool tensors torch's add is a logical or.
template <class X, class Y> Value Add(Builder& b, X self, Y other, Scalar alpha) {
  const auto [x, y] = b.Promote(self, other);
  if (x.dtype() == DType::kBool) return alpha.IsZero() ? x : b.Or(x, y);
  return b.Add(x, Scaled(b, y, alpha));
}

template <class X, class Y> Value Sub(Builder& b, X self, Y other, Scalar alpha) {
  const auto [x, y] = b.Promote(self, other);
  return b.Sub(x, Scaled(b, y, alpha));
}

template <class X, class Y> Value Rsub(Builder& b, X self, Y other, Scalar alpha) { return Sub(b, other, self, alpha); }

// On bool tensors torch's mul is a logical and.
template <class X, class Y> Value Mul(Builder& b, X self, Y other) {
  const auto [x, y] = b.Promote(self, other);
  return x.dtype() == DType::kBool ? b.And(x, y) : b.Mul(x, y);
}

Value Addcmul(Builder& b, Value self, Value tensor1, Value tensor2, Scalar value) {
  const auto [x, y, z] = b.Promote(self, tensor1, tensor2);
  return b.Add(x, Scaled(b, b.Mul(y, z), value));
}

Value Addcdiv(Builder& b, Value self, Value tensor1, Value tensor2, Scalar value) {
  const auto [x, y, z] = PromoteToFloat(b, self, tensor1, tensor2);
  return b.Add(x, Scaled(b, b.Div(y, z), value));
}

template <class Weight> Value Lerp(Builder& b, Value self, Value end, Weight weight) {
  return b.Add(self, b.Mul(b.ToTensor(weight, self.dtype()), b.Sub(end, self)));
}

// ---- quotients and remainders ----

// A remainder whose sign is another than that of `number`.
Value HasOtherSign(Builder& b, Value remainder, Value number) {
  const Value zero = b.Like(number, 0);
  return b.And(b.Not(b.Equal(remainder, zero)), b.Xor(b.Less(number, zero), b.Less(remainder, zero)));
}

// The sign of the dividend is kept (fmod). ONNX asks for the attribute on floats; on integers runtimes go by way of double
// for it.
Value TruncatedRemainder(Builder& b, Value x, Value y) {
  if (IsFloat(x.dtype())) return b.Mod(x, y, {.fmod = 1});
  const Value remainder = b.Mod(x, y);
  return IsSigned(x.dtype()) ? b.Where(HasOtherSign(b, remainder, x), b.Sub(remainder, y), remainder) : remainder;
}

// The sign is the divisor's, as in Python. ONNX's Mod does that for integers.
Value PythonRemainder(Builder& b, Value x, Value y) {
  if (!IsFloat(x.dtype())) return b.Mod(x, y);
  const Value remainder = TruncatedRemainder(b, x, y);
  return b.Where(HasOtherSign(b, remainder, y), b.Add(remainder, y), remainder);
}

bool IsPowerOfTwo(const std::optional<Scalar>& number) {
  if (!number || !number->IsStatic()) return false;
  int exponent = 0;
  return std::abs(std::frexp(number->AsDouble(), &exponent)) == 0.5;
}

// floor(x / y) of the exact quotient, as torch has it: x / y itself may round up to the next integer. Dividing by a power
// of two is exact.
Value FloorQuotient(Builder& b, Value x, Value y) {
  if (!IsFloat(x.dtype())) return IsSigned(x.dtype()) ? b.Div(b.Sub(x, b.Mod(x, y)), y) : b.Div(x, y);
  if (IsPowerOfTwo(b.ConstantNumber(y))) return b.Floor(b.Div(x, y));
  const Value remainder = TruncatedRemainder(b, x, y);
  const Value above = b.Div(b.Sub(x, remainder), y);
  const Value below = b.ToType(HasOtherSign(b, remainder, y), x.dtype());
  return b.Where(b.Equal(y, b.Like(y, 0)), b.Div(x, y), b.Round(b.Sub(above, below)));
}

template <class X, class Y> Value Div(Builder& b, X self, Y other) {
  const auto [x, y] = PromoteToFloat(b, self, other);
  return b.Div(x, y);
}

template <class X, class Y> Value FloorDivide(Builder& b, X self, Y other) {
  const auto [x, y] = b.Promote(self, other);
  return FloorQuotient(b, x, y);
}

template <class X, class Y> Value DivMode(Builder& b, X self, Y other, std::optional<std::string_view> rounding_mode) {
  if (!rounding_mode) return Div(b, self, other);
  if (*rounding_mode == "floor") return FloorDivide(b, self, other);
  const auto [x, y] = b.Promote(self, other);
  const Value quotient = b.Div(x, y);  // of integers: towards zero already
  return IsFloat(x.dtype()) ? b.Trunc(quotient) : quotient;
}

template <class X, class Y> Value Remainder(Builder& b, X self, Y other) {
  const auto [x, y] = b.Promote(self, other);
  return PythonRemainder(b, x, y);
}

template <class X, class Y> Value Fmod(Builder& b, X self, Y other) {
  const auto [x, y] = b.Promote(self, other);
  return TruncatedRemainder(b, x, y);
}

// ---- powers and logarithms ----

// ONNX has powers and orders of numbers only.
Value AsNumber(Builder& b, Value x) { return x.dtype() == DType::kBool ? b.ToType(x, DType::kInt32) : x; }

// Whether any element is above zero.
Value AnyPositive(Builder& b, Value x) {
  const Value count = b.ReduceSum(b.ToType(b.Greater(x, b.Like(x, 0)), DType::kInt64), Ints(), false);
  return b.Greater(count, b.Like(count, 0));
}

Value SquaredPower(Builder& b, Value base, int64_t exponent) {
  Value result;
  for (; exponent > 0; exponent /= 2) {
    if (exponent % 2 == 1) result = result ? b.Mul(result, base) : base;
    if (exponent > 1) base = b.Mul(base, base);
  }
  return result;
}

// A bit of the exponents in each turn, the lowest first, until none is left.
Value SquaredPower(Builder& b, Value base, Value exponent) {
  const Value zero = b.Like(base, 0), one = b.Like(base, 1), two = b.Like(base, 2);
  const auto turn = [&](Value /*iteration*/, Value /*condition*/, std::span<const Value> states) {
    const Value result = states[0], factor = states[1], rest = states[2];
    const Value next = b.Where(b.Equal(b.Mod(rest, two), one), b.Mul(result, factor), result);
    const Value halved = b.Div(rest, two);
    return LoopStep{AnyPositive(b, halved), {next, b.Mul(factor, factor), halved}, {}};
  };
  const Value ones = b.Add(b.Mul(b.Add(base, exponent), zero), one), counted = b.Max({exponent, zero});
  const auto ends = b.Loop({}, AnyPositive(b, counted), {ones, base, counted}, turn);
  if (ends.size() != 3) return {};
  // To a negative power 1 is 1, -1 one of the two, and any other number 0, also 0 itself.
  const Value odd = b.Equal(b.Mod(exponent, two), one);
  const Value unit = b.Where(odd, base, b.Mul(base, base));
  const Value is_unit = b.Equal(b.Abs(base), one);
  return b.Where(b.Less(exponent, zero), b.Where(is_unit, unit, zero), ends[0]);
}

// Powers of integers wrap around as products do. Pow of runtimes goes by way of double, which holds 53 bits.
Value IntegerPower(Builder& b, Value x, Value y) {
  const Value base = b.ToType(x, DType::kInt64);
  const auto exponent = b.ConstantNumber(y);
  if (!exponent) return b.ToType(SquaredPower(b, base, b.ToType(y, DType::kInt64)), x.dtype());
  if (exponent->AsInt() < 0) return b.Unsupported("exponent={} of integers", exponent->AsInt());
  if (exponent->AsInt() == 0) return b.Add(b.Mul(x, b.Like(x, 0)), b.Like(x, 1));
  return b.ToType(SquaredPower(b, base, exponent->AsInt()), x.dtype());
}

template <class X, class Y> Value Pow(Builder& b, X self, Y exponent) {
  const auto [x, y] = b.Promote(self, exponent);
  if (IsInteger(x.dtype())) return IntegerPower(b, x, y);
  return b.ToType(b.Pow(AsNumber(b, x), AsNumber(b, y)), x.dtype());
}

template <class X, class Y> Value FloatPower(Builder& b, X self, Y exponent) {
  return b.Pow(b.ToTensor(self, DType::kDouble), b.ToTensor(exponent, DType::kDouble));
}

// self * 2^other. PyTorch records an integer times a power of half precision as float.
Value Ldexp(Builder& b, Value self, Value other) {
  const auto [x, exponent] = PromoteToFloat(b, self, other);
  const DType recorded = b.ResultType().dtype, type = IsFloat(recorded) ? recorded : x.dtype();
  const Value power = b.ToType(exponent, type);
  return b.Mul(b.ToType(x, type), b.Pow(b.Like(power, 2), power));
}

// sqrt(x^2 + y^2) in units of the larger one, whose square could be out of range.
Value Hypot(Builder& b, Value self, Value other) {
  const auto [x, y] = PromoteToFloat(b, self, other);
  const Value larger = b.Max({b.Abs(x), b.Abs(y)});
  const Value is_no_unit = b.Or(b.Equal(larger, b.Like(x, 0)), b.IsInf(larger));
  const Value unit = b.Where(is_no_unit, b.Like(x, 1), larger);
  const Value u = b.Div(x, unit), v = b.Div(y, unit);
  return b.Mul(unit, b.Sqrt(b.Add(b.Mul(u, u), b.Mul(v, v))));
}

// log(e^x + e^y) in any base `base`: the larger one plus a correction. Equal infinities have no difference.
Value LogOfSum(Builder& b, Value self, Value other, double base) {
  const auto [x, y] = PromoteToFloat(b, self, other);
  const Value distance = b.Neg(b.Abs(b.Sub(x, y)));
  const double scale = std::log(base);
  const Value power = b.Exp(Scaled(b, distance, scale));
  const Value correction = Scaled(b, b.Log(b.Add(power, b.Like(x, 1))), 1 / scale);
  const Value sum = b.Add(b.Max({x, y}), correction);
  return b.Where(b.And(b.Equal(x, y), b.IsInf(x)), x, sum);
}

Value Logaddexp(Builder& b, Value self, Value other) { return LogOfSum(b, self, other, std::numbers::e); }

Value Logaddexp2(Builder& b, Value self, Value other) { return LogOfSum(b, self, other, 2); }

// x * log(y + offset), and 0 where x is 0, unless y is NaN.
template <class X, class Y> Value TimesLog(Builder& b, const X& self, const Y& other, double offset) {
  const auto [x, y] = PromoteToFloat(b, self, other);
  const Value product = b.Mul(x, b.Log(offset == 0 ? y : b.Add(y, b.Like(y, offset))));
  const Value vanishes = b.And(b.Equal(x, b.Like(x, 0)), b.Not(b.IsNaN(y)));
  return b.Where(vanishes, b.Like(x, 0), product);
}

template <class X, class Y> Value Xlogy(Builder& b, X self, Y other) { return TimesLog(b, self, other, 0); }

template <class X, class Y> Value Xlog1py(Builder& b, X self, Y other) { return TimesLog(b, self, other, 1); }

// ---- signs and angles ----

// -0 is negative.
Value IsNegative(Builder& b, Value x) {
  const Value zero = b.Like(x, 0);
  return b.Or(b.Less(x, zero), b.Less(b.Reciprocal(x), zero));
}

// The angle of (other, self). The quotient's arc tangent is right for positive `other` and half a turn off for negative;
// two zeros have the quotient 0 and two infinities 1 or -1.
Value Atan2(Builder& b, Value self, Value other) {
  const auto [y, x] = PromoteToFloat(b, self, other);
  const Value zero = b.Like(x, 0);
  const Value both_zero = b.And(b.Equal(y, zero), b.Equal(x, zero));
  const Value both_infinite = b.And(b.IsInf(y), b.IsInf(x));
  const Value quotient = b.Where(both_infinite, b.Mul(b.Sign(y), b.Sign(x)), b.Div(y, x));
  const Value angle = b.Atan(b.Where(both_zero, zero, quotient));
  const Value half_turn = b.Where(IsNegative(b, y), b.Like(x, -std::numbers::pi), b.Like(x, std::numbers::pi));
  return b.Add(angle, b.Where(IsNegative(b, x), half_turn, zero));
}

// The magnitude of self with the sign of other.
template <class Y> Value Copysign(Builder& b, Value self, Y other) {
  const auto [x, y] = PromoteToFloat(b, self, other);
  const Value magnitude = b.Abs(x);
  return b.Where(IsNegative(b, y), b.Neg(magnitude), magnitude);
}

// 0 below zero, 1 above, `values` at zero.
Value Heaviside(Builder& b, Value self, Value values) {
  const Value x = AsNumber(b, self), zero = b.Like(x, 0);
  return b.Where(b.Equal(x, zero), values, b.ToType(b.Greater(x, zero), self.dtype()));
}

constexpr Lowering kTable[] = {
    Lower<Add<Value, Value>>("aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor"),
    Lower<Add<Value, Scalar>>("aten::add.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor"),
    Lower<Sub<Value, Value>>("aten::sub.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor"),
    Lower<Sub<Value, Scalar>>("aten::sub.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor"),
    Lower<Rsub<Value, Value>>("aten::rsub.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor"),
    Lower<Rsub<Value, Scalar>>("aten::rsub.Scalar(Tensor self, Scalar other, Scalar alpha=1) -> Tensor"),
    Lower<Mul<Value, Value>>("aten::mul.Tensor(Tensor self, Tensor other) -> Tensor"),
    Lower<Mul<Value, Scalar>>("aten::mul.Scalar(Tensor self, Scalar other) -> Tensor"),
    Lower<Addcmul>("aten::addcmul(Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor"),
    Lower<Addcdiv>("aten::addcdiv(Tensor self, Tensor tensor1, Tensor tensor2, *, Scalar value=1) -> Tensor"),
    Lower<Lerp<Scalar>>("aten::lerp.Scalar(Tensor self, Tensor end, Scalar weight) -> Tensor"),
    Lower<Lerp<Value>>("aten::lerp.Tensor(Tensor self, Tensor end, Tensor weight) -> Tensor"),

    Lower<Div<Value, Value>>("aten::div.Tensor(Tensor self, Tensor other) -> Tensor"),
    Lower<Div<Value, Scalar>>("aten::div.Scalar(Tensor self, Scalar other) -> Tensor"),
    Lower<DivMode<Value, Value>>("aten::div.Tensor_mode(Tensor self, Tensor other, *, str? rounding_mode) -> Tensor"),
    Lower<DivMode<Value, Scalar>>("aten::div.Scalar_mode(Tensor self, Scalar other, *, str? rounding_mode) -> Tensor"),
    Lower<FloorDivide<Value, Value>>("aten::floor_divide(Tensor self, Tensor other) -> Tensor"),
    Lower<FloorDivide<Value, Scalar>>("aten::floor_divide.Scalar(Tensor self, Scalar other) -> Tensor"),
    Lower<Remainder<Value, Value>>("aten::remainder.Tensor(Tensor self, Tensor other) -> Tensor"),
    Lower<Remainder<Value, Scalar>>("aten::remainder.Scalar(Tensor self, Scalar other) -> Tensor"),
    Lower<Remainder<Scalar, Value>>("aten::remainder.Scalar_Tensor(Scalar self, Tensor other) -> Tensor"),
    Lower<Fmod<Value, Value>>("aten::fmod.Tensor(Tensor self, Tensor other) -> Tensor"),
    Lower<Fmod<Value, Scalar>>("aten::fmod.Scalar(Tensor self, Scalar other) -> Tensor"),

    Lower<Pow<Value, Value>>("aten::pow.Tensor_Tensor(Tensor self, Tensor exponent) -> Tensor"),
    Lower<Pow<Value, Scalar>>("aten::pow.Tensor_Scalar(Tensor self, Scalar exponent) -> Tensor"),
    Lower<Pow<Scalar, Value>>("aten::pow.Scalar(Scalar self, Tensor exponent) -> Tensor"),
    Lower<FloatPower<Value, Value>>("aten::float_power.Tensor_Tensor(Tensor self, Tensor exponent) -> Tensor"),
    Lower<FloatPower<Value, Scalar>>("aten::float_power.Tensor_Scalar(Tensor self, Scalar exponent) -> Tensor"),
    Lower<FloatPower<Scalar, Value>>("aten::float_power.Scalar(Scalar self, Tensor exponent) -> Tensor"),
    Lower<Ldexp>("aten::ldexp.Tensor(Tensor self, Tensor other) -> Tensor"),
    Lower<Hypot>("aten::hypot(Tensor self, Tensor other) -> Tensor"),
    Lower<Logaddexp>("aten::logaddexp(Tensor self, Tensor other) -> Tensor"),
    Lower<Logaddexp2>("aten::logaddexp2(Tensor self, Tensor other) -> Tensor"),
    Lower<Xlogy<Value, Value>>("aten::xlogy.Tensor(Tensor self, Tensor other) -> Tensor"),
    Lower<Xlogy<Value, Scalar>>("aten::xlogy.Scalar_Other(Tensor self, Scalar other) -> Tensor"),
    Lower<Xlogy<Scalar, Value>>("aten::xlogy.Scalar_Self(Scalar self, Tensor other) -> Tensor"),
    Lower<Xlog1py<Value, Value>>("aten::special_xlog1py(Tensor self, Tensor other) -> Tensor"),
    Lower<Xlog1py<Value, Scalar>>("aten::special_xlog1py.other_scalar(Tensor self, Scalar other) -> Tensor"),
    Lower<Xlog1py<Scalar, Value>>("aten::special_xlog1py.self_scalar(Scalar self, Tensor other) -> Tensor"),

    Lower<Atan2>("aten::atan2(Tensor self, Tensor other) -> Tensor"),
    Lower<Copysign<Value>>("aten::copysign.Tensor(Tensor self, Tensor other) -> Tensor"),
    Lower<Copysign<Scalar>>("aten::copysign.Scalar(Tensor self, Scalar other) -> Tensor"),
    Lower<Heaviside>("aten::heaviside(Tensor self, Tensor values) -> Tensor"),
};

}  // namespace

std::span<const Lowering> BinaryLowerings() { return kTable; }

}  // namespace fairlead::aten
