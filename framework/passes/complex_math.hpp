// Arithmetic of complex numbers on their parts, as PyTorch computes it (c10/util/complex.h, aten/src/ATen/cpu/vec):
// principal branches, quotients scaled so that squares stay in range.
#pragma once

#include "passes/complex_parts.hpp"

namespace fairlead {

class ComplexMath {
 public:
  explicit ComplexMath(RealMath& math) : math_(math) {}

  Parts Add(Parts x, Parts y);
  Parts Sub(Parts x, Parts y);
  Parts Mul(Parts x, Parts y);
  Parts Mul(Parts x, double factor);
  Parts Div(Parts x, Parts y);
  Parts Neg(Parts x);
  Parts Conj(Parts x);
  Parts Reciprocal(Parts x);
  Parts TimesI(Parts x);  // i·x

  ValueId Abs(Parts x);
  ValueId Angle(Parts x);
  Parts Sgn(Parts x);

  Parts Exp(Parts x);
  Parts Log(Parts x);
  Parts Sqrt(Parts x);
  Parts Pow(Parts x, Parts y);
  Parts Sin(Parts x);
  Parts Cos(Parts x);
  Parts Sinh(Parts x);
  Parts Cosh(Parts x);
  Parts Tanh(Parts x);
  Parts Tan(Parts x);
  Parts Sigmoid(Parts x);

 private:
  ValueId Product(ValueId x, ValueId y) { return math_.Binary("mul", x, y); }
  ValueId Sum(ValueId x, ValueId y) { return math_.Binary("add", x, y); }
  ValueId Difference(ValueId x, ValueId y) { return math_.Binary("sub", x, y); }
  ValueId Imag(Parts x) { return x.IsReal() ? math_.ZerosLike(x.real) : x.imag; }

  RealMath& math_;
};

}  // namespace fairlead
