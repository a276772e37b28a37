#include "passes/complex_rules.hpp"

#include <algorithm>

namespace fairlead {
namespace {

bool IsTensor(const AtenParameter& parameter) { return parameter.type.base == AtenType::Base::kTensor; }

// torch takes a number in the place of one of two tensors, which makes a wrapped one of it.
bool IsGiven(const Node& node, const AtenSchema& schema, const AtenParameter& parameter) {
  if (parameter.type.list) return !ArgumentValues(node, parameter.name).empty();
  if (node.Argument(parameter.name) != kNoValue) return true;
  const Attribute* const given = node.Find(parameter.name);
  const bool is_number = given != nullptr && NumberOf(given->value).has_value();
  return is_number && IsPointwise(node.op) && std::ranges::count_if(schema.parameters, IsTensor) > 1;
}

}  // namespace

std::optional<Complex> NumberOf(const AttributeValue& value) {
  if (const auto* number = std::get_if<Complex>(&value)) return *number;
  if (const auto* number = std::get_if<double>(&value)) return Complex{*number, 0};
  if (const auto* number = std::get_if<int64_t>(&value)) return Complex{static_cast<double>(*number), 0};
  if (const auto* number = std::get_if<bool>(&value)) return Complex{*number ? 1.0 : 0.0, 0};
  return std::nullopt;
}

bool ComplexRules::HasComplexResult(const Node& node) const {
  return std::ranges::any_of(node.outputs, [&](ValueId value) { return parts_.IsComplex(value); });
}

bool ComplexRules::Concerns(const Node& node) const {
  if (HasComplexResult(node)) return true;
  if (std::ranges::any_of(node.inputs, [&](ValueId value) { return parts_.IsComplex(value); })) return true;
  return node.op.domain == "aten" && FindFourier(node.op.type) != nullptr;
}

Status ComplexRules::Apply(const Node& node) {
  math_.StandAt(node.source);
  const Rule rule = node.op.domain == "aten" ? Find(node.op.type) : nullptr;
  if (rule == nullptr)
    return Error("FL2014", "operator {} works on complex tensors, for which it has no form", ToString(node.op));
  FL_RETURN_IF_ERROR(CheckCall(node));
  return (this->*rule)(node);
}

// What the rules take for granted of a call that comes from an archive.
Status ComplexRules::CheckCall(const Node& node) const {
  const AtenSchema* const schema = FindSchema(node.op);
  if (schema == nullptr) return Error("FL1001", "there is no operator {}", ToString(node.op));
  for (const AtenParameter& parameter : schema->parameters) {
    const bool is_needed = IsTensor(parameter) && !parameter.type.optional && !parameter.default_value;
    if (is_needed && !IsGiven(node, *schema, parameter))
      return Error("FL1001", "{} lacks its argument {}", ToString(node.op), parameter.name);
  }
  const bool has_list = std::ranges::any_of(schema->results, [](const AtenParameter& result) { return result.type.list; });
  if (node.outputs.empty() || (!has_list && node.outputs.size() > schema->results.size()))
    return Error("FL1001", "{} has {} results", ToString(node.op), node.outputs.size());
  return node.outputs[0] == kNoValue ? Refuse(node, "its first result is not there") : Ok();
}

Status ComplexRules::Refuse(const Node& node, std::string_view why) const {
  return Error("FL2014", "operator {} works on complex tensors: {}", ToString(node.op), why);
}

// ---- arguments ----

DType ComplexRules::PartTypeOf(const Node& node) const {
  for (const ValueId value : node.outputs)
    if (parts_.IsComplex(value)) return PartType(math_.TypeOf(value).dtype);
  DType out = DType::kFloat;
  for (const ValueId value : node.inputs) {
    const DType dtype = value == kNoValue ? DType::kUndefined : math_.TypeOf(value).dtype;
    if (dtype == DType::kDouble || dtype == DType::kComplex128) out = DType::kDouble;
  }
  return out;
}

std::optional<Parts> ComplexRules::Operand(const Node& node, std::string_view name, DType dtype) {
  if (const ValueId value = node.Argument(name); value != kNoValue) {
    if (math_.TypeOf(value).IsSymbolicNumber()) return Parts{math_.Number(value, dtype)};
    return parts_.PartsOf(value, dtype);
  }
  const Attribute* const given = node.Find(name);
  const AtenSchema* const schema = FindSchema(node.op);
  const AtenParameter* const parameter = schema ? schema->Find(name) : nullptr;
  const AttributeValue* value = given ? &given->value : nullptr;
  if (value == nullptr && parameter != nullptr && parameter->default_value) value = &*parameter->default_value;
  const std::optional<Complex> number = value ? NumberOf(*value) : std::nullopt;
  if (!number) return std::nullopt;
  return Parts{math_.Number(number->real, dtype), number->imag == 0 ? kNoValue : math_.Number(number->imag, dtype)};
}

ComplexRules::Operands ComplexRules::OperandsOf(const Node& node, std::initializer_list<std::string_view> names,
                                                DType dtype) {
  std::vector<Parts> out;
  for (const std::string_view name : names) {
    const std::optional<Parts> operand = Operand(node, name, dtype);
    if (!operand) return std::nullopt;
    out.push_back(*operand);
  }
  return out;
}

Node ComplexRules::With(const Node& node, const Arguments& replaced) const {
  Node out{.op = node.op, .output_lists = node.output_lists};
  out.source = node.source;
  for (const Attribute& attribute : node.attributes) {
    const auto found = std::ranges::find(replaced, std::string_view(attribute.name), &Arguments::value_type::first);
    const auto* dtype = std::get_if<DType>(&attribute.value);
    if (found != replaced.end())
      GiveValue(out, attribute.name, found->second);
    else if (dtype != nullptr && fairlead::IsComplex(*dtype))
      out.Set(attribute.name, PartType(*dtype));
    else
      CopyArgument(node, attribute.name, out);
  }
  return out;
}

ValueId ComplexRules::EmitWith(const Node& node, const Arguments& replaced) {
  const Type& type = math_.TypeOf(node.outputs[0]);
  const DType dtype = fairlead::IsComplex(type.dtype) ? PartType(type.dtype) : type.dtype;
  return math_.Emit(With(node, replaced), Type(dtype, type.dims));
}

// ---- results ----

namespace {

Status RecordedOtherwise(const Node& node, const Type& recorded, std::string_view right) {
  return Error("FL1001", "the result of {} is recorded as {}, but its arguments make it {}", ToString(node.op),
               ToString(recorded), right);
}

bool Contradict(const Dim& a, const Dim& b) { return a.IsStatic() && b.IsStatic() && a.size() != b.size(); }

bool Contradict(const Type& a, const Type& b) {
  if (!a.dims || !b.dims) return false;
  return a.rank() != b.rank() ||
         !std::ranges::equal(*a.dims, *b.dims, [](const Dim& x, const Dim& y) { return !Contradict(x, y); });
}

}  // namespace

// Parts have the recorded shape: other rules read it off either.
Status ComplexRules::Give(const Node& node, Parts result) {
  const ValueId value = node.outputs[0];
  const Type& recorded = math_.TypeOf(value);
  if (!parts_.IsComplex(value)) return RecordedOtherwise(node, recorded, "complex");
  for (const ValueId part : {result.real, result.imag}) {
    if (part == kNoValue) continue;
    Type& type = math_.emitter().graph().value(part).type;
    if (Contradict(recorded, type)) return RecordedOtherwise(node, recorded, ToString(type));
    if (!type.dims) type.dims = recorded.dims;
  }
  parts_.Define(value, result);
  return Ok();
}

Status ComplexRules::GiveReal(const Node& node, ValueId result) {
  const ValueId value = node.outputs[0];
  if (parts_.IsComplex(value)) return RecordedOtherwise(node, math_.TypeOf(value), "real");
  replaced_.emplace_back(value, result);
  return Ok();
}

Status ComplexRules::GiveForm(const Node& node, Node form) {
  for (const ValueId value : node.outputs)
    if (parts_.IsComplex(value)) return RecordedOtherwise(node, math_.TypeOf(value), "real");
  math_.emitter().EmitInto(std::move(form), node.outputs);
  return Ok();
}

}  // namespace fairlead
