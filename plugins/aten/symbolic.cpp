// Sizes as numbers, and Python's arithmetic on the numbers that torch.export keeps symbolic: int64, double and bool
// scalars.
#include "families.hpp"

namespace fairlead::aten {
namespace {

Value SymSize(Builder& b, Value self, int64_t dim) { return b.ToValue(self.dim(dim)); }
Value SymNumel(Builder& b, Value self) { return b.ToValue(b.CountOf(self)); }

// ---- Python's arithmetic ----

Value Float(Builder& b, Value a) { return b.ToType(a, DType::kDouble); }
Value Int(Builder& b, Value a) { return b.ToType(a, DType::kInt64); }

struct Pair {
  Value a, b;
  bool floating;
};

// bool counts as int; one float makes both floats.
Pair Numbers(Builder& b, Value x, Value y) {
  const bool floating = IsFloat(x.dtype()) || IsFloat(y.dtype());
  const DType type = floating ? DType::kDouble : DType::kInt64;
  return {b.ToType(x, type), b.ToType(y, type), floating};
}

template <Value (OnnxOps::*Method)(Value, Value)> Value Arithmetic(Builder& b, Value x, Value y) {
  const Pair n = Numbers(b, x, y);
  OnnxOps& ops = b;
  return (ops.*Method)(n.a, n.b);
}

// ONNX divides integers towards zero, Python towards minus infinity; Mod has Python's sign.
Value FloorDiv(Builder& b, Value x, Value y) {
  const Pair n = Numbers(b, x, y);
  return n.floating ? b.Floor(b.Div(n.a, n.b)) : b.Div(b.Sub(n.a, b.Mod(n.a, n.b)), n.b);
}
Value PythonMod(Builder& b, Value x, Value y) {
  const Pair n = Numbers(b, x, y);
  return n.floating ? b.Sub(n.a, b.Mul(b.Floor(b.Div(n.a, n.b)), n.b)) : b.Mod(n.a, n.b);
}
Value TrueDiv(Builder& b, Value x, Value y) { return b.Div(Float(b, x), Float(b, y)); }
Value Pow(Builder& b, Value x, Value y) {
  const Pair n = Numbers(b, x, y);
  return b.Pow(n.a, n.b);
}

Value PowerOfTwo(Builder& b, Value exponent) { return b.Pow(b.Constant(2, DType::kInt64), Int(b, exponent)); }
Value LeftShift(Builder& b, Value x, Value y) { return b.Mul(Int(b, x), PowerOfTwo(b, y)); }
Value RightShift(Builder& b, Value x, Value y) { return FloorDiv(b, x, PowerOfTwo(b, y)); }

Value NotEqual(Builder& b, Value x, Value y) { return b.Not(Arithmetic<&OnnxOps::Equal>(b, x, y)); }

// On bools Python's operators are logical, on integers bitwise.
template <Value (OnnxOps::*Logical)(Value, Value), Value (OnnxOps::*Bitwise)(Value, Value)>
Value Bits(Builder& b, Value x, Value y) {
  OnnxOps& ops = b;
  if (x.dtype() == DType::kBool && y.dtype() == DType::kBool) return (ops.*Logical)(x, y);
  return (ops.*Bitwise)(Int(b, x), Int(b, y));
}
Value Not(Builder& b, Value a) { return b.Not(b.ToType(a, DType::kBool)); }

Value Neg(Builder& b, Value a) { return b.Neg(a.dtype() == DType::kBool ? Int(b, a) : a); }
Value Pos(Builder&, Value a) { return a; }
Value Sqrt(Builder& b, Value a) { return b.Sqrt(Float(b, a)); }

// A float becomes an int after the rounding of its name; an int stays.
template <Value (OnnxOps::*Method)(Value)> Value ToInt(Builder& b, Value a) {
  if (!IsFloat(a.dtype())) return Int(b, a);
  OnnxOps& ops = b;
  return Int(b, (ops.*Method)(a));
}
Value Truncated(Builder& b, Value a) { return Int(b, a); }

template <bool largest> Value Extreme(Builder& b, Value x, Value y) {
  const Pair n = Numbers(b, x, y);
  return largest ? b.Max({n.a, n.b}) : b.Min({n.a, n.b});
}

Value IfThenElse(Builder& b, Value condition, Value t, Value f) {
  const Pair n = Numbers(b, t, f);
  return b.ToType(b.Where(b.ToType(condition, DType::kBool), n.a, n.b), t.dtype() == f.dtype() ? t.dtype() : n.a.dtype());
}

constexpr Lowering kTable[] = {
    Lower<SymSize>("aten::sym_size.int(Tensor self, int dim) -> SymInt"),
    Lower<SymNumel>("aten::sym_numel(Tensor self) -> SymInt"),
    Lower<Arithmetic<&OnnxOps::Add>>("python::add(SymNumber a, SymNumber b) -> SymNumber"),
    Lower<Arithmetic<&OnnxOps::Sub>>("python::sub(SymNumber a, SymNumber b) -> SymNumber"),
    Lower<Arithmetic<&OnnxOps::Mul>>("python::mul(SymNumber a, SymNumber b) -> SymNumber"),
    Lower<FloorDiv>("python::floordiv(SymNumber a, SymNumber b) -> SymNumber"),
    Lower<PythonMod>("python::mod(SymNumber a, SymNumber b) -> SymNumber"),
    Lower<TrueDiv>("python::truediv(SymNumber a, SymNumber b) -> SymNumber"),
    Lower<Pow>("python::pow(SymNumber a, SymNumber b) -> SymNumber"),
    Lower<LeftShift>("python::lshift(SymNumber a, SymNumber b) -> SymNumber"),
    Lower<RightShift>("python::rshift(SymNumber a, SymNumber b) -> SymNumber"),
    Lower<Arithmetic<&OnnxOps::Equal>>("python::eq(SymNumber a, SymNumber b) -> SymNumber"),
    Lower<NotEqual>("python::ne(SymNumber a, SymNumber b) -> SymNumber"),
    Lower<Arithmetic<&OnnxOps::Less>>("python::lt(SymNumber a, SymNumber b) -> SymNumber"),
    Lower<Arithmetic<&OnnxOps::LessOrEqual>>("python::le(SymNumber a, SymNumber b) -> SymNumber"),
    Lower<Arithmetic<&OnnxOps::Greater>>("python::gt(SymNumber a, SymNumber b) -> SymNumber"),
    Lower<Arithmetic<&OnnxOps::GreaterOrEqual>>("python::ge(SymNumber a, SymNumber b) -> SymNumber"),
    Lower<Bits<&OnnxOps::And, &OnnxOps::BitwiseAnd>>("python::and_(SymNumber a, SymNumber b) -> SymNumber"),
    Lower<Bits<&OnnxOps::Or, &OnnxOps::BitwiseOr>>("python::or_(SymNumber a, SymNumber b) -> SymNumber"),
    Lower<Bits<&OnnxOps::Xor, &OnnxOps::BitwiseXor>>("python::xor(SymNumber a, SymNumber b) -> SymNumber"),
    Lower<Not>("python::not_(SymNumber a) -> SymNumber"),
    Lower<Not>("python::sym_not(SymNumber a) -> SymNumber"),
    Lower<Neg>("python::neg(SymNumber a) -> SymNumber"),
    Lower<Pos>("python::pos(SymNumber a) -> SymNumber"),
    Lower<Sqrt>("python::sqrt(SymNumber a) -> SymNumber"),
    Lower<Sqrt>("python::_sym_sqrt(SymNumber a) -> SymNumber"),
    Lower<ToInt<&OnnxOps::Floor>>("python::floor(SymNumber a) -> SymNumber"),
    Lower<ToInt<&OnnxOps::Ceil>>("python::ceil(SymNumber a) -> SymNumber"),
    Lower<ToInt<&OnnxOps::Round>>("python::round(SymNumber a) -> SymNumber"),
    Lower<Truncated>("python::trunc(SymNumber a) -> SymNumber"),
    Lower<Truncated>("python::sym_int(SymNumber a) -> SymNumber"),
    Lower<Float>("python::sym_float(SymNumber a) -> SymNumber"),
    Lower<Extreme<true>>("python::sym_max(SymNumber a, SymNumber b) -> SymNumber"),
    Lower<Extreme<false>>("python::sym_min(SymNumber a, SymNumber b) -> SymNumber"),
    Lower<IfThenElse>("python::sym_ite(SymNumber b, SymNumber t, SymNumber f) -> SymNumber"),
};

}  // namespace

std::span<const Lowering> SymbolicLowerings() { return kTable; }

}  // namespace fairlead::aten
