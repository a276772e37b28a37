#include <onnx/defs/function.h>
#include <onnx/shape_inference/implementation.h>

#include <array>
#include <climits>
#include <deque>
#include <exception>
#include <memory>

#include "onnx/from_proto.hpp"
#include "onnx/propagation.hpp"
#include "onnx/schema.hpp"
#include "onnx/schema_registry.hpp"
#include "onnx/to_proto.hpp"

namespace fairlead::onnx_room {
namespace {

// Inference functions read shapes, axes, scales and the like; larger constants are data to them.
constexpr uint64_t kMaxConstantBytes = 64 << 10;

// A nested graph is typed before the node that holds it: its "inference" answers the types of its outputs.
class TypedGraph final : public onnx::GraphInferencer {
 public:
  explicit TypedGraph(const Graph& graph) : outputs_(graph.outputs().size()) {
    for (std::size_t i = 0; i < outputs_.size(); ++i) WriteType(graph.value(graph.outputs()[i]).type, &outputs_[i]);
  }
  std::vector<const onnx::TypeProto*> doInferencing(const std::vector<const onnx::TypeProto*>&,
                                                    const std::vector<const onnx::TensorProto*>&) override {
    std::vector<const onnx::TypeProto*> types;
    for (const onnx::TypeProto& output : outputs_) types.push_back(&output);
    return types;
  }

 private:
  std::vector<onnx::TypeProto> outputs_;
};

// The inputs and outputs of a nested graph, which some functions count. Names mean nothing here.
void WriteInterface(const Graph& graph, onnx::GraphProto* proto) {
  for (const ValueId input : graph.inputs()) WriteType(graph.value(input).type, proto->add_input()->mutable_type());
  for (const ValueId output : graph.outputs()) WriteType(graph.value(output).type, proto->add_output()->mutable_type());
}

// One node of ours as ONNX's inference functions see it. Protobuf messages are made only for what a function asks for.
class NodeView final : public onnx::InferenceContext {
 public:
  NodeView(const Graph& graph, const Node& node, int opset, const ConstantLookup& constants)
      : graph_(graph),
        node_(node),
        constants_(constants),
        shapes_(graph, opset, constants),
        inputs_(WithoutTrailingAbsent(node.inputs)),
        input_types_(inputs_.size()),
        output_types_(WithoutTrailingAbsent(node.outputs).size()) {}

  const onnx::AttributeProto* getAttribute(const std::string& name) const override {
    for (const auto& [known, proto] : attributes_)
      if (known->name == name) return &proto;
    const Attribute* const attribute = node_.Find(name);
    if (attribute == nullptr) return DefaultOf(name);
    onnx::AttributeProto& proto = attributes_.emplace_back(attribute, onnx::AttributeProto{}).second;
    if (const auto* const nested = std::get_if<GraphPtr>(&attribute->value); nested != nullptr && *nested != nullptr)
      WriteInterface(**nested, proto.mutable_g());
    return WriteAttribute(*attribute, kMaxConstantBytes, &proto) ? &proto : nullptr;
  }

  size_t getNumInputs() const override { return inputs_.size(); }
  bool hasInput(size_t i) const override { return i < inputs_.size() && inputs_[i] != kNoValue; }
  const onnx::TypeProto* getInputType(size_t i) const override {
    if (!hasInput(i)) return nullptr;
    InputType& input = input_types_[i];
    if (!input.written) input.known = WriteType(graph_.value(inputs_[i]).type, &input.proto);
    input.written = true;
    return input.known ? &input.proto : nullptr;
  }

  const onnx::TensorProto* getInputData(size_t i) const override {
    if (!hasInput(i)) return nullptr;
    for (const auto& [known, proto] : constants_written_)
      if (known == i) return &proto;
    const std::optional<Tensor> constant = ConstantAt(i);
    if (!constant || constant->IsAbsent() || constant->dense_size() > kMaxConstantBytes) return nullptr;
    onnx::TensorProto& proto = constants_written_.emplace_back(i, onnx::TensorProto{}).second;
    WriteTensor(*constant, kMaxConstantBytes, &proto);
    return &proto;
  }
  const onnx::TensorShapeProto* getSymbolicInput(size_t i) const override {
    return hasInput(i) ? shapes_.Find(inputs_[i]) : nullptr;
  }
  const onnx::SparseTensorProto* getInputSparseData(size_t) const override { return nullptr; }

  size_t getNumOutputs() const override { return output_types_.size(); }
  bool hasOutput(size_t i) override { return i < output_types_.size() && node_.outputs[i] != kNoValue; }
  onnx::TypeProto* getOutputType(size_t i) override { return i < output_types_.size() ? &output_types_[i] : &unwanted_; }

  onnx::GraphInferencer* getGraphAttributeInferencer(const std::string& name) override {
    const Attribute* const attribute = node_.Find(name);
    const auto* const nested = attribute == nullptr ? nullptr : std::get_if<GraphPtr>(&attribute->value);
    if (nested == nullptr || *nested == nullptr) fail_type_inference("attribute ", name, " holds no graph");
    return &graphs_.emplace_back(**nested);
  }
  std::string getDisplayName() const override {
    return node_.name.empty() ? node_.op.type : node_.op.type + " (" + node_.name + ")";
  }

  // A function body reads attributes that the node leaves to their defaults.
  void GiveDefaultsOf(const onnx::OpSchema& schema) { defaults_ = &schema; }

  bool HasUntypedInput() const {
    for (std::size_t i = 0; i < inputs_.size(); ++i)
      if (hasInput(i) && getInputType(i) == nullptr) return true;
    return false;
  }
  bool HasUntypedOutput() const {
    for (std::size_t i = 0; i < output_types_.size(); ++i)
      if (node_.outputs[i] != kNoValue && output_types_[i].value_case() == onnx::TypeProto::VALUE_NOT_SET) return true;
    return false;
  }

