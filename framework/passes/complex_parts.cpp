#include "passes/complex_parts.hpp"

namespace fairlead {

DType PartType(DType complex) { return complex == DType::kComplex128 ? DType::kDouble : DType::kFloat; }

Type PairType(const Type& complex) {
  Type out(PartType(complex.dtype), complex.dims);
  if (out.dims) out.dims->push_back(Dim(2));
  return out;
}

bool ComplexParts::IsComplex(ValueId value) const {
  return value != kNoValue && fairlead::IsComplex(math_.TypeOf(value).dtype);
}

Parts ComplexParts::PartsOf(ValueId value) {
  if (!IsComplex(value)) return {value};
  Known& known = known_[value];
  if (known.has_parts) return known.parts;
  const Type& type = math_.TypeOf(value);
  const auto part = [&](int64_t index) {
    Node node = math_.Call("select", value, "int");
    node.Set("dim", int64_t{-1});
    node.Set("index", index);
    return math_.Emit(std::move(node), Type(PartType(type.dtype), type.dims));
  };
  known.parts = {part(0), part(1)};
  known.has_parts = true;
  return known.parts;
}

Parts ComplexParts::PartsOf(ValueId value, DType dtype) {
  const Parts parts = PartsOf(value);
  return {math_.ToType(parts.real, dtype), parts.IsReal() ? kNoValue : math_.ToType(parts.imag, dtype)};
}

ValueId ComplexParts::Imag(Parts parts) { return parts.IsReal() ? math_.ZerosLike(parts.real) : parts.imag; }

Status ComplexParts::CheckReads(const Node& node) const {
  for (const ValueId value : node.inputs) {
    if (!IsComplex(value)) continue;
    const auto known = known_.find(value);
    const Parts parts = known == known_.end() ? Parts() : known->second.parts;
    const ValueId result = node.outputs[0];
    if (result == kNoValue || (result != parts.real && result != parts.imag))
      return Error("FL1001", "{} has an argument recorded as {}, which has to be real", ToString(node.op),
                   ToString(math_.TypeOf(value)));
  }
  return Ok();
}

void ComplexParts::Define(ValueId value, Parts parts) {
  if (value == kNoValue) return;
  known_[value] = {parts, true, false};
  Graph& graph = math_.emitter().graph();
  const std::string& name = graph.value(value).name;
  const auto call = [&](ValueId part, std::string_view suffix) {
    if (part != kNoValue && !name.empty() && graph.value(part).name.empty())
      graph.value(part).name = name + std::string(suffix);
  };
  call(parts.real, "_real");
  call(parts.imag, "_imag");
}

void ComplexParts::NeedPair(ValueId value) {
  if (!IsComplex(value)) return;
  Known& known = known_[value];
  if (known.has_pair) return;
  Node node{.op = AtenOp("stack")};
  GiveValues(node, "tensors", {known.parts.real, Imag(known.parts)});
  node.Set("dim", int64_t{-1});
  math_.emitter().EmitInto(std::move(node), {value});
  known.has_pair = true;
}

}  // namespace fairlead
