// Rules of operators that make tensors, and of those that lead from real numbers to complex ones and back.
#include "passes/complex_rules.hpp"

namespace fairlead {

// ---- tensors that are made ----

Status ComplexRules::RealNumbers(const Node& node) {
  if (!HasComplexResult(node)) return ShapeDonor(node);
  const ValueId self = node.Argument("self");
  const Arguments real = self == kNoValue ? Arguments() : Arguments{{"self", parts_.PartsOf(self).real}};
  Node out = With(node, real);
  out.Set("dtype", PartTypeOf(node));
  return Give(node, {math_.Emit(std::move(out), Type(PartTypeOf(node), math_.TypeOf(node.outputs[0]).dims))});
}

// Real results that only need the shape of a complex argument, or its real part: the dtype asked for says so.
Status ComplexRules::ShapeDonor(const Node& node) {
  const Attribute* const given = node.Find("dtype");
  const auto* dtype = given ? std::get_if<DType>(&given->value) : nullptr;
  const bool is_size = node.op.type == "sym_size" || node.op.type == "sym_numel";
  const ValueId self = node.Argument("self"), other = node.Argument("other");
  const bool is_as = node.op.type == "expand_as" || node.op.type == "reshape_as" || node.op.type == "view_as";
  if (is_as && !parts_.IsComplex(self)) return GiveForm(node, With(node, {{"other", parts_.PartsOf(other).real}}));
  if (self == kNoValue || (!is_size && dtype == nullptr)) return Refuse(node, "it has no form for them");
  if (dtype != nullptr && fairlead::IsComplex(*dtype)) return Refuse(node, "its results are recorded as real");
  return GiveForm(node, With(node, {{"self", parts_.PartsOf(self).real}}));
}

// ---- from and to real numbers ----

// Between element types; torch drops the imaginary part of what becomes real.
Status ComplexRules::Copy(const Node& node) {
  const DType wanted = math_.TypeOf(node.outputs[0]).dtype;
  const ValueId self = node.Argument("self");
  if (fairlead::IsComplex(wanted)) return Give(node, parts_.PartsOf(self, PartType(wanted)));
  if (wanted == DType::kBool) return GiveReal(node, NonZero(self));
  return GiveReal(node, math_.ToType(parts_.PartsOf(self).real, wanted));
}

Status ComplexRules::FromPair(const Node& node) {
  if (!HasComplexResult(node)) return Refuse(node, "its result is recorded as real");
  math_.emitter().EmitInto(math_.Call("alias", node.Argument("self")), node.outputs);
  return Ok();
}

Status ComplexRules::ToPair(const Node& node) {
  const ValueId self = node.Argument("self");
  parts_.NeedPair(self);
  return GiveReal(node, self);
}

Status ComplexRules::FromParts(const Node& node) {
  const ValueId real = node.Argument("real"), imag = node.Argument("imag");
  if (math_.TypeOf(real).dims == math_.TypeOf(imag).dims) return Give(node, {real, imag});
  return Give(node, {math_.Binary("add", real, math_.ZerosLike(imag)), math_.Binary("add", imag, math_.ZerosLike(real))});
}

Status ComplexRules::Polar(const Node& node) {
  const ValueId size = node.Argument("abs"), angle = node.Argument("angle");
  return Give(node,
              {math_.Binary("mul", size, math_.Unary("cos", angle)), math_.Binary("mul", size, math_.Unary("sin", angle))});
}

Status ComplexRules::Part(const Node& node) {
  const Parts parts = parts_.PartsOf(node.Argument("self"));
  return GiveReal(node, node.op.type == "real" ? parts.real : parts_.Imag(parts));
}

}  // namespace fairlead
