// drop-assertions: removes run-time checks, range hints and printing, which ONNX cannot say.
//
// What only fed them goes with dead-code. Checks of values are reported (FL1007), prints as well (FL1008); checks of
// recorded metadata and range hints hold for every run of the program and need no word.
#include <algorithm>

#include "aten/schema.hpp"
#include "passes/passes.hpp"
#include "passes/program_edit.hpp"

namespace fairlead::passes {
namespace {

void Report(const Graph& graph, const Node& node, Diagnostics& diagnostics) {
  const std::string& type = node.op.type;
  const bool prints = type == "_print" || type == "print";
  if (!prints && type != "_assert_async" && type != "_assert_scalar" && type != "_functional_assert_async" &&
      type != "_functional_assert_scalar")
    return;
  Finding finding;
  finding.rule = prints ? "FL1008" : "FL1007";
  finding.message = fmt::format("{} is left out: ONNX has no operator that {}", ToString(node.op),
                                prints ? "prints" : "checks a condition while the model runs");
  finding.locations = {LocationOf(graph.source(node.source))};
  diagnostics.Report(std::move(finding));
}

Status DropFrom(Graph& graph, Diagnostics& diagnostics) {
  if (std::ranges::none_of(graph.order(), [&](NodeId id) { return IsAssertion(graph.node(id).op); })) return Ok();
  // The functional forms pass a token along: one is dropped when nothing but others reads it.
  std::vector<uint32_t> uses = CountUses(graph);
  std::vector<NodeId> kept;
  for (auto at = graph.order().rbegin(); at != graph.order().rend(); ++at) {
    const Node& node = graph.node(*at);
    const bool read = std::ranges::any_of(node.outputs, [&](ValueId v) { return v != kNoValue && uses[v] != 0; });
    if (read || !IsAssertion(node.op)) {
      kept.push_back(*at);
      continue;
    }
    for (const ValueId input : node.inputs)
      if (input != kNoValue) --uses[input];
  }
  std::ranges::reverse(kept);
  std::vector<bool> stays(graph.node_count());
  for (const NodeId id : kept) stays[id] = true;
  for (const NodeId id : graph.order())
    if (!stays[id]) Report(graph, graph.node(id), diagnostics);
  graph.SetOrder(std::move(kept));
  return Ok();
}

class DropAssertionsPass final : public ProgramPass {
 public:
  std::string_view name() const override { return "drop-assertions"; }
  Status Run(ExportedProgram& program, PassContext& context) const override {
    return ForEachGraph(program.graph, [&](Graph& graph) { return DropFrom(graph, context.diagnostics); });
  }
};

}  // namespace

const ProgramPass& DropAssertions() {
  static const DropAssertionsPass pass;
  return pass;
}

}  // namespace fairlead::passes
