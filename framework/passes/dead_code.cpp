// dead-code, on both sides.
//
// In a program it must run after functionalization: before, a node without readers may be a write that matters.
#include "passes/dead_code.hpp"

#include <algorithm>

#include "aten/schema.hpp"
#include "passes/passes.hpp"

namespace fairlead {
namespace {

// `uses` counts reads by what has been kept so far; the node's own reads are taken back when it goes.
void ForgetReads(const Node& node, std::vector<uint32_t>& uses) {
  for (const ValueId input : node.inputs)
    if (input != kNoValue) --uses[input];
  ForEachSubgraph(node, [&](const Graph& nested) {
    for (const Capture& capture : nested.captures()) --uses[capture.outer];
  });
}

void RemoveUnreadCaptures(Graph& nested, std::vector<uint32_t>& outer_uses) {
  const std::vector<uint32_t> uses = CountUses(nested);
  std::erase_if(nested.mutable_captures(), [&](const Capture& capture) {
    if (uses[capture.inner] != 0) return false;
    --outer_uses[capture.outer];
    return true;
  });
}

}  // namespace

void RemoveDeadNodes(Graph& graph, const std::function<bool(const Node&)>& has_effect) {
  std::vector<uint32_t> uses = CountUses(graph);
  std::vector<NodeId> kept;
  kept.reserve(graph.order().size());
  for (auto at = graph.order().rbegin(); at != graph.order().rend(); ++at) {
    Node& node = graph.node(*at);
    const bool read =
        std::ranges::any_of(node.outputs, [&](ValueId output) { return output != kNoValue && uses[output] != 0; });
    if (!read && !has_effect(node)) {
      ForgetReads(node, uses);
      continue;
    }
    kept.push_back(*at);
    ForEachSubgraph(node, [&](Graph& nested) {
      RemoveDeadNodes(nested, has_effect);
      RemoveUnreadCaptures(nested, uses);
    });
  }
  std::ranges::reverse(kept);
  graph.SetOrder(std::move(kept));
}

namespace passes {
namespace {

// An operator nobody knows that returns nothing is there for what it does: the driver must refuse it by name.
bool HasEffect(const Node& node) { return !node.op.IsOnnx() && node.outputs.empty() && FindSchema(node.op) == nullptr; }

class ProgramDeadCodePass final : public ProgramPass {
 public:
  std::string_view name() const override { return "dead-code"; }
  Status Run(ExportedProgram& program, PassContext&) const override {
    RemoveDeadNodes(program.graph, HasEffect);
    return Ok();
  }
};

class ModelDeadCodePass final : public ModelPass {
 public:
  std::string_view name() const override { return "dead-code"; }
  Status Run(Model& model, PassContext&) const override {
    RemoveDeadNodes(model.graph, [](const Node&) { return false; });
    RemoveUnreadInitializers(model.graph);
    return Ok();
  }

 private:
  static void RemoveUnreadInitializers(Graph& graph) {
    const std::vector<uint32_t> uses = CountUses(graph);
    std::vector<bool> is_input(graph.value_count());  // its initializer is a default: part of the interface
    for (const ValueId input : graph.inputs()) is_input[input] = true;
    std::erase_if(graph.mutable_initializers(),
                  [&](const Initializer& i) { return uses[i.value] == 0 && !is_input[i.value]; });
    for (const NodeId id : graph.order()) ForEachSubgraph(graph.node(id), RemoveUnreadInitializers);
  }
};

}  // namespace

const ProgramPass& ProgramDeadCode() {
  static const ProgramDeadCodePass pass;
  return pass;
}

const ModelPass& ModelDeadCode() {
  static const ModelDeadCodePass pass;
  return pass;
}

}  // namespace passes
}  // namespace fairlead