 private:
  std::optional<Tensor> ConstantAt(size_t i) const {
    if (const Tensor* const known = constants_.Find(inputs_[i])) return *known;
    const NodeId producer = graph_.value(inputs_[i]).producer;
    return producer == kNoNode ? std::nullopt : ConstantOf(graph_.node(producer));
  }
  const onnx::AttributeProto* DefaultOf(const std::string& name) const {
    if (defaults_ == nullptr) return nullptr;
    const auto found = defaults_->attributes().find(name);
    const bool given = found != defaults_->attributes().end() && found->second.default_value.has_name();
    return given ? &found->second.default_value : nullptr;
  }

  struct InputType {
    onnx::TypeProto proto;
    bool written = false, known = false;
  };
  const Graph& graph_;
  const Node& node_;
  const ConstantLookup& constants_;
  const onnx::OpSchema* defaults_ = nullptr;
  mutable ShapeData shapes_;
  std::span<const ValueId> inputs_;
  mutable std::vector<InputType> input_types_;
  std::vector<onnx::TypeProto> output_types_;
  onnx::TypeProto unwanted_;  // of outputs of a function body that the node leaves out
  mutable std::deque<std::pair<const Attribute*, onnx::AttributeProto>> attributes_;
  mutable std::deque<std::pair<std::size_t, onnx::TensorProto>> constants_written_;
  std::deque<TypedGraph> graphs_;
};

// The node as the builders of context-dependent function bodies want it. Its values' names mean nothing.
onnx::NodeProto WriteNodeForBody(const Node& node) {
  onnx::NodeProto proto;
  proto.set_op_type(node.op.type);
  for (const ValueId input : WithoutTrailingAbsent(node.inputs))
    proto.add_input(input == kNoValue ? "" : "v" + std::to_string(input));
  for (const ValueId output : WithoutTrailingAbsent(node.outputs))
    proto.add_output(output == kNoValue ? "" : "v" + std::to_string(output));
  for (const Attribute& attribute : node.attributes)
    if (!WriteAttribute(attribute, kMaxConstantBytes, proto.add_attribute())) proto.mutable_attribute()->RemoveLast();
  return proto;
}

// The newest body that is not newer than `opset`; asking for exactly that one keeps ONNX from consulting its own registry.
int BodyVersion(const std::vector<int>& versions, int opset) {
  int chosen = 0;
  for (const int version : versions)
    if (version <= opset) chosen = std::max(chosen, version);
  return chosen;
}

bool BuildBody(const onnx::OpSchema& schema, const Node& node, const NodeView& view, int opset, onnx::FunctionProto* body) {
  if (const onnx::FunctionProto* const fixed = schema.GetFunction(opset)) {
    *body = *fixed;
    return true;
  }
  const int version = BodyVersion(schema.context_dependent_function_opset_versions(), opset);
  if (version == 0) return false;
  const onnx::NodeProto proto = WriteNodeForBody(node);
  std::vector<onnx::TypeProto> types(view.getNumInputs());
  for (std::size_t i = 0; i < types.size(); ++i)
    if (const onnx::TypeProto* const type = view.getInputType(i)) types[i] = *type;
  return schema.BuildContextDependentFunction(onnx::FunctionBodyBuildContextImpl(proto, types), *body, version);
}

void InferThroughBody(const onnx::OpSchema& schema, const Node& node, NodeView& view, int opset) {
  onnx::FunctionProto body;
  if (!BuildBody(schema, node, view, opset, &body)) return;
  view.GiveDefaultsOf(schema);
  onnx::shape_inference::DataValueMap shapes;
  onnx::shape_inference::InferShapeForFunctionNode(body, &LazyRegistry(), view, onnx::ShapeInferenceOptions(true, 1, true),
                                                   {}, nullptr, &shapes);
}

void InferWithSchema(const onnx::OpSchema& schema, const Node& node, NodeView& view, int opset) {
  if (schema.has_type_and_shape_inference_function())
    schema.GetTypeAndShapeInferenceFunction()(view);
  else
    InferThroughBody(schema, node, view, opset);
  // Outputs about which the function said nothing have the only type the schema allows, or that of an input.
  if (view.HasUntypedOutput()) schema.CheckInputOutputType(view);
}

}  // namespace

Result<std::vector<Type>> InferTypes(const Graph& graph, const Node& node, int opset, const ConstantLookup& constants) {
  std::vector<Type> types(node.outputs.size());
  if (!node.op.IsOnnx()) return types;
  // `opset` is that of ONNX's own domain; operators of its other domains are taken as they are today.
  const Schema* const schema = FindSchema(node.op.domain, node.op.type, IsOnnxDomain(node.op.domain) ? opset : INT_MAX);
  if (schema == nullptr) {
    if (!IsOnnxDomain(node.op.domain)) return types;
    return Error("FL7005", "{}: ONNX has no such operator at opset {}", ToString(node.op), opset);
  }
  NodeView view(graph, node, opset, constants);
  try {
    InferWithSchema(*schema->definition, node, view, opset);
  } catch (const std::exception& error) {
    // Behind a value without a type (of a custom operator) ONNX's functions refuse what may well be right.
    if (view.HasUntypedInput()) return types;
    return Error("FL7005", "{}: {}", view.getDisplayName(), error.what());
  }
  for (std::size_t i = 0; i < view.getNumOutputs(); ++i)
    if (node.outputs[i] != kNoValue) types[i] = ReadType(*view.getOutputType(i));
  return types;
}

}  // namespace fairlead::onnx_room
