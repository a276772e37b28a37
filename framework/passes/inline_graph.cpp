#include "passes/inline_graph.hpp"

namespace fairlead {
namespace {

class Inliner {
 public:
  Inliner(Graph& graph, std::vector<NodeId>& order, Graph& nested)
      : graph_(graph), order_(order), nested_(nested), to_outer_(nested.value_count(), kNoValue) {}

  Result<std::vector<ValueId>> Run(const std::vector<ValueId>& operands) {
    if (operands.size() != nested_.inputs().size())
      return Error("FL1001", "graph '{}' takes {} values and is given {}", nested_.name(), nested_.inputs().size(),
                   operands.size());
    for (std::size_t i = 0; i < operands.size(); ++i) to_outer_[nested_.inputs()[i]] = operands[i];
    for (const Capture& capture : nested_.captures()) to_outer_[capture.inner] = capture.outer;
    for (const Initializer& initializer : nested_.initializers())
      to_outer_[initializer.value] = graph_.AddInitializer(nested_.value(initializer.value).name, initializer.tensor);
    for (const NodeId id : nested_.order()) Move(nested_.node(id));
    std::vector<ValueId> outputs;
    for (const ValueId output : nested_.outputs()) outputs.push_back(output == kNoValue ? kNoValue : to_outer_[output]);
    return outputs;
  }

 private:
  void Move(Node& node) {
    node.source = graph_.AddSource(nested_.source(node.source));
    for (ValueId& input : node.inputs)
      if (input != kNoValue) input = to_outer_[input];
    ForEachSubgraph(node, [&](Graph& inner) {
      for (Capture& capture : inner.mutable_captures()) capture.outer = to_outer_[capture.outer];
    });
    std::vector<ValueId> outputs = std::move(node.outputs);
    node.outputs.clear();
    const NodeId id = graph_.AddNode(std::move(node), 0);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      if (outputs[i] == kNoValue) continue;
      Value& inner = nested_.value(outputs[i]);
      const ValueId outer = graph_.AddValue(std::move(inner.type), std::move(inner.name));
      graph_.value(outer).producer = id;
      graph_.value(outer).output = static_cast<uint32_t>(i);
      outputs[i] = to_outer_[outputs[i]] = outer;
    }
    graph_.node(id).outputs = std::move(outputs);
    order_.push_back(id);
  }

  Graph& graph_;
  std::vector<NodeId>& order_;
  Graph& nested_;
  std::vector<ValueId> to_outer_;
};

}  // namespace

Result<std::vector<ValueId>> InlineGraph(Graph& graph, std::vector<NodeId>& order, Graph& nested,
                                         const std::vector<ValueId>& operands) {
  return Inliner(graph, order, nested).Run(operands);
}

}  // namespace fairlead
