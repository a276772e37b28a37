#include "passes/program_edit.hpp"

namespace fairlead {

void SyncOutputs(ExportedProgram& program) {
  std::vector<ValueId>& outputs = program.graph.mutable_outputs();
  outputs.clear();
  for (const OutputSpec& spec : program.outputs)
    if (spec.value != kNoValue) outputs.push_back(spec.value);
}

void ReplaceProgramValues(ExportedProgram& program, const std::vector<ValueId>& replacement) {
  ReplaceValues(program.graph, replacement);
  const auto follow = [&](ValueId& value) {
    while (value < replacement.size() && replacement[value] != kNoValue) value = replacement[value];
  };
  for (InputSpec& spec : program.inputs) follow(spec.value);
  for (OutputSpec& spec : program.outputs) follow(spec.value);
}

void ReplaceIn(ExportedProgram& program, Graph& graph, const std::vector<ValueId>& replacement) {
  if (&graph == &program.graph)
    ReplaceProgramValues(program, replacement);
  else
    ReplaceValues(graph, replacement);
}

Status ForEachGraph(Graph& graph, const std::function<Status(Graph&)>& visit) {
  FL_RETURN_IF_ERROR(visit(graph));
  Status status;
  for (const NodeId id : graph.order()) {
    ForEachSubgraph(graph.node(id), [&](Graph& nested) {
      if (status.ok()) status = ForEachGraph(nested, visit);
    });
    if (!status.ok()) return status;
  }
  return Ok();
}

Status ReportAt(const Graph& graph, const Node& node, Status error, Diagnostics& diagnostics) {
  Finding finding;
  finding.rule = error.error().rule;
  finding.message = error.message();
  finding.hint = error.error().hint;
  finding.level = Level::kError;
  finding.locations = {LocationOf(graph.source(node.source))};
  diagnostics.Report(std::move(finding));
  return error;
}

}  // namespace fairlead
