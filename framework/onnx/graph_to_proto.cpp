#include "onnx/graph_to_proto.hpp"

#include <unordered_set>

#include "onnx/to_proto.hpp"

namespace fairlead::onnx_room {
namespace {

// protobuf readers give up at 100 nested messages; a nested graph takes three, the types in it six.
constexpr int kMaxDepth = 30;

std::string Describe(const Node& node) {
  return node.name.empty() ? ToString(node.op) : fmt::format("{} ({})", ToString(node.op), node.name);
}

Status WriteNames(const Scope& scope, const Node& node, std::span<const ValueId> values,
                  google::protobuf::RepeatedPtrField<std::string>* names) {
  for (const ValueId value : values) {
    const std::string_view name = value == kNoValue ? std::string_view{} : scope.NameOf(value);
    if (value != kNoValue && name.empty()) return Error("FL7012", "{}: value {} has no name", Describe(node), value);
    names->Add()->assign(name);
  }
  return Ok();
}

}  // namespace

Scope::Scope(const Graph& graph, const Scope* outer)
    : graph_(graph), outer_(outer), depth_(outer == nullptr ? 0 : outer->depth_ + 1) {
  for (const Capture& capture : graph.captures()) captured_.emplace(capture.inner, capture.outer);
}

std::string_view Scope::NameOf(ValueId value) const {
  const auto captured = captured_.find(value);
  if (captured == captured_.end()) return graph_.value(value).name;
  return outer_ == nullptr ? std::string_view{} : outer_->NameOf(captured->second);
}

Status GraphWriter::WriteNode(const Scope& scope, const Node& node, onnx::NodeProto* proto) const {
  if (!node.op.IsOnnx()) return Error("FL7012", "{} is not an ONNX operator", Describe(node));
  FL_RETURN_IF_ERROR(WriteNames(scope, node, WithoutTrailingAbsent(node.inputs), proto->mutable_input()));
  FL_RETURN_IF_ERROR(WriteNames(scope, node, WithoutTrailingAbsent(node.outputs), proto->mutable_output()));
  if (!node.name.empty()) proto->set_name(node.name);
  proto->set_op_type(node.op.type);
  if (!node.op.domain.empty()) proto->set_domain(node.op.domain);
  const auto write_nested = [&](const GraphPtr& nested, onnx::GraphProto* to) {
    if (nested == nullptr || scope.depth() >= kMaxDepth) return Error("FL7012", "{}: graphs nest too deep", Describe(node));
    return WriteGraph(Scope(*nested, &scope), to);
  };
  for (const Attribute& attribute : node.attributes) {
    onnx::AttributeProto* const to = proto->add_attribute();
    if (!WriteAttribute(attribute, UINT64_MAX, to))
      return Error("FL7012", "{}: attribute {} has no ONNX form", Describe(node), attribute.name);
    if (const auto* const one = std::get_if<GraphPtr>(&attribute.value))
      FL_RETURN_IF_ERROR(write_nested(*one, to->mutable_g()));
    if (const auto* const many = std::get_if<std::vector<GraphPtr>>(&attribute.value))
      for (const GraphPtr& nested : *many) FL_RETURN_IF_ERROR(write_nested(nested, to->add_graphs()));
  }
  return Ok();
}

Status GraphWriter::WriteGraph(const Scope& scope, onnx::GraphProto* proto) const {
  const Graph& graph = scope.graph();
  for (const NodeId node : graph.order()) FL_RETURN_IF_ERROR(WriteNode(scope, graph.node(node), proto->add_node()));
  proto->set_name(graph.name());
  for (const Initializer& initializer : graph.initializers()) {
    const Tensor& tensor = initializer.tensor;
    if (elided && (tensor.IsAbsent() || tensor.dense_size() > inline_limit)) {
      elided(scope.NameOf(initializer.value), initializer);
      continue;
    }
    onnx::TensorProto* const to = proto->add_initializer();
    FL_RETURN_IF_ERROR(WriteInitializerHead(scope, initializer, to));
    if (tensor.IsAbsent()) return Error("FL1009", "weight {} has no data", to->name());
    const Tensor dense = tensor.Dense();
    to->set_raw_data(dense.bytes().data(), dense.bytes().size());
  }
  for (const ValueId input : graph.inputs()) FL_RETURN_IF_ERROR(WriteValueInfo(scope, input, proto->add_input()));
  for (const ValueId output : graph.outputs()) FL_RETURN_IF_ERROR(WriteValueInfo(scope, output, proto->add_output()));
  for (const ValueId value : InnerValues(graph)) FL_RETURN_IF_ERROR(WriteValueInfo(scope, value, proto->add_value_info()));
  return Ok();
}

Status WriteValueInfo(const Scope& scope, ValueId value, onnx::ValueInfoProto* proto) {
  const std::string_view name = scope.NameOf(value);
  if (name.empty()) return Error("FL7012", "value {} of graph {} has no name", value, scope.graph().name());
  proto->set_name(std::string(name));
  onnx::TypeProto type;
  if (WriteType(scope.graph().value(value).type, &type)) *proto->mutable_type() = std::move(type);
  return Ok();
}

Status WriteInitializerHead(const Scope& scope, const Initializer& initializer, onnx::TensorProto* proto) {
  const std::string_view name = scope.NameOf(initializer.value);
  if (name.empty())
    return Error("FL7012", "initializer {} of graph {} has no name", initializer.value, scope.graph().name());
  if (initializer.tensor.dtype() == DType::kString || initializer.tensor.dtype() == DType::kUndefined)
    return Error("FL7012", "initializer {} of type {} has no bytes", name, Name(initializer.tensor.dtype()));
  WriteTensor(initializer.tensor, 0, proto);
  proto->set_name(std::string(name));
  return Ok();
}

std::vector<ValueId> InnerValues(const Graph& graph) {
  const std::unordered_set<ValueId> outputs(graph.outputs().begin(), graph.outputs().end());
  std::vector<ValueId> values;
  for (const NodeId id : graph.order())
    for (const ValueId value : graph.node(id).outputs)
      if (value != kNoValue && !outputs.contains(value) && graph.value(value).type.kind != Type::Kind::kUnknown)
        values.push_back(value);
  return values;
}

}  // namespace fairlead::onnx_room
