#include <algorithm>
#include <array>
#include <functional>
#include <unordered_set>

#include "onnx/breaks.hpp"
#include "onnx/schema.hpp"
#include "onnx/schema_registry.hpp"
#include "onnx/to_proto.hpp"

namespace fairlead::onnx_room {
namespace {

using Why = std::optional<std::string>;
using onnx::OpSchema;

Why WhyAbsent(std::string_view domain, const std::string& op, int target) {
  const std::vector<SchemaVersion> versions = VersionsOf(domain, op);
  if (versions.empty()) return fmt::format("ONNX has no operator {}", op);
  int deprecated = 0;
  for (const SchemaVersion& version : versions) {
    if (version.since > target && !version.deprecated)
      return fmt::format("{} exists since opset {}, the target is {}", op, version.since, target);
    if (version.since <= target && version.deprecated) deprecated = version.since;
  }
  return fmt::format("{} is deprecated since opset {}, the target is {}", op, deprecated, target);
}

const OpSchema::FormalParameter* ParameterAt(const std::vector<OpSchema::FormalParameter>& parameters, std::size_t i) {
  if (i < parameters.size()) return &parameters[i];
  const bool variadic = !parameters.empty() && parameters.back().GetOption() == OpSchema::Variadic;
  return variadic ? &parameters.back() : nullptr;
}

// The bit of `type` in a mask of DTypes; empty where the type is not known.
std::optional<uint64_t> TypeBit(const Type& type) {
  if (type.kind == Type::Kind::kSymInt) return uint64_t{1} << static_cast<int>(DType::kInt64);
  if (type.kind == Type::Kind::kSymBool) return uint64_t{1} << static_cast<int>(DType::kBool);
  const bool known = type.IsTensor() || type.kind == Type::Kind::kSequence;
  if (!known || type.dtype == DType::kUndefined) return std::nullopt;
  return uint64_t{1} << static_cast<int>(type.dtype);
}

// Checks inputs or outputs; type variables are shared between the two.
class TypeCheck {
 public:
  TypeCheck(const Graph& graph, const Node& node, int target) : graph_(graph), node_(node), target_(target) {}

  Why Check(std::string_view kind, std::span<const ValueId> values,
            const std::vector<OpSchema::FormalParameter>& parameters, const std::vector<ParameterTypes>& types) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      const OpSchema::FormalParameter* const parameter = ParameterAt(parameters, i);
      if (parameter == nullptr)
        return fmt::format("{} of opset {} has {} {}s, the node {}", node_.op.type, target_, parameters.size(), kind,
                           values.size());
      if (values[i] == kNoValue) {
        if (parameter->GetOption() == OpSchema::Single)
          return fmt::format("{} {} of {} is required at opset {}", kind, parameter->GetName(), node_.op.type, target_);
        continue;
      }
      const Type& type = graph_.value(values[i]).type;
      if (Why why = CheckType(kind, *parameter, types[static_cast<std::size_t>(parameter - parameters.data())], type))
        return why;
    }
    return std::nullopt;
  }

 private:
  Why CheckType(std::string_view kind, const OpSchema::FormalParameter& parameter, const ParameterTypes& types,
                const Type& type) {
    const std::optional<uint64_t> bit = TypeBit(type);
    if (!bit) return std::nullopt;
    const bool sequence = type.kind == Type::Kind::kSequence;
    if (((sequence ? types.sequences : types.tensors) & *bit) == 0)
      return fmt::format("{} {} of {} cannot be {} at opset {}", kind, parameter.GetName(), node_.op.type, ToString(type),
                         target_);
    if (types.variable < 0) return std::nullopt;
    const auto index = static_cast<std::size_t>(types.variable);
    if (bound_.size() <= index) bound_.resize(index + 1);
    Bound& bound = bound_[index];
    if (bound.bit == 0) bound = {*bit, sequence, parameter.GetName()};
    if (bound.bit == *bit && bound.sequence == sequence) return std::nullopt;
    return fmt::format("{} {} of {} is {}, which is not the type of {}", kind, parameter.GetName(), node_.op.type,
                       ToString(type), bound.name);
  }

  struct Bound {
    uint64_t bit = 0;
    bool sequence = false;
    std::string_view name;
  };
  const Graph& graph_;
  const Node& node_;
  int target_;
  std::vector<Bound> bound_;
};

