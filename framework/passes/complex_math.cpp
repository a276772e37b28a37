#include "passes/complex_math.hpp"

namespace fairlead {

// ---- sums and products ----

Parts ComplexMath::Add(Parts x, Parts y) {
  Parts out{Sum(x.real, y.real)};
  if (x.IsReal() && y.IsReal()) return out;
  out.imag = Sum(Imag(x), Imag(y));
  return out;
}

Parts ComplexMath::Sub(Parts x, Parts y) {
  Parts out{Difference(x.real, y.real)};
  if (x.IsReal() && y.IsReal()) return out;
  out.imag = Difference(Imag(x), Imag(y));
  return out;
}

Parts ComplexMath::Mul(Parts x, Parts y) {
  if (x.IsReal() && y.IsReal()) return {Product(x.real, y.real)};
  if (x.IsReal()) return {Product(x.real, y.real), Product(x.real, y.imag)};
  if (y.IsReal()) return {Product(x.real, y.real), Product(x.imag, y.real)};
  return {Difference(Product(x.real, y.real), Product(x.imag, y.imag)),
          Sum(Product(x.real, y.imag), Product(x.imag, y.real))};
}

Parts ComplexMath::Mul(Parts x, double factor) {
  return {math_.Binary("mul", x.real, factor), x.IsReal() ? kNoValue : math_.Binary("mul", x.imag, factor)};
}

// x / y = x · conj(y') / (|y'|² s) for y = s y', where s is the larger part of y: |y'|² is neither 0 nor out of range.
Parts ComplexMath::Div(Parts x, Parts y) {
  if (y.IsReal()) return {math_.Binary("div", x.real, y.real), x.IsReal() ? kNoValue : math_.Binary("div", x.imag, y.real)};
  const ValueId scale = math_.Larger(math_.Unary("abs", y.real), math_.Unary("abs", y.imag));
  const Parts unit = {math_.Binary("div", y.real, scale), math_.Binary("div", y.imag, scale)};
  const ValueId square = Sum(Product(unit.real, unit.real), Product(unit.imag, unit.imag));
  const Parts product = Mul(x, Conj(unit));
  const ValueId divisor = Product(square, scale);
  return {math_.Binary("div", product.real, divisor), math_.Binary("div", product.imag, divisor)};
}

Parts ComplexMath::Neg(Parts x) { return {math_.Unary("neg", x.real), x.IsReal() ? kNoValue : math_.Unary("neg", x.imag)}; }

Parts ComplexMath::Conj(Parts x) { return {x.real, x.IsReal() ? kNoValue : math_.Unary("neg", x.imag)}; }

Parts ComplexMath::Reciprocal(Parts x) { return Div({math_.Number(1.0, math_.TypeOf(x.real).dtype)}, x); }

Parts ComplexMath::TimesI(Parts x) { return {math_.Unary("neg", Imag(x)), x.real}; }

// ---- size and direction ----

ValueId ComplexMath::Abs(Parts x) { return x.IsReal() ? math_.Unary("abs", x.real) : math_.Hypot(x.real, x.imag); }

ValueId ComplexMath::Angle(Parts x) { return math_.Atan2(Imag(x), x.real); }

// x / |x|, and 0 for 0.
Parts ComplexMath::Sgn(Parts x) {
  const ValueId size = Abs(x), is_zero = math_.Compare("eq", size, 0.0);
  const ValueId divisor = math_.Where(is_zero, 1.0, size);
  return {math_.Binary("div", x.real, divisor), x.IsReal() ? kNoValue : math_.Binary("div", x.imag, divisor)};
}

// ---- powers and logarithms ----

Parts ComplexMath::Exp(Parts x) {
  const ValueId size = math_.Unary("exp", x.real);
  if (x.IsReal()) return {size};
  return {Product(size, math_.Unary("cos", x.imag)), Product(size, math_.Unary("sin", x.imag))};
}

Parts ComplexMath::Log(Parts x) { return {math_.Unary("log", Abs(x)), Angle(x)}; }

// The larger part is a root of a sum without cancellation, the smaller one comes from the imaginary part of the square.
Parts ComplexMath::Sqrt(Parts x) {
  const ValueId imag = Imag(x);
  const ValueId half = math_.Binary("mul", Sum(Abs(x), math_.Unary("abs", x.real)), 0.5);
  const ValueId larger = math_.Unary("sqrt", half);
  const ValueId divisor = math_.Where(math_.Compare("eq", larger, 0.0), 1.0, larger);
  const ValueId smaller = math_.Binary("mul", math_.Binary("div", math_.Unary("abs", imag), divisor), 0.5);
  const ValueId is_right = math_.Compare("ge", x.real, 0.0);
  return {math_.Where(is_right, larger, smaller), math_.Copysign(math_.Where(is_right, smaller, larger), imag)};
}

// e^(y log x); 0^y is 0, and 1 for y = 0.
Parts ComplexMath::Pow(Parts x, Parts y) {
  const Parts power = Exp(Mul(y, Log(x)));
  const ValueId base_is_zero = math_.Compare("eq", Abs(x), 0.0);
  const ValueId exponent_is_zero = math_.Compare("eq", Abs(y), 0.0);
  const ValueId limit = math_.ToType(exponent_is_zero, math_.TypeOf(power.real).dtype);
  return {math_.Where(base_is_zero, limit, power.real), math_.Where(base_is_zero, 0.0, power.imag)};
}

// ---- trigonometry ----

Parts ComplexMath::Sin(Parts x) {
  const ValueId imag = Imag(x);
  return {Product(math_.Unary("sin", x.real), math_.Unary("cosh", imag)),
          Product(math_.Unary("cos", x.real), math_.Unary("sinh", imag))};
}

Parts ComplexMath::Cos(Parts x) {
  const ValueId imag = Imag(x);
  return {Product(math_.Unary("cos", x.real), math_.Unary("cosh", imag)),
          math_.Unary("neg", Product(math_.Unary("sin", x.real), math_.Unary("sinh", imag)))};
}

// sinh x = -i sin(i x)
Parts ComplexMath::Sinh(Parts x) {
  const ValueId imag = Imag(x);
  return {Product(math_.Unary("sinh", x.real), math_.Unary("cos", imag)),
          Product(math_.Unary("cosh", x.real), math_.Unary("sin", imag))};
}

Parts ComplexMath::Cosh(Parts x) { return Cos(TimesI(x)); }

// With t = tanh(real) and u = tan(imag): (t(1 + u²) + i u(1 - t²)) / (1 + t²u²), whose terms stay in range.
Parts ComplexMath::Tanh(Parts x) {
  const ValueId t = math_.Unary("tanh", x.real), u = math_.Unary("tan", Imag(x));
  const ValueId tt = Product(t, t), uu = Product(u, u);
  const ValueId divisor = math_.Binary("add", Product(tt, uu), 1.0);
  const ValueId real = Product(t, math_.Binary("add", uu, 1.0));
  const ValueId imag = Difference(u, Product(u, tt));
  return {math_.Binary("div", real, divisor), math_.Binary("div", imag, divisor)};
}

// tan x = -i tanh(i x)
Parts ComplexMath::Tan(Parts x) {
  const Parts turned = Tanh(TimesI(x));
  return {turned.imag, math_.Unary("neg", turned.real)};
}

// 1 / (1 + e^-x)
Parts ComplexMath::Sigmoid(Parts x) {
  Parts sum = Exp(Neg(x));
  sum.real = math_.Binary("add", sum.real, 1.0);
  return Reciprocal(sum);
}

}  // namespace fairlead
