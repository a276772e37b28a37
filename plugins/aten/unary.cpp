// One tensor in, the same shape out: roots, exponentials, angles, rounding, and questions about single numbers.
#include <cmath>
#include <limits>
#include <numbers>

#include "families.hpp"

namespace fairlead::aten {
namespace {

// torch computes these in float when it is given integers or bools.
Value Floating(Builder& b, Value self) { return IsFloat(self.dtype()) ? self : b.ToType(self, DType::kFloat); }

template <auto Method> Value FloatUnary(Builder& b, Value self) { return Unary<Method>(b, Floating(b, self)); }

// Integers and bools are already whole.
template <auto Method> Value Rounding(Builder& b, Value self) {
  return IsFloat(self.dtype()) ? Unary<Method>(b, self) : self;
}

Value Number(Builder& b, Value like, double number) { return b.Like(like, number); }

Value Abs(Builder& b, Value self) { return self.dtype() == DType::kBool ? self : b.Abs(self); }
// ONNX does not say what the sign of NaN is; torch's is 0.
Value Sign(Builder& b, Value self) {
  if (self.dtype() == DType::kBool) return self;
  const Value sign = b.Sign(self);
  return IsFloat(self.dtype()) ? b.Where(b.IsNaN(self), b.Like(self, 0), sign) : sign;
}

// Unsigned types have no Neg in ONNX; their numbers wrap around as in torch.
Value Neg(Builder& b, Value self) {
  if (IsInteger(self.dtype()) && !IsSigned(self.dtype())) return b.Sub(b.Like(self, 0), self);
  return b.Neg(self);
}

Value Rsqrt(Builder& b, Value self) { return b.Reciprocal(b.Sqrt(Floating(b, self))); }
Value Square(Builder& b, Value self) {
  const Value number = self.dtype() == DType::kBool ? b.ToType(self, DType::kInt64) : self;
  return b.Mul(number, number);
}

Value LogTo(Builder& b, Value self, double base) {
  const Value number = Floating(b, self);
  return b.Div(b.Log(number), Number(b, number, std::log(base)));
}
Value Log2(Builder& b, Value self) { return LogTo(b, self, 2); }
Value Log10(Builder& b, Value self) { return LogTo(b, self, 10); }

// log(1 + x) = 2 atanh(x / (2 + x)) keeps the digits of a small x; a large one would lose them in the division.
Value Log1p(Builder& b, Value self) {
  const Value x = Floating(b, self);
  const Value ratio = b.Div(x, b.Add(x, Number(b, x, 2)));
  const Value small = b.Mul(b.Atanh(ratio), Number(b, x, 2));
  const Value large = b.Log(b.Add(x, Number(b, x, 1)));
  return b.Where(b.Less(x, Number(b, x, 1)), small, large);
}

// e^x - 1 = 2 e^(x/2) sinh(x/2) keeps the digits of a small x.
Value Expm1(Builder& b, Value self) {
  const Value x = Floating(b, self);
  const Value half = b.Mul(x, Number(b, x, 0.5));
  const Value small = b.Mul(b.Mul(b.Exp(half), b.Sinh(half)), Number(b, x, 2));
  const Value large = b.Sub(b.Exp(x), Number(b, x, 1));
  return b.Where(b.Less(b.Abs(x), Number(b, x, 1)), small, large);
}

Value Exp2(Builder& b, Value self) {
  const Value x = Floating(b, self);
  return b.Pow(Number(b, x, 2), x);
}

Value Trunc(Builder& b, Value self) {
  if (!IsFloat(self.dtype())) return self;
  return b.Where(b.Less(self, Number(b, self, 0)), b.Ceil(self), b.Floor(self));
}
Value Frac(Builder& b, Value self) { return b.Sub(self, Trunc(b, self)); }

Value RoundDecimals(Builder& b, Value self, int64_t decimals) {
  if (!IsFloat(self.dtype())) return self;
  if (decimals == 0) return b.Round(self);
  const Value scale = Number(b, self, std::pow(10.0, std::abs(static_cast<double>(decimals))));
  return decimals > 0 ? b.Div(b.Round(b.Mul(self, scale)), scale) : b.Mul(b.Round(b.Div(self, scale)), scale);
}

// ---- questions ----

Value Always(Builder& b, Value self, bool answer) { return b.Expand(b.Constant(answer, DType::kBool), b.Shape(self)); }
// IsInf and IsNaN take narrow floats from opset 20 on; float holds all their values.
Value AtLeastFloat(Builder& b, Value self) { return BitWidth(self.dtype()) < 32 ? b.ToType(self, DType::kFloat) : self; }
Value IsInf(Builder& b, Value self) {
  return IsFloat(self.dtype()) ? b.IsInf(AtLeastFloat(b, self)) : Always(b, self, false);
}
Value IsNan(Builder& b, Value self) {
  return IsFloat(self.dtype()) ? b.IsNaN(AtLeastFloat(b, self)) : Always(b, self, false);
}
Value IsPosInf(Builder& b, Value self) {
  return IsFloat(self.dtype()) ? b.IsInf(AtLeastFloat(b, self), {.detect_negative = 0}) : Always(b, self, false);
}
Value IsNegInf(Builder& b, Value self) {
  return IsFloat(self.dtype()) ? b.IsInf(AtLeastFloat(b, self), {.detect_positive = 0}) : Always(b, self, false);
}
// A NaN is not less than infinity.
Value IsFinite(Builder& b, Value self) {
  if (!IsFloat(self.dtype())) return Always(b, self, true);
  const Value number = AtLeastFloat(b, self);
  return b.Less(b.Abs(number), Number(b, number, INFINITY));
}

// The largest finite number of a dtype.
std::optional<double> Largest(DType dtype) {
  if (dtype == DType::kFloat) return std::numeric_limits<float>::max();
  if (dtype == DType::kDouble) return std::numeric_limits<double>::max();
  if (dtype == DType::kFloat16) return 65504.0;
  if (dtype == DType::kBFloat16) return std::bit_cast<float>(0x7f7f0000U);
  return std::nullopt;
}

Value NanToNum(Builder& b, Value self, std::optional<double> nan, std::optional<double> posinf,
               std::optional<double> neginf) {
  if (!IsFloat(self.dtype())) return self;
  const auto largest = Largest(self.dtype());
  if (!largest) return b.Unsupported("self has dtype {}", self.dtype());
  Value out = b.Where(IsNan(b, self), Number(b, self, nan.value_or(0)), self);
  out = b.Where(IsPosInf(b, self), Number(b, self, posinf.value_or(*largest)), out);
  return b.Where(IsNegInf(b, self), Number(b, self, neginf.value_or(-*largest)), out);
}

// The angle of a real number: 0, or pi where it is negative; a NaN stays one.
Value Angle(Builder& b, Value self) {
  if (IsComplex(self.dtype())) return b.Unsupported("self has dtype {}", self.dtype());
  const Value number = Floating(b, self);
  const Value angle =
      b.Where(b.Less(number, Number(b, number, 0)), Number(b, number, std::numbers::pi), Number(b, number, 0));
  return IsFloat(self.dtype()) ? b.Where(IsNan(b, number), number, angle) : angle;
}

Value Logit(Builder& b, Value self, std::optional<double> eps) {
  Value p = Floating(b, self);
  if (eps) p = b.Clip(p, Number(b, p, *eps), Number(b, p, 1 - *eps));
  return b.Log(b.Div(p, b.Sub(Number(b, p, 1), p)));
}

// -x log x, which is 0 at 0; torch answers -infinity below.
Value Entr(Builder& b, Value self) {
  const Value x = Floating(b, self), zero = Number(b, x, 0);
  const Value entropy = b.Where(b.Equal(x, zero), zero, b.Neg(b.Mul(x, b.Log(x))));
  return b.Where(b.Less(x, zero), Number(b, x, -INFINITY), entropy);
}

Value Scaled(Builder& b, Value self, double factor) {
  const Value number = Floating(b, self);
  return b.Mul(number, Number(b, number, factor));
}
Value Deg2rad(Builder& b, Value self) { return Scaled(b, self, std::numbers::pi / 180); }
Value Rad2deg(Builder& b, Value self) { return Scaled(b, self, 180 / std::numbers::pi); }

constexpr Lowering kTable[] = {
    Lower<Abs>("aten::abs(Tensor self) -> Tensor"),
    Lower<Neg>("aten::neg(Tensor self) -> Tensor"),
    Lower<Sign>("aten::sign(Tensor self) -> Tensor"),
    Lower<Sign>("aten::sgn(Tensor self) -> Tensor"),
    Lower<Rsqrt>("aten::rsqrt(Tensor self) -> Tensor"),
    Lower<Square>("aten::square(Tensor self) -> Tensor"),
    Lower<FloatUnary<&Builder::Sqrt>>("aten::sqrt(Tensor self) -> Tensor"),
    Lower<FloatUnary<&Builder::Exp>>("aten::exp(Tensor self) -> Tensor"),
    Lower<FloatUnary<&Builder::Log>>("aten::log(Tensor self) -> Tensor"),
    Lower<FloatUnary<&Builder::Reciprocal>>("aten::reciprocal(Tensor self) -> Tensor"),
    Lower<FloatUnary<&Builder::Erf>>("aten::erf(Tensor self) -> Tensor"),
    Lower<FloatUnary<&Builder::Sin>>("aten::sin(Tensor self) -> Tensor"),
    Lower<FloatUnary<&Builder::Cos>>("aten::cos(Tensor self) -> Tensor"),
    Lower<FloatUnary<&Builder::Tan>>("aten::tan(Tensor self) -> Tensor"),
    Lower<FloatUnary<&Builder::Asin>>("aten::asin(Tensor self) -> Tensor"),
    Lower<FloatUnary<&Builder::Acos>>("aten::acos(Tensor self) -> Tensor"),
    Lower<FloatUnary<&Builder::Atan>>("aten::atan(Tensor self) -> Tensor"),
    Lower<FloatUnary<&Builder::Sinh>>("aten::sinh(Tensor self) -> Tensor"),
    Lower<FloatUnary<&Builder::Cosh>>("aten::cosh(Tensor self) -> Tensor"),
    Lower<FloatUnary<&Builder::Asinh>>("aten::asinh(Tensor self) -> Tensor"),
    Lower<FloatUnary<&Builder::Acosh>>("aten::acosh(Tensor self) -> Tensor"),
    Lower<FloatUnary<&Builder::Atanh>>("aten::atanh(Tensor self) -> Tensor"),
    Lower<Log2>("aten::log2(Tensor self) -> Tensor"),
    Lower<Log10>("aten::log10(Tensor self) -> Tensor"),
    Lower<Log1p>("aten::log1p(Tensor self) -> Tensor"),
    Lower<Expm1>("aten::expm1(Tensor self) -> Tensor"),
    Lower<Exp2>("aten::exp2(Tensor self) -> Tensor"),
    Lower<Rounding<&Builder::Ceil>>("aten::ceil(Tensor self) -> Tensor"),
    Lower<Rounding<&Builder::Floor>>("aten::floor(Tensor self) -> Tensor"),
    Lower<Rounding<&Builder::Round>>("aten::round(Tensor self) -> Tensor"),
    Lower<RoundDecimals>("aten::round.decimals(Tensor self, *, int decimals) -> Tensor"),
    Lower<Trunc>("aten::trunc(Tensor self) -> Tensor"),
    Lower<Frac>("aten::frac(Tensor self) -> Tensor"),
    Lower<IsInf>("aten::isinf(Tensor self) -> Tensor"),
    Lower<IsNan>("aten::isnan(Tensor self) -> Tensor"),
    Lower<IsPosInf>("aten::isposinf(Tensor self) -> Tensor"),
    Lower<IsNegInf>("aten::isneginf(Tensor self) -> Tensor"),
    Lower<IsFinite>("aten::isfinite(Tensor self) -> Tensor"),
    Lower<NanToNum>("aten::nan_to_num(Tensor self, float? nan=None, float? posinf=None, float? neginf=None) -> Tensor"),
    Lower<Angle>("aten::angle(Tensor self) -> Tensor"),
    Lower<Logit>("aten::logit(Tensor self, float? eps=None) -> Tensor"),
    Lower<Entr>("aten::special_entr(Tensor self) -> Tensor"),
    Lower<Deg2rad>("aten::deg2rad(Tensor self) -> Tensor"),
    Lower<Rad2deg>("aten::rad2deg(Tensor self) -> Tensor"),
};

}  // namespace

std::span<const Lowering> UnaryLowerings() { return kTable; }

}  // namespace fairlead::aten
