#include "ir/verifier.hpp"

#include <algorithm>
#include <unordered_map>

#include "ir/text_words.hpp"

namespace fairlead {
namespace {

class Verifier {
 public:
  // `around` says which values of the graph outside may be captured; null at the top.
  Verifier(const Graph& graph, const Verifier* around) : graph_(graph), around_(around), defined_(graph.value_count()) {}

  Status Verify() {
    FL_RETURN_IF_ERROR(DefineInputs());
    FL_RETURN_IF_ERROR(DefineInitializers());
    FL_RETURN_IF_ERROR(DefineCaptures());
    std::vector<bool> seen(graph_.node_count());
    for (const NodeId id : graph_.order()) {
      if (id >= graph_.node_count()) return Fail("order names node {}, the graph has {}", id, graph_.node_count());
      if (seen[id]) return FailAt(id, "stands twice in the order");
      seen[id] = true;
      FL_RETURN_IF_ERROR(VerifyNode(id));
    }
    FL_RETURN_IF_ERROR(VerifyProducers(seen));
    return VerifyOutputs();
  }

  bool IsDefined(ValueId value) const { return value < defined_.size() && defined_[value]; }

 private:
  template <class... Args> Status Fail(fmt::format_string<Args...> format, Args&&... args) const {
    return Error("FL7012", "graph {}: {}", NameText(graph_.name()), fmt::format(format, std::forward<Args>(args)...));
  }

  template <class... Args> Status FailAt(NodeId id, fmt::format_string<Args...> format, Args&&... args) const {
    return Fail("node {} {}", NodeText(id), fmt::format(format, std::forward<Args>(args)...));
  }

  // "7 (aten::add.Tensor → add_3)": no look at anything that may be broken.
  std::string NodeText(NodeId id) const {
    const Node& node = graph_.node(id);
    std::string out = fmt::format("{} ({}", id, OpText(node.op));
    for (const ValueId output : node.outputs) {
      if (output < graph_.value_count() && !graph_.value(output).name.empty())
        return out + " → " + NameText(graph_.value(output).name) + ")";
    }
    return out + ")";
  }

  std::string ValueText(ValueId value) const {
    if (value < graph_.value_count() && !graph_.value(value).name.empty()) return NameText(graph_.value(value).name);
    return fmt::format("value {}", value);
  }

  // A value that comes from outside of the nodes: it has no producer and is defined once.
  Status DefineFree(ValueId value, std::string_view what) {
    if (value >= graph_.value_count())
      return Fail("{} {} is out of range, the graph has {} values", what, value, graph_.value_count());
    if (graph_.value(value).producer != kNoNode)
      return Fail("{} {} has a producer, node {}", what, ValueText(value), graph_.value(value).producer);
    if (defined_[value]) return Fail("{} {} is defined twice", what, ValueText(value));
    defined_[value] = true;
    return Ok();
  }

  Status DefineInputs() {
    for (const ValueId input : graph_.inputs()) FL_RETURN_IF_ERROR(DefineFree(input, "input"));
    return Ok();
  }

  // An initializer may be the default of an input.
  Status DefineInitializers() {
    std::vector<bool> given(graph_.value_count());
    for (const Initializer& initializer : graph_.initializers()) {
      const ValueId value = initializer.value;
      if (value < given.size() && given[value]) return Fail("initializer {} is given twice", ValueText(value));
      if (!IsDefined(value)) FL_RETURN_IF_ERROR(DefineFree(value, "initializer"));
      given[value] = true;
    }
    return Ok();
  }

  Status DefineCaptures() {
    for (const Capture& capture : graph_.captures()) {
      FL_RETURN_IF_ERROR(DefineFree(capture.inner, "capture"));
      if (around_ == nullptr) return Fail("capture {} stands in a graph that is not nested", ValueText(capture.inner));
      if (!around_->IsDefined(capture.outer))
        return Fail("capture {} stands for {} of the outer graph, which is not defined before the node that nests it",
                    ValueText(capture.inner), around_->ValueText(capture.outer));
    }
    return Ok();
  }

  Status VerifyNode(NodeId id) {
    const Node& node = graph_.node(id);
    for (const ValueId input : node.inputs) {
      if (input == kNoValue) continue;
      if (input >= graph_.value_count()) return FailAt(id, "reads value {}, the graph has {}", input, graph_.value_count());
      if (!defined_[input]) return FailAt(id, "reads {}, which is not defined before it", ValueText(input));
    }
    FL_RETURN_IF_ERROR(VerifyReferences(id));
    FL_RETURN_IF_ERROR(VerifySubgraphs(id));
    FL_RETURN_IF_ERROR(VerifySource(id));
    FL_RETURN_IF_ERROR(VerifyOutputLists(id));
    for (uint32_t i = 0; i < node.outputs.size(); ++i) FL_RETURN_IF_ERROR(DefineOutput(id, i));
    return Ok();
  }

