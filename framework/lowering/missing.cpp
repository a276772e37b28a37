// All operators without a lowering, at once.
#include <algorithm>
#include <map>

#include "lowering/driver.hpp"

namespace fairlead {
namespace {

struct Missing {
  OpName op;
  bool complex = false;  // at these places
  std::vector<Location> places;
};
constexpr std::string_view kNoPlugins =
    "no plugin with lowerings is loaded: leave out --no-plugins, or name one with --plugin FILE";
using AllMissing = std::map<std::pair<std::string, bool>, Missing>;  // by operator, and whether tensors are complex

void Collect(const Graph& graph, const Registry& registry, int opset, AllMissing& missing) {
  for (const NodeId id : graph.order()) {
    const Node& node = graph.node(id);
    if (!IsRefused(node) && registry.Choose(node.op, opset).empty()) {
      const bool complex = WorksOnComplex(graph, node);
      Missing& entry = missing[{ToString(node.op), complex}];
      entry.op = node.op;
      entry.complex = complex;
      entry.places.push_back(LocationOfNode(graph, id));
    }
    ForEachSubgraph(node, [&](const Graph& nested) { Collect(nested, registry, opset, missing); });
  }
}

std::string Joined(const std::vector<std::string>& names) { return fmt::format("{}", fmt::join(names, ", ")); }

// There are lowerings, and none is taken: for their opsets, or because the user said so.
void DescribeNotTaken(std::string_view name, const std::vector<Candidate>& candidates, int opset, Finding& finding) {
  const bool opset_too_low = std::ranges::any_of(candidates, &Candidate::needs_newer_opset);
  finding.rule = opset_too_low ? "FL2005" : "FL2001";
  finding.message = opset_too_low ? fmt::format("{} has no lowering for opset {}", name, opset)
                                  : fmt::format("no lowering of {} is taken at opset {}", name, opset);
  for (const Candidate& candidate : candidates)
    finding.hint += fmt::format("{}: {}\n", candidate.row->plugin->id(), candidate.reason);
}

// Which rule it is, and what to do.
Finding Describe(const Missing& missing, const Registry& registry, int opset) {
  const std::string name = ToString(missing.op);
  Finding finding{.locations = missing.places};
  if (const auto candidates = registry.Candidates(missing.op, opset); !candidates.empty()) {
    DescribeNotTaken(name, candidates, opset, finding);
    return finding;
  }
  if (missing.op.domain == "higher_order") {
    finding.rule = "FL2021";
    finding.message = fmt::format("higher-order operator {} is not supported", name);
    return finding;
  }
  if (missing.op.domain != "aten" && missing.op.domain != "prims" && missing.op.domain != "python") {
    finding.rule = "FL2004";
    finding.message = fmt::format("no lowering for custom operator {}", name);
    finding.hint = "load the plugin that lowers it: fairlead export --plugin FILE";
    return finding;
  }
  if (missing.complex) {
    finding.rule = "FL2014";
    finding.message = fmt::format("operator {} has no lowering and works on complex tensors", name);
    return finding;
  }
  std::vector<std::string> lowered;
  for (const std::string& overload : Overloads(missing.op.domain, missing.op.type)) {
    const OpName other{missing.op.domain, missing.op.type, overload};
    if (!registry.Choose(other, opset).empty()) lowered.push_back(ToString(other));
  }
  if (!lowered.empty()) {
    finding.rule = "FL2002";
    finding.message = fmt::format("overload {} has no lowering, but {} has", name, Joined(lowered));
    return finding;
  }
  finding.rule = "FL2001";
  finding.message = fmt::format("operator {} has no lowering for opset {}", name, opset);
  std::vector<std::string> near;
  // What is further off is another word.
  const std::size_t most_edits = std::max<std::size_t>(missing.op.type.size() / 3, 1);
  for (const std::string& type : NearestOperators(missing.op.domain, missing.op.type, 8, most_edits))
    for (const std::string& overload : Overloads(missing.op.domain, type))
      if (near.size() < 3 && type != missing.op.type &&
          !registry.Choose({missing.op.domain, type, overload}, opset).empty())
        near.push_back(ToString({missing.op.domain, type, overload}));
  if (!near.empty()) finding.hint = "nearest that have one: " + Joined(near);
  return finding;
}

}  // namespace

bool WorksOnComplex(const Graph& graph, const Node& node) {
  const auto is_complex = [&](ValueId id) { return id != kNoValue && IsComplex(graph.value(id).type.dtype); };
  return std::ranges::any_of(node.inputs, is_complex) || std::ranges::any_of(node.outputs, is_complex);
}

Status ReportMissing(const Graph& graph, const Registry& registry, int opset, Diagnostics& diagnostics) {
  AllMissing missing;
  Collect(graph, registry, opset, missing);
  Status first;
  for (const auto& [key, entry] : missing) {
    Finding finding = Describe(entry, registry, opset);
    if (registry.Rows().empty()) finding.hint = kNoPlugins;
    if (first.ok()) first = Status({finding.rule, finding.message, finding.hint});
    diagnostics.Report(std::move(finding));
  }
  const Status types = ReportMissingTypes(graph, opset, diagnostics);
  return first.ok() ? types : first;
}

}  // namespace fairlead
