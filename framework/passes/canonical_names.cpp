// canonical-names: an operator that is another one under a second name gets the first (aten/aliases.inc).
//
// So a lowering serves all names of what it does. After functionalize: the copying forms of views are views then.
#include <algorithm>

#include "aten/schema.hpp"
#include "passes/passes.hpp"
#include "passes/program_edit.hpp"

namespace fairlead::passes {
namespace {

// Arguments go by position. One that the program left out keeps its default, which may be another than the canonical's.
void Rename(Node& node, const OpName& canonical) {
  const AtenSchema* const from = FindSchema(node.op);
  const AtenSchema* const to = FindSchema(canonical);
  if (from == nullptr || to == nullptr || from->parameters.size() != to->parameters.size()) return;
  std::vector<Attribute> renamed;
  for (std::size_t i = 0; i < from->parameters.size(); ++i) {
    const std::optional<AttributeValue>& initial = from->parameters[i].default_value;
    if (const Attribute* const given = node.Find(from->parameters[i].name)) {
      renamed.push_back({to->parameters[i].name, given->value});
    } else if (initial) {
      renamed.push_back({to->parameters[i].name, *initial});
    }
  }
  node.op = canonical;
  node.attributes = std::move(renamed);
}

class CanonicalNamesPass final : public ProgramPass {
 public:
  std::string_view name() const override { return "canonical-names"; }
  Status Run(ExportedProgram& program, PassContext&) const override {
    return ForEachGraph(program.graph, [](Graph& graph) {
      for (const NodeId id : graph.order())
        if (const std::optional<OpName> canonical = CanonicalOf(graph.node(id).op)) Rename(graph.node(id), *canonical);
      return Ok();
    });
  }
};

}  // namespace

const ProgramPass& CanonicalNames() {
  static const CanonicalNamesPass pass;
  return pass;
}

}  // namespace fairlead::passes