Why WhyCountsRefused(const Node& node, const OpSchema& schema, int target) {
  const auto inputs = static_cast<int>(WithoutTrailingAbsent(node.inputs).size());
  const auto outputs = static_cast<int>(WithoutTrailingAbsent(node.outputs).size());
  if (inputs < schema.min_input() || inputs > schema.max_input())
    return fmt::format("{} of opset {} takes {} to {} inputs, the node has {}", node.op.type, target, schema.min_input(),
                       schema.max_input(), inputs);
  if (outputs < schema.min_output() || outputs > schema.max_output())
    return fmt::format("{} of opset {} has {} to {} outputs, the node {}", node.op.type, target, schema.min_output(),
                       schema.max_output(), outputs);
  return std::nullopt;
}

Why WhyAttributesRefused(const Node& node, const OpSchema& schema, int target) {
  for (const Attribute& attribute : node.attributes) {
    const auto found = schema.attributes().find(attribute.name);
    if (found == schema.attributes().end())
      return fmt::format("{} of opset {} has no attribute {}", node.op.type, target, attribute.name);
    const auto kind = KindOf(attribute.value);
    if (kind != found->second.type)
      return fmt::format("attribute {} of {} is of kind {} at opset {}, the node has {}", attribute.name, node.op.type,
                         onnx::AttributeProto::AttributeType_Name(found->second.type), target,
                         onnx::AttributeProto::AttributeType_Name(kind));
  }
  for (const auto& [name, attribute] : schema.attributes())
    if (attribute.required && node.Find(name) == nullptr)
      return fmt::format("attribute {} of {} is required at opset {}", name, node.op.type, target);
  return std::nullopt;
}

}  // namespace

int SinceVersion(std::string_view domain, std::string_view op, int opset) {
  int since = 0;
  for (const SchemaVersion& version : VersionsOf(domain, op))
    if (version.since <= opset) since = version.deprecated ? 0 : version.since;
  return since;
}

std::optional<std::string> WhyIllegal(const Graph& graph, const Node& node, int authored, int target) {
  if (!node.op.IsOnnx()) return fmt::format("{} is not an ONNX operator", ToString(node.op));
  if (!IsOnnxDomain(node.op.domain)) return std::nullopt;
  if (SinceVersion(node.op.domain, node.op.type, target) == 0) return WhyAbsent(node.op.domain, node.op.type, target);
  const Schema& schema = *FindSchema(node.op.domain, node.op.type, target);
  if (Why why = WhyCountsRefused(node, *schema.definition, target)) return why;
  if (Why why = WhyAttributesRefused(node, *schema.definition, target)) return why;
  TypeCheck types(graph, node, target);
  const OpSchema& definition = *schema.definition;
  if (Why why = types.Check("input", WithoutTrailingAbsent(node.inputs), definition.inputs(), schema.inputs)) return why;
  if (Why why = types.Check("output", WithoutTrailingAbsent(node.outputs), definition.outputs(), schema.outputs))
    return why;
  return WhyBroken(graph, node, authored, target);
}

namespace {

// The parameters of `node` at `opset`, by input, take these types; nothing where the operator does not exist.
bool Takes(const Node& node, std::size_t input, uint64_t bit, bool sequence, int opset) {
  if (SinceVersion(node.op.domain, node.op.type, opset) == 0) return false;
  const Schema& schema = *FindSchema(node.op.domain, node.op.type, opset);
  const OpSchema::FormalParameter* const parameter = ParameterAt(schema.definition->inputs(), input);
  if (parameter == nullptr) return false;
  const auto at = static_cast<std::size_t>(parameter - schema.definition->inputs().data());
  return ((sequence ? schema.inputs[at].sequences : schema.inputs[at].tensors) & bit) != 0;
}

}  // namespace

std::optional<RefusedType> FindRefusedType(const Graph& graph, const Node& node, int target) {
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    if (node.inputs[i] == kNoValue) continue;
    const Type& type = graph.value(node.inputs[i]).type;
    const std::optional<uint64_t> bit = TypeBit(type);
    const bool sequence = type.kind == Type::Kind::kSequence;
    if (!bit || FirstOpset(type.dtype) <= kOldestOpset || Takes(node, i, *bit, sequence, target)) continue;
    int since = target + 1;
    while (since <= kNewestOpset && !Takes(node, i, *bit, sequence, since)) ++since;
    return RefusedType{type.dtype, since <= kNewestOpset ? since : 0};
  }
  return std::nullopt;
}

int NewestVersion(std::string_view domain, std::string_view op) {
  const std::vector<SchemaVersion> versions = VersionsOf(domain, op);
  return versions.empty() ? 0 : versions.back().since;
}

bool HasAttribute(std::string_view domain, std::string_view op, int opset, std::string_view attribute) {
  const Schema* const schema = FindSchema(domain, op, opset);
  return schema != nullptr && schema->definition->attributes().contains(std::string(attribute));
}

}  // namespace fairlead::onnx_room
