// remove-identity: ONNX nodes that answer their input: Identity, and Cast, Reshape and Expand to the type the input has.
//
// Where such a node makes an output of the graph, the node that made its input makes the output instead. It stays when its
// input is an input, an initializer, a capture or another output: ONNX wants outputs of their own.
#include <algorithm>

#include "passes/passes.hpp"

namespace fairlead::passes {
namespace {

bool IsSameStatic(const Type& a, const Type& b) {
  return a.IsTensor() && b.IsTensor() && a.dtype == b.dtype && a.ElementCount() && a.dims == b.dims;
}

bool IsIdentity(const Graph& graph, const Node& node) {
  if (!node.op.IsOnnx() || !node.op.domain.empty() || node.outputs.size() != 1 || node.outputs[0] == kNoValue) return false;
  if (node.inputs.empty() || node.inputs[0] == kNoValue) return false;
  const Type &input = graph.value(node.inputs[0]).type, &output = graph.value(node.outputs[0]).type;
  if (node.op.type == "Identity") return true;
  if (node.op.type == "Cast")
    return input.IsTensor() && output.IsTensor() && input.dtype == output.dtype && input.dtype != DType::kUndefined;
  return (node.op.type == "Reshape" || node.op.type == "Expand") && IsSameStatic(input, output);
}

class Remover {
 public:
  explicit Remover(Graph& graph)
      : graph_(graph), replacement_(graph.value_count(), kNoValue), is_output_(graph.value_count()) {
    for (const ValueId output : graph.outputs())
      if (output != kNoValue) is_output_[output] = true;
  }

  void Run() {
    std::vector<NodeId> kept;
    for (const NodeId id : graph_.order()) {
      const Node& node = graph_.node(id);
      if (!IsIdentity(graph_, node) || !Remove(Followed(node.inputs[0]), node.outputs[0])) kept.push_back(id);
    }
    graph_.SetOrder(std::move(kept));
    ReplaceValues(graph_, replacement_);
    for (const NodeId id : graph_.order()) ForEachSubgraph(graph_.node(id), [](Graph& nested) { Remover(nested).Run(); });
  }

 private:
  ValueId Followed(ValueId value) const { return replacement_[value] == kNoValue ? value : replacement_[value]; }

  // True when readers of `output` may read `input` instead.
  bool Remove(ValueId input, ValueId output) {
    if (is_output_[output]) {
      if (graph_.value(input).producer == kNoNode || is_output_[input]) return false;
      is_output_[input] = true;
      Value& makes = graph_.value(input);
      makes.name = graph_.value(output).name;
      if (!makes.type.dims) makes.type = graph_.value(output).type;
      graph_.value(output).name.clear();
    }
    replacement_[output] = input;
    return true;
  }

  Graph& graph_;
  std::vector<ValueId> replacement_;  // each already followed to its end
  std::vector<bool> is_output_;
};

class RemoveIdentityPass final : public ModelPass {
 public:
  std::string_view name() const override { return "remove-identity"; }
  Status Run(Model& model, PassContext&) const override {
    Remover(model.graph).Run();
    return Ok();
  }
};

}  // namespace

const ModelPass& RemoveIdentity() {
  static const RemoveIdentityPass pass;
  return pass;
}

}  // namespace fairlead::passes
