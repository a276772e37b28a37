// A tensor of floats written with operators, so that a formula reads as it does in the literature. Numbers become constants
// of the tensor's type.
//
//   Real Entropy(Real x) { return Where(x == 0, 0, -(x * Log(x))); }
//   Lower<Elementwise<Entropy>>("aten::special_entr(Tensor self) -> Tensor")
//
// Elementwise computes float and integers in double, as the series here were made for, and narrow floats in float, as torch
// does; the result is cast to torch's dtype. Both sides of a Where are computed: what is chosen must be right, the other
// side may be anything.
#pragma once

#include <fairlead/sdk/lowering.hpp>

namespace fairlead::aten {

class Real {
 public:
  Real(Builder& b, Value value) : builder_(&b), value_(value) {}

  Builder& builder() const { return *builder_; }
  Value value() const { return value_; }
  DType dtype() const { return value_.dtype(); }
  Real With(Value value) const { return {*builder_, value}; }
  // The number in this type.
  Real Number(double number) const { return With(builder_->Like(value_, number)); }

 private:
  Builder* builder_;
  Value value_;
};

// A tensor of bools.
class Truth {
 public:
  Truth(Builder& b, Value value) : builder_(&b), value_(value) {}

  Builder& builder() const { return *builder_; }
  Value value() const { return value_; }

 private:
  Builder* builder_;
  Value value_;
};

// ---- arithmetic ----

inline Real operator+(Real x, Real y) { return x.With(x.builder().Add(x.value(), y.value())); }
inline Real operator+(Real x, double y) { return x + x.Number(y); }
inline Real operator+(double x, Real y) { return y.Number(x) + y; }
inline Real operator-(Real x, Real y) { return x.With(x.builder().Sub(x.value(), y.value())); }
inline Real operator-(Real x, double y) { return x - x.Number(y); }
inline Real operator-(double x, Real y) { return y.Number(x) - y; }
inline Real operator*(Real x, Real y) { return x.With(x.builder().Mul(x.value(), y.value())); }
inline Real operator*(Real x, double y) { return x * x.Number(y); }
inline Real operator*(double x, Real y) { return y.Number(x) * y; }
inline Real operator/(Real x, Real y) { return x.With(x.builder().Div(x.value(), y.value())); }
inline Real operator/(Real x, double y) { return x / x.Number(y); }
inline Real operator/(double x, Real y) { return y.Number(x) / y; }
inline Real operator-(Real x) { return x.With(x.builder().Neg(x.value())); }

inline Real Abs(Real x) { return x.With(x.builder().Abs(x.value())); }
inline Real Cos(Real x) { return x.With(x.builder().Cos(x.value())); }
inline Real Exp(Real x) { return x.With(x.builder().Exp(x.value())); }
inline Real Floor(Real x) { return x.With(x.builder().Floor(x.value())); }
inline Real Log(Real x) { return x.With(x.builder().Log(x.value())); }
inline Real Max(Real x, double y) { return x.With(x.builder().Max({x.value(), x.Number(y).value()})); }
inline Real Pow(Real x, Real y) { return x.With(x.builder().Pow(x.value(), y.value())); }
inline Real Round(Real x) { return x.With(x.builder().Round(x.value())); }
inline Real Sin(Real x) { return x.With(x.builder().Sin(x.value())); }
inline Real Sqrt(Real x) { return x.With(x.builder().Sqrt(x.value())); }

// ---- questions and choices ----

inline Truth operator<(Real x, Real y) { return {x.builder(), x.builder().Less(x.value(), y.value())}; }
inline Truth operator<(Real x, double y) { return x < x.Number(y); }
inline Truth operator<=(Real x, Real y) { return {x.builder(), x.builder().LessOrEqual(x.value(), y.value())}; }
inline Truth operator<=(Real x, double y) { return x <= x.Number(y); }
inline Truth operator>(Real x, Real y) { return y < x; }
inline Truth operator>(Real x, double y) { return x.Number(y) < x; }
inline Truth operator>=(Real x, Real y) { return y <= x; }
inline Truth operator>=(Real x, double y) { return x.Number(y) <= x; }
inline Truth operator==(Real x, Real y) { return {x.builder(), x.builder().Equal(x.value(), y.value())}; }
inline Truth operator==(Real x, double y) { return x == x.Number(y); }
inline Truth operator&(Truth x, Truth y) { return {x.builder(), x.builder().And(x.value(), y.value())}; }
inline Truth operator|(Truth x, Truth y) { return {x.builder(), x.builder().Or(x.value(), y.value())}; }
inline Truth operator!(Truth x) { return {x.builder(), x.builder().Not(x.value())}; }
inline Truth IsWhole(Real x) { return x == Floor(x); }
inline Truth IsNan(Real x) { return !(x == x); }
// Whether one of them is true, as a scalar; none of an empty tensor is.
inline Value Any(Truth truth) {
  Builder& b = truth.builder();
  const Value count = b.ReduceSum(b.ToType(truth.value(), DType::kInt64), Ints(), false);
  return b.Greater(count, b.Like(count, 0));
}

inline Real Where(Truth condition, Real x, Real y) {
  return x.With(condition.builder().Where(condition.value(), x.value(), y.value()));
}
inline Real Where(Truth condition, double x, Real y) { return Where(condition, y.Number(x), y); }
inline Real Where(Truth condition, Real x, double y) { return Where(condition, x, x.Number(y)); }

// log(1 + x). What rounding did to a small x is divided out again.
inline Real Log1p(Real x) {
  const Real sum = 1 + x;
  const Real small = Where(sum == 1, x, Log(sum) * (x / (sum - 1)));
  return Where(Abs(x) < 0.5, small, Log(sum));
}

// ---- series ----

// c[0] xⁿ + … + c[n-1] x + c[n]: the order in which Cephes lists its coefficients.
inline Real Horner(Real x, std::span<const double> coefficients) {
  Real sum = x.Number(coefficients.front());
  for (const double coefficient : coefficients.subspan(1)) sum = sum * x + coefficient;
  return sum;
}

// ½ c[n-1] + c[n-2] T₁(x/2) + … + c[0] Tₙ₋₁(x/2) by Clenshaw's recurrence: Cephes' chbevl.
inline Real ChebyshevSeries(Real x, std::span<const double> coefficients) {
  Real last = x.Number(coefficients.front()), before = x.Number(0), earlier = before;
  for (const double coefficient : coefficients.subspan(1)) {
    earlier = before;
    before = last;
    last = x * before - earlier + coefficient;
  }
  return 0.5 * (last - earlier);
}

// ---- lowerings ----

inline DType ComputedIn(DType type) { return IsFloat(type) && BitWidth(type) < 32 ? DType::kFloat : DType::kDouble; }

// The real function of one tensor.
template <auto Function> Value Elementwise(Builder& b, Value self) {
  const DType type = FloatType(self.dtype());
  if (IsComplex(type)) return b.Unsupported("self has dtype {}", type);
  return b.ToType(Function(Real(b, b.ToType(self, ComputedIn(type)))).value(), type);
}

// The real function of two operands in their common type; each is a tensor or a number.
template <auto Function, class X, class Y> Value ElementwiseOfTwo(Builder& b, X self, Y other) {
  const DType type = FloatType(b.PromotedType({self, other}));
  if (IsComplex(type)) return b.Unsupported("the operands have dtype {}", type);
  // Numbers are rounded to that type first, as torch does.
  const auto operand = [&](const Operand& given) { return Real(b, b.ToType(b.ToTensor(given, type), ComputedIn(type))); };
  return b.ToType(Function(operand(self), operand(other)).value(), type);
}

}  // namespace fairlead::aten
