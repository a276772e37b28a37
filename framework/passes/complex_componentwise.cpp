// Operators that treat both parts alike: the operator on each of them.
#include <algorithm>

#include "passes/complex_rules.hpp"

namespace fairlead {
namespace {

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, text) != words.end();
}

// Arguments that say where, not what.
bool IsPlace(const Node& node, std::string_view name) {
  if (name == "start") return node.op.type == "narrow";
  return IsOneOf(name, {"condition", "mask", "index", "indices", "repeats", "tensor_indices_or_sections"});
}
// A number that stands for elements of a tensor, not one that scales them.
bool IsElement(const Node& node, std::string_view name) {
  if (name == "value") return true;
  const AtenSchema* const schema = FindSchema(node.op);
  const AtenParameter* const parameter = schema ? schema->Find(name) : nullptr;
  if (parameter == nullptr || parameter->type.list || IsPlace(node, name)) return false;
  const AtenType::Base base = parameter->type.base;
  return base == AtenType::Base::kTensor || (base == AtenType::Base::kScalar && !IsOneOf(name, {"alpha", "beta", "dx"}));
}

}  // namespace

Status ComplexRules::Componentwise(const Node& node) {
  if (!HasComplexResult(node)) return ShapeDonor(node);
  for (const ValueId value : node.outputs)
    if (value != kNoValue && !parts_.IsComplex(value)) return Refuse(node, "only some of its results are complex");
  const Attribute* const reduce = node.Find("reduce");
  const auto* reduction = reduce ? std::get_if<std::string>(&reduce->value) : nullptr;
  if (reduction != nullptr && *reduction != "add") return Refuse(node, fmt::format("reduce=\"{}\"", *reduction));
  if (node.Argument("x") != kNoValue) return Refuse(node, "it multiplies distances between x");
  const std::vector<ValueId> reals = EmitPart(node, false);
  const std::vector<ValueId> imags = HasImag(node) ? EmitPart(node, true) : std::vector(reals.size(), kNoValue);
  for (std::size_t i = 0; i < reals.size(); ++i) parts_.Define(node.outputs[i], {reals[i], imags[i]});
  return Ok();
}

bool ComplexRules::HasImag(const Node& node) {
  for (const ValueId value : node.inputs)
    if (parts_.IsComplex(value) && !parts_.PartsOf(value).IsReal()) return true;
  return std::ranges::any_of(node.attributes, [](const Attribute& attribute) {
    const auto* number = std::get_if<Complex>(&attribute.value);
    return number != nullptr && number->imag != 0;
  });
}

std::vector<ValueId> ComplexRules::EmitPart(const Node& node, bool imag) {
  const DType dtype = PartTypeOf(node);
  Node out{.op = node.op, .output_lists = node.output_lists};
  out.source = node.source;
  for (const Attribute& argument : node.attributes) GivePart(node, argument, imag, dtype, out);
  std::vector<ValueId> outputs;
  for (const ValueId output : node.outputs) {
    const bool wanted = output != kNoValue;
    outputs.push_back(wanted ? math_.emitter().graph().AddValue(Type(dtype, math_.TypeOf(output).dims)) : kNoValue);
  }
  math_.emitter().EmitInto(std::move(out), outputs);
  return outputs;
}

// What is real in the place of an element has an imaginary part of zero.
void ComplexRules::GivePart(const Node& node, const Attribute& argument, bool imag, DType dtype, Node& out) {
  const std::string& name = argument.name;
  const auto part = [&](ValueId value) {
    if (value == kNoValue) return value;
    if (math_.TypeOf(value).IsSymbolicNumber()) return imag ? math_.Number(0.0, dtype) : math_.Number(value, dtype);
    const Parts parts = parts_.PartsOf(value, dtype);
    return imag ? parts_.Imag(parts) : parts.real;
  };
  const ValueId value = IsPlace(node, name) ? kNoValue : node.Argument(name);
  const bool is_number = value != kNoValue && math_.TypeOf(value).IsSymbolicNumber();
  if (value != kNoValue && (!is_number || IsElement(node, name))) {
    GiveValue(out, name, part(value));
  } else if (std::holds_alternative<ValueRefs>(argument.value) && !IsPlace(node, name)) {
    std::vector<ValueId> values = ArgumentValues(node, name);
    std::ranges::transform(values, values.begin(), part);
    GiveValues(out, name, values);
  } else if (const auto number = NumberOf(argument.value); number && IsElement(node, name)) {
    out.Set(name, imag ? number->imag : number->real);
  } else if (const auto* wanted = std::get_if<DType>(&argument.value); wanted && fairlead::IsComplex(*wanted)) {
    out.Set(name, PartType(*wanted));
  } else {
    CopyArgument(node, name, out);
  }
}

}  // namespace fairlead