  // Arguments of an ATen node refer to inputs; each input is referred to. An ONNX node has no arguments that refer.
  Status VerifyReferences(NodeId id) const {
    const Node& node = graph_.node(id);
    std::vector<bool> referred(node.inputs.size());
    for (const Attribute& attribute : node.attributes) {
      for (const int32_t input : ReferencesOf(attribute.value)) {
        if (input == -1) continue;
        if (node.op.IsOnnx())
          return FailAt(id, "refers to an input in attribute {}, which only ATen nodes do", attribute.name);
        if (input < 0 || static_cast<std::size_t>(input) >= node.inputs.size())
          return FailAt(id, "refers to input {} in argument {}, it has {}", input, attribute.name, node.inputs.size());
        referred[static_cast<std::size_t>(input)] = true;
      }
    }
    if (node.op.IsOnnx()) return Ok();
    const auto unread = std::ranges::find(referred, false);
    if (unread != referred.end()) return FailAt(id, "has input {} that no argument refers to", unread - referred.begin());
    return Ok();
  }

  static std::vector<int32_t> ReferencesOf(const AttributeValue& value) {
    std::vector<int32_t> inputs;
    if (const auto* const ref = std::get_if<ValueRef>(&value)) inputs.push_back(ref->input);
    if (const auto* const refs = std::get_if<ValueRefs>(&value))
      for (const ValueRef ref : refs->items) inputs.push_back(ref.input);
    if (const auto* const sizes = std::get_if<SymInts>(&value)) {
      for (const auto& item : sizes->items)
        if (const auto* const ref = std::get_if<ValueRef>(&item)) inputs.push_back(ref->input);
    }
    return inputs;
  }

  Status VerifySubgraphs(NodeId id) const {
    for (const Attribute& attribute : graph_.node(id).attributes) {
      std::vector<const Graph*> nested;
      if (const auto* const one = std::get_if<GraphPtr>(&attribute.value)) nested.push_back(one->get());
      if (const auto* const many = std::get_if<std::vector<GraphPtr>>(&attribute.value))
        for (const GraphPtr& graph : *many) nested.push_back(graph.get());
      for (const Graph* const graph : nested) {
        if (graph == nullptr) return FailAt(id, "has no graph in attribute {}", attribute.name);
        if (const Status status = Verifier(*graph, this).Verify(); !status.ok())
          return FailAt(id, "nests in attribute {} {}", attribute.name, status.message());
      }
    }
    return Ok();
  }

  Status VerifySource(NodeId id) const {
    const SourceId source = graph_.node(id).source;
    if (source < graph_.source_count()) return Ok();
    return FailAt(id, "stands at source {}, the graph has {}", source, graph_.source_count());
  }

  Status VerifyOutputLists(NodeId id) const {
    const Node& node = graph_.node(id);
    if (node.output_lists.empty()) return Ok();
    uint64_t sum = 0;
    for (const int32_t length : node.output_lists) {
      if (length < -1) return FailAt(id, "has a result of {} values", length);
      sum += length == -1 ? 1 : static_cast<uint64_t>(length);
    }
    if (sum != node.outputs.size()) return FailAt(id, "has {} outputs, its results make {}", node.outputs.size(), sum);
    return Ok();
  }

  Status DefineOutput(NodeId id, uint32_t index) {
    const ValueId output = graph_.node(id).outputs[index];
    if (output == kNoValue) return Ok();
    if (output >= graph_.value_count()) return FailAt(id, "makes value {}, the graph has {}", output, graph_.value_count());
    if (defined_[output]) return FailAt(id, "makes {}, which is defined already", ValueText(output));
    const Value& value = graph_.value(output);
    if (value.producer != id || value.output != index)
      return FailAt(id, "makes {} as output {}, which says it is output {} of node {}", ValueText(output), index,
                    value.output, value.producer == kNoNode ? "none" : std::to_string(value.producer));
    defined_[output] = true;
    return Ok();
  }

  // A value that names a node in the order as its producer is listed by it, where it says.
  Status VerifyProducers(const std::vector<bool>& in_order) const {
    for (ValueId value = 0; value < graph_.value_count(); ++value) {
      const NodeId producer = graph_.value(value).producer;
      if (producer == kNoNode) continue;
      if (producer >= graph_.node_count())
        return Fail("{} names node {} as its producer, the graph has {}", ValueText(value), producer, graph_.node_count());
      if (!in_order[producer]) continue;
      const std::vector<ValueId>& outputs = graph_.node(producer).outputs;
      if (const uint32_t output = graph_.value(value).output; output >= outputs.size() || outputs[output] != value)
        return FailAt(producer, "does not list {}, which names it as its producer", ValueText(value));
    }
    return Ok();
  }

  Status VerifyOutputs() const {
    for (const ValueId output : graph_.outputs()) {
      if (output >= graph_.value_count())
        return Fail("output {} is out of range, the graph has {} values", output, graph_.value_count());
      if (!defined_[output]) return Fail("output {} is not defined", ValueText(output));
    }
    return Ok();
  }

  const Graph& graph_;
  const Verifier* const around_;
  std::vector<bool> defined_;
};

}  // namespace

Status VerifyGraph(const Graph& graph) { return Verifier(graph, nullptr).Verify(); }

}  // namespace fairlead
