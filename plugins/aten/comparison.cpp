// Comparisons, logic, and choosing between two operands.
//
// `Y` is Value for a tensor and Scalar for a number; both take part in promotion.
#include "families.hpp"

namespace fairlead::aten {
namespace {

// ---- comparisons ----

// ONNX orders numbers only.
Value AsOrdered(Builder& b, Value x) { return x.dtype() == DType::kBool ? b.ToType(x, DType::kInt32) : x; }

template <auto Method, class Y> Value Compare(Builder& b, Value self, Y other) {
  const auto [x, y] = b.Promote(self, other);
  OnnxOps& ops = b;
  return (ops.*Method)(AsOrdered(b, x), AsOrdered(b, y));
}

template <class Y> Value Equal(Builder& b, Value self, Y other) {
  const auto [x, y] = b.Promote(self, other);
  return b.Equal(x, y);
}

template <class Y> Value NotEqual(Builder& b, Value self, Y other) { return b.Not(Equal(b, self, other)); }

// |self - other| <= atol + rtol * |other|, or equal; infinities are close to themselves alone.
Value IsClose(Builder& b, Value self, Value other, double rtol, double atol, bool equal_nan) {
  const auto [x, y] = b.Promote(self, other);
  Value close = b.Equal(x, y);
  if (equal_nan && IsFloat(x.dtype())) close = b.Or(close, b.And(b.IsNaN(x), b.IsNaN(y)));
  if (rtol == 0 && atol == 0) return close;
  const Value wanted = b.ToFloat(AsOrdered(b, y));
  const Value actual = b.Abs(b.Sub(b.ToFloat(AsOrdered(b, x)), wanted));
  const Value allowed = b.Add(b.Abs(b.Mul(wanted, b.Like(wanted, rtol))), b.Like(wanted, atol));
  const Value infinite = b.Or(b.IsInf(actual), b.IsNaN(actual));
  return b.Or(close, b.And(b.LessOrEqual(actual, allowed), b.Not(infinite)));
}

// ---- logic ----

Value AsBool(Builder& b, Value x) { return b.ToType(x, DType::kBool); }

Value LogicalAnd(Builder& b, Value self, Value other) { return b.And(AsBool(b, self), AsBool(b, other)); }

Value LogicalOr(Builder& b, Value self, Value other) { return b.Or(AsBool(b, self), AsBool(b, other)); }

Value LogicalXor(Builder& b, Value self, Value other) { return b.Xor(AsBool(b, self), AsBool(b, other)); }

Value LogicalNot(Builder& b, Value self) { return b.Not(AsBool(b, self)); }

// ---- choice ----

Value Maximum(Builder& b, Value self, Value other) {
  const auto [x, y] = b.Promote(self, other);
  return x.dtype() == DType::kBool ? b.Or(x, y) : b.Max({x, y});
}

Value Minimum(Builder& b, Value self, Value other) {
  const auto [x, y] = b.Promote(self, other);
  return x.dtype() == DType::kBool ? b.And(x, y) : b.Min({x, y});
}

// The other operand where one is NaN.
Value UnlessNan(Builder& b, Value x, Value y, Value chosen) {
  return b.Where(b.IsNaN(x), y, b.Where(b.IsNaN(y), x, chosen));
}

Value Fmax(Builder& b, Value self, Value other) {
  const auto [x, y] = b.Promote(self, other);
  const Value chosen = Maximum(b, x, y);
  return IsFloat(x.dtype()) ? UnlessNan(b, x, y, chosen) : chosen;
}

Value Fmin(Builder& b, Value self, Value other) {
  const auto [x, y] = b.Promote(self, other);
  const Value chosen = Minimum(b, x, y);
  return IsFloat(x.dtype()) ? UnlessNan(b, x, y, chosen) : chosen;
}

template <class X, class Y> Value Where(Builder& b, Value condition, X self, Y other) {
  const auto [x, y] = b.Promote(self, other);
  return b.Where(AsBool(b, condition), x, y);
}

constexpr auto kLess = &Builder::Less, kLessOrEqual = &Builder::LessOrEqual, kGreater = &Builder::Greater,
               kGreaterOrEqual = &Builder::GreaterOrEqual;

constexpr Lowering kTable[] = {
    Lower<Equal<Value>>("aten::eq.Tensor(Tensor self, Tensor other) -> Tensor"),
    Lower<Equal<Scalar>>("aten::eq.Scalar(Tensor self, Scalar other) -> Tensor"),
    Lower<NotEqual<Value>>("aten::ne.Tensor(Tensor self, Tensor other) -> Tensor"),
    Lower<NotEqual<Scalar>>("aten::ne.Scalar(Tensor self, Scalar other) -> Tensor"),
    Lower<Compare<kLess, Value>>("aten::lt.Tensor(Tensor self, Tensor other) -> Tensor"),
    Lower<Compare<kLess, Scalar>>("aten::lt.Scalar(Tensor self, Scalar other) -> Tensor"),
    Lower<Compare<kLessOrEqual, Value>>("aten::le.Tensor(Tensor self, Tensor other) -> Tensor"),
    Lower<Compare<kLessOrEqual, Scalar>>("aten::le.Scalar(Tensor self, Scalar other) -> Tensor"),
    Lower<Compare<kGreater, Value>>("aten::gt.Tensor(Tensor self, Tensor other) -> Tensor"),
    Lower<Compare<kGreater, Scalar>>("aten::gt.Scalar(Tensor self, Scalar other) -> Tensor"),
    Lower<Compare<kGreaterOrEqual, Value>>("aten::ge.Tensor(Tensor self, Tensor other) -> Tensor"),
    Lower<Compare<kGreaterOrEqual, Scalar>>("aten::ge.Scalar(Tensor self, Scalar other) -> Tensor"),
    Lower<IsClose>("aten::isclose(Tensor self, Tensor other, float rtol=1e-05, float atol=1e-08, bool equal_nan=False) -> "
                   "Tensor"),

    Lower<LogicalAnd>("aten::logical_and(Tensor self, Tensor other) -> Tensor"),
    Lower<LogicalOr>("aten::logical_or(Tensor self, Tensor other) -> Tensor"),
    Lower<LogicalXor>("aten::logical_xor(Tensor self, Tensor other) -> Tensor"),
    Lower<LogicalNot>("aten::logical_not(Tensor self) -> Tensor"),

    Lower<Maximum>("aten::maximum(Tensor self, Tensor other) -> Tensor"),
    Lower<Maximum>("aten::max.other(Tensor self, Tensor other) -> Tensor"),
    Lower<Minimum>("aten::minimum(Tensor self, Tensor other) -> Tensor"),
    Lower<Minimum>("aten::min.other(Tensor self, Tensor other) -> Tensor"),
    Lower<Fmax>("aten::fmax(Tensor self, Tensor other) -> Tensor"),
    Lower<Fmin>("aten::fmin(Tensor self, Tensor other) -> Tensor"),
    Lower<Where<Value, Value>>("aten::where.self(Tensor condition, Tensor self, Tensor other) -> Tensor"),
    Lower<Where<Value, Scalar>>("aten::where.ScalarOther(Tensor condition, Tensor self, Scalar other) -> Tensor"),
    Lower<Where<Scalar, Value>>("aten::where.ScalarSelf(Tensor condition, Scalar self, Tensor other) -> Tensor"),
    Lower<Where<Scalar, Scalar>>("aten::where.Scalar(Tensor condition, Scalar self, Scalar other) -> Tensor"),
};

}  // namespace

std::span<const Lowering> ComparisonLowerings() { return kTable; }

}  // namespace fairlead::aten
