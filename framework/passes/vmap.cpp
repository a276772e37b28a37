// vmap: torch.vmap's markers and what stands between them become plain operators (batching.hpp).
//
// torch.export keeps torch.vmap as markers: values between _add_batch_dim and _remove_batch_dim hide the dimension that is
// mapped over. It runs before functionalize, because the markers make views.
#include "passes/batching.hpp"
#include "passes/passes.hpp"
#include "passes/program_edit.hpp"

namespace fairlead::passes {
namespace {

bool IsMarker(const Node& node) { return node.op.domain == "functorch"; }

Status Undo(Graph& graph, Diagnostics& diagnostics) {
  const std::vector<NodeId> old = graph.order();
  std::vector<NodeId> order;
  NodeEmitter emitter(graph, order);
  Batching batching(emitter);
  for (const NodeId id : old) {
    const Node& node = graph.node(id);
    const std::string& type = node.op.type;
    Status status;
    if (IsMarker(node) && type == "_add_batch_dim") {
      status = batching.AddBatchDim(node);
    } else if (IsMarker(node) && type == "_remove_batch_dim") {
      status = batching.RemoveBatchDim(node);
    } else if (IsMarker(node) && node.outputs.empty()) {
      continue;  // the nesting itself
    } else if (batching.IsBatched(node)) {
      status = batching.Apply(node);
    } else {
      order.push_back(id);
    }
    if (!status.ok()) return ReportAt(graph, node, std::move(status), diagnostics);
  }
  graph.SetOrder(std::move(order));
  return Ok();
}

class VmapPass final : public ProgramPass {
 public:
  std::string_view name() const override { return "vmap"; }
  Status Run(ExportedProgram& program, PassContext& context) const override {
    return ForEachGraph(program.graph, [&](Graph& graph) -> Status {
      for (const NodeId id : graph.order())
        if (IsMarker(graph.node(id))) return Undo(graph, context.diagnostics);
      return Ok();
    });
  }
};

}  // namespace

const ProgramPass& Vmap() {
  static const VmapPass pass;
  return pass;
}

}  // namespace fairlead::passes
