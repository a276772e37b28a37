// Rules of arithmetic and of questions about elements.
#include <cmath>
#include <numbers>

#include "passes/complex_rules.hpp"

namespace fairlead {

// ---- one operand ----

Status ComplexRules::Unary(const Node& node) {
  const std::string_view type = node.op.type;
  const DType dtype = PartTypeOf(node);
  const Parts x = parts_.PartsOf(node.Argument("self"), dtype);
  const auto plus = [&](Parts parts, double number) {
    parts.real = math_.Binary("add", parts.real, number);
    return parts;
  };
  const auto is = [&](std::string_view name) { return type == name; };
  if (is("_conj") || is("conj") || is("_conj_physical") || is("conj_physical")) return Give(node, complex_.Conj(x));
  if (is("resolve_conj") || is("resolve_neg")) return Give(node, x);
  if (is("_neg_view")) return Give(node, complex_.Neg(x));
  if (is("reciprocal")) return Give(node, complex_.Reciprocal(x));
  if (is("sgn")) return Give(node, complex_.Sgn(x));
  if (is("square")) return Give(node, complex_.Mul(x, x));
  if (is("exp")) return Give(node, complex_.Exp(x));
  if (is("exp2")) return Give(node, complex_.Exp(complex_.Mul(x, std::numbers::ln2)));
  if (is("expm1")) return Give(node, plus(complex_.Exp(x), -1));
  if (is("log")) return Give(node, complex_.Log(x));
  if (is("log2")) return Give(node, complex_.Mul(complex_.Log(x), 1 / std::numbers::ln2));
  if (is("log10")) return Give(node, complex_.Mul(complex_.Log(x), 1 / std::numbers::ln10));
  if (is("log1p")) return Give(node, complex_.Log(plus(x, 1)));
  if (is("sqrt")) return Give(node, complex_.Sqrt(x));
  if (is("rsqrt")) return Give(node, complex_.Reciprocal(complex_.Sqrt(x)));
  if (is("sin")) return Give(node, complex_.Sin(x));
  if (is("cos")) return Give(node, complex_.Cos(x));
  if (is("tan")) return Give(node, complex_.Tan(x));
  if (is("sinh")) return Give(node, complex_.Sinh(x));
  if (is("cosh")) return Give(node, complex_.Cosh(x));
  if (is("tanh")) return Give(node, complex_.Tanh(x));
  if (is("silu")) return Give(node, complex_.Mul(x, complex_.Sigmoid(x)));
  return Give(node, complex_.Sigmoid(x));
}

Status ComplexRules::Adjoint(const Node& node) {
  const Parts x = parts_.PartsOf(node.Argument("self"));
  const auto turned = [&](ValueId part) {
    Node turn = math_.Call("transpose", part, "int");
    turn.Set("dim0", int64_t{-2});
    turn.Set("dim1", int64_t{-1});
    return math_.Emit(std::move(turn), Type(math_.TypeOf(part).dtype, math_.TypeOf(node.outputs[0]).dims));
  };
  return Give(node, complex_.Conj({turned(x.real), x.IsReal() ? kNoValue : turned(x.imag)}));
}

Status ComplexRules::Magnitude(const Node& node) {
  const Parts x = parts_.PartsOf(node.Argument("self"));
  return GiveReal(node, node.op.type == "abs" ? complex_.Abs(x) : complex_.Angle(x));
}

// ---- several operands ----

namespace {

constexpr std::string_view kNoOperand = "an argument is neither a tensor nor a number";

}  // namespace

Status ComplexRules::Binary(const Node& node) {
  const Operands operands = OperandsOf(node, {"self", "other"}, PartTypeOf(node));
  if (!operands) return Refuse(node, kNoOperand);
  if (const Attribute* mode = node.Find("rounding_mode"); mode != nullptr && !std::holds_alternative<None>(mode->value))
    return Refuse(node, "rounding_mode is given");
  const Parts x = (*operands)[0], y = (*operands)[1];
  if (node.op.type == "ldexp") return Give(node, complex_.Mul(x, complex_.Exp(complex_.Mul(y, std::numbers::ln2))));
  return Give(node, node.op.type == "mul" ? complex_.Mul(x, y) : complex_.Div(x, y));
}

std::optional<Parts> ComplexRules::Scaled(const Node& node, std::string_view name, Parts by) {
  const Attribute* const given = node.Find(name);
  const auto* one = given ? std::get_if<int64_t>(&given->value) : nullptr;
  if (given == nullptr || (one != nullptr && *one == 1)) return by;
  const std::optional<Parts> factor = Operand(node, name, math_.TypeOf(by.real).dtype);
  return factor ? std::optional(complex_.Mul(*factor, by)) : std::nullopt;
}

// self ± alpha · other
Status ComplexRules::AddScaled(const Node& node) {
  const bool swapped = node.op.type == "rsub";  // other - alpha · self
  const Operands operands = OperandsOf(node, {swapped ? "other" : "self", swapped ? "self" : "other"}, PartTypeOf(node));
  const std::optional<Parts> y = operands ? Scaled(node, "alpha", (*operands)[1]) : std::nullopt;
  if (!y) return Refuse(node, kNoOperand);
  return Give(node, node.op.type == "add" ? complex_.Add((*operands)[0], *y) : complex_.Sub((*operands)[0], *y));
}

// self + value · tensor1 · tensor2, or / tensor2
Status ComplexRules::AddScaledProduct(const Node& node) {
  const Operands operands = OperandsOf(node, {"self", "tensor1", "tensor2"}, PartTypeOf(node));
  if (!operands) return Refuse(node, kNoOperand);
  const Parts x = (*operands)[1], y = (*operands)[2];
  const std::optional<Parts> scaled =
      Scaled(node, "value", node.op.type == "addcmul" ? complex_.Mul(x, y) : complex_.Div(x, y));
  return scaled ? Give(node, complex_.Add((*operands)[0], *scaled)) : Refuse(node, kNoOperand);
}

Status ComplexRules::Lerp(const Node& node) {
  const Operands operands = OperandsOf(node, {"self", "end", "weight"}, PartTypeOf(node));
  if (!operands) return Refuse(node, kNoOperand);
  const Parts start = (*operands)[0], end = (*operands)[1], weight = (*operands)[2];
  return Give(node, complex_.Add(start, complex_.Mul(weight, complex_.Sub(end, start))));
}

Status ComplexRules::Power(const Node& node) {
  const Operands operands = OperandsOf(node, {"self", "exponent"}, PartTypeOf(node));
  if (!operands) return Refuse(node, kNoOperand);
  const Parts x = (*operands)[0];
  const std::optional<double> number = FloatArgument(node, "exponent");
  if (number == 1.0) return Give(node, x);
  if (number == 2.0) return Give(node, complex_.Mul(x, x));
  if (number == 3.0) return Give(node, complex_.Mul(complex_.Mul(x, x), x));
  if (number == 0.5) return Give(node, complex_.Sqrt(x));
  if (number == -0.5) return Give(node, complex_.Reciprocal(complex_.Sqrt(x)));
  if (number == -1.0) return Give(node, complex_.Reciprocal(x));
  if (number == -2.0) return Give(node, complex_.Reciprocal(complex_.Mul(x, x)));
  return Give(node, complex_.Pow(x, (*operands)[1]));
}

Status ComplexRules::Equality(const Node& node) {
  const Operands operands = OperandsOf(node, {"self", "other"}, PartTypeOf(node));
  if (!operands) return Refuse(node, kNoOperand);
  const Parts x = (*operands)[0], y = (*operands)[1];
  const std::string_view op = node.op.type;
  const ValueId real = math_.Compare(op, x.real, y.real);
  if (x.IsReal() && y.IsReal()) return GiveReal(node, real);
  const ValueId imag = math_.Compare(op, parts_.Imag(x), parts_.Imag(y));
  return GiveReal(node, math_.Logical(op == "eq" ? "logical_and" : "logical_or", real, imag));
}

// ---- questions ----

Status ComplexRules::Question(const Node& node) {
  const Parts x = parts_.PartsOf(node.Argument("self"));
  const std::string_view op = node.op.type;
  if (op == "isreal") return GiveReal(node, math_.Compare("eq", parts_.Imag(x), 0.0));
  const auto asked = [&](ValueId part) {
    return math_.Emit(math_.Call(op, part), Type(DType::kBool, math_.TypeOf(part).dims));
  };
  if (x.IsReal()) return GiveReal(node, asked(x.real));
  return GiveReal(node, math_.Logical(op == "isfinite" ? "logical_and" : "logical_or", asked(x.real), asked(x.imag)));
}

ValueId ComplexRules::NonZero(ValueId value) {
  const Parts x = parts_.PartsOf(value);
  const ValueId real = math_.Compare("ne", x.real, 0.0);
  return x.IsReal() ? real : math_.Logical("logical_or", real, math_.Compare("ne", x.imag, 0.0));
}

// Operators that ask whether elements are zero.
Status ComplexRules::Truth(const Node& node) {
  Arguments replaced;
  for (const std::string_view name : {"self", "other"})
    if (const ValueId value = node.Argument(name); value != kNoValue) replaced.emplace_back(name, NonZero(value));
  return GiveForm(node, With(node, replaced));
}

// ---- sizes ----

namespace {

// Of singular values, not of elements.
bool IsSpectralNorm(const Node& node) {
  if (node.op.type != "linalg_norm" && node.op.type != "linalg_matrix_norm") return false;
  const Attribute* const ord = node.Find("ord");
  if (ord != nullptr && std::holds_alternative<std::string>(ord->value)) return std::get<std::string>(ord->value) != "fro";
  const std::optional<double> number = FloatArgument(node, "ord");
  return number && std::abs(*number) == 2;
}

}  // namespace

Status ComplexRules::OfAbs(const Node& node) {
  if (IsSpectralNorm(node)) return Refuse(node, "this norm is one of singular values");
  if (HasComplexResult(node)) return Refuse(node, "the norm is asked for as a complex number");
  const ValueId size = complex_.Abs(parts_.PartsOf(node.Argument("self")));
  return GiveForm(node, With(node, {{"self", size}}));
}

// The variance is the sum of those of the parts.
Status ComplexRules::Spread(const Node& node) {
  const Parts x = parts_.PartsOf(node.Argument("self"));
  const auto variance_of = [&](ValueId part) {
    const ValueId spread = EmitWith(node, {{"self", part}});
    return node.op.type == "std" ? math_.Binary("mul", spread, spread) : spread;
  };
  const ValueId sum = math_.Binary("add", variance_of(x.real), variance_of(parts_.Imag(x)));
  return GiveReal(node, node.op.type == "std" ? math_.Unary("sqrt", sum) : sum);
}

}  // namespace fairlead
