// inline-wrappers: regions that only say how a part of the program runs (no_grad, autocast, activation checkpoints, compile
// regions) become plain nodes again. The casts of autocast become nodes first (autocast.hpp).
#include <algorithm>

#include "passes/autocast.hpp"
#include "passes/inline_graph.hpp"
#include "passes/node_edit.hpp"
#include "passes/passes.hpp"
#include "passes/program_edit.hpp"

namespace fairlead::passes {
namespace {

bool IsWrapper(const OpName& op) {
  constexpr std::string_view kTypes[] = {"checkpoint",
                                         "hints_wrapper",
                                         "invoke_quant",
                                         "invoke_subgraph",
                                         "run_const_graph",
                                         "strict_mode",
                                         "tag_activation_checkpoint",
                                         "wrap",
                                         "wrap_activation_checkpoint",
                                         "wrap_with_autocast",
                                         "wrap_with_set_grad_enabled"};
  return op.domain == "higher_order" && std::ranges::find(kTypes, op.type) != std::end(kTypes);
}

Graph* SubgraphOf(Node& node) {
  Attribute* attribute = node.Find("graph");
  auto* graph = attribute ? std::get_if<GraphPtr>(&attribute->value) : nullptr;
  return graph ? graph->get() : nullptr;
}

Status ApplyAutocastOf(const Node& node, Graph& region, Diagnostics& diagnostics) {
  if (BoolArgument(node, "enabled") == false) return Ok();
  const Attribute* dtype = node.Find("dtype");
  if (const auto* given = dtype ? std::get_if<DType>(&dtype->value) : nullptr)
    return ApplyAutocast(region, *given, diagnostics);
  const Attribute* device = node.Find("device_type");
  const auto* name = device ? std::get_if<std::string>(&device->value) : nullptr;
  return ApplyAutocast(region, name && *name == "cuda" ? DType::kFloat16 : DType::kBFloat16, diagnostics);
}

// Casts of outer regions are placed before inner ones are inlined: an inner region has its own dtype.
Status CastRegions(Graph& graph, Diagnostics& diagnostics) {
  for (const NodeId id : graph.order()) {
    Node& node = graph.node(id);
    Graph* region = node.op == OpName{"higher_order", "wrap_with_autocast", "default"} ? SubgraphOf(node) : nullptr;
    if (region) FL_RETURN_IF_ERROR(ApplyAutocastOf(node, *region, diagnostics));
    Status status;
    ForEachSubgraph(node, [&](Graph& nested) {
      if (status.ok()) status = CastRegions(nested, diagnostics);
    });
    FL_RETURN_IF_ERROR(std::move(status));
  }
  return Ok();
}

// Inlines the wrappers of a graph, inner ones first. Answers what replaces the results of the nodes that went.
Result<std::vector<ValueId>> InlineAll(Graph& graph) {
  const std::vector<NodeId> old = graph.order();
  std::vector<NodeId> order;
  std::vector<ValueId> replacement;
  for (const NodeId id : old) {
    Node& node = graph.node(id);
    Status status;
    ForEachSubgraph(node, [&](Graph& nested) {
      if (!status.ok()) return;
      Result<std::vector<ValueId>> inner = InlineAll(nested);
      if (inner.ok())
        ReplaceValues(nested, *inner);
      else
        status = std::move(inner).status();
    });
    FL_RETURN_IF_ERROR(std::move(status));
    Graph* region = IsWrapper(node.op) ? SubgraphOf(node) : nullptr;
    if (!region) {
      order.push_back(id);
      continue;
    }
    std::vector<ValueId> operands = ArgumentValues(node, "operands");
    FL_ASSIGN_OR_RETURN(const std::vector<ValueId> results, InlineGraph(graph, order, *region, operands));
    if (results.size() != node.outputs.size())
      return Error("FL1001", "{}: {} results of graph '{}' for {}", ToString(node.op), results.size(), region->name(),
                   node.outputs.size());
    replacement.resize(graph.value_count(), kNoValue);
    for (std::size_t i = 0; i < results.size(); ++i)
      if (node.outputs[i] != kNoValue) replacement[node.outputs[i]] = results[i];
  }
  graph.SetOrder(std::move(order));
  return replacement;
}

class InlineWrappersPass final : public ProgramPass {
 public:
  std::string_view name() const override { return "inline-wrappers"; }
  Status Run(ExportedProgram& program, PassContext& context) const override {
    FL_RETURN_IF_ERROR(CastRegions(program.graph, context.diagnostics));
    FL_ASSIGN_OR_RETURN(const std::vector<ValueId> replacement, InlineAll(program.graph));
    ReplaceProgramValues(program, replacement);
    return Ok();
  }
};

}  // namespace

const ProgramPass& InlineWrappers() {
  static const InlineWrappersPass pass;
  return pass;
}

}  // namespace fairlead::passes
