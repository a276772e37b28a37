#include "export/inspection.hpp"

#include "passes/replacement.hpp"
#include "plugin/lock.hpp"

namespace fairlead {
namespace {

void CountIn(const Graph& graph, std::map<std::string, std::size_t>& counts) {
  for (const NodeId id : graph.order()) {
    ++counts[ToString(graph.node(id).op)];
    ForEachSubgraph(graph.node(id), [&](const Graph& nested) { CountIn(nested, counts); });
  }
}

OperatorCoverage CoverageOf(const OpName& op, const Registry& registry, int opset) {
  OperatorCoverage coverage;
  coverage.op = op;
  const std::vector<const LoweringRow*>& rows = registry.Choose(op, opset);
  if (rows.empty()) {
    coverage.why_not = "no lowering";
  } else {
    coverage.plugin = rows.front()->plugin->id();
    coverage.family = rows.front()->family;
  }
  return coverage;
}

// What keeps the operator from being lowered at this place; empty for nothing.
std::string WhyNotHere(const Graph& graph, const Node& node, const std::vector<uint32_t>& uses, int opset) {
  if (IsRefused(node)) return "no form on complex tensors";
  const auto types = TypesAfter(opset, graph, node, uses);
  return types.empty() ? "" : fmt::format("no {} at opset {}", Name(*types.begin()), opset);
}

void CoverIn(const Graph& graph, const Registry& registry, int opset, std::map<std::string, OperatorCoverage>& covered) {
  const std::vector<uint32_t> uses = CountUses(graph);
  for (const NodeId id : graph.order()) {
    const Node& node = graph.node(id);
    OperatorCoverage& entry = covered[ToString(node.op)];
    if (entry.places == 0) entry = CoverageOf(node.op, registry, opset);
    ++entry.places;
    if (std::string why = WhyNotHere(graph, node, uses, opset); !why.empty() && entry.why_not.empty()) {
      entry.plugin.clear();
      entry.why_not = std::move(why);
    }
    ForEachSubgraph(node, [&](const Graph& nested) { CoverIn(nested, registry, opset, covered); });
  }
}

}  // namespace

Result<FileContent> OpenFile(const std::filesystem::path& path, bool check_crc, Diagnostics& diagnostics) {
  const FileIdentity identity = Identify(path);
  switch (identity.kind) {
    case FileKind::kExportedProgram: {
      FL_ASSIGN_OR_RETURN(
          ExportedProgram program,
          ReadExportedProgram(path, {.check_crc = check_crc, .sample_inputs = true, .weightless = true}, diagnostics));
      return FileContent(std::move(program));
    }
    case FileKind::kOnnx: {
      FL_ASSIGN_OR_RETURN(onnx_room::DecodedModel model, onnx_room::DecodeModel(path));
      return FileContent(std::move(model));
    }
    case FileKind::kAotInductorPackage:
    case FileKind::kTorchScript:
    case FileKind::kStateDict:
    case FileKind::kSafetensors:
    case FileKind::kIncomplete:
    case FileKind::kTruncated:
    case FileKind::kEmpty:
    case FileKind::kUnknown: break;
  }
  return Error("FL1001", "{}: {}", path.string(), identity.sentence).WithHint(identity.advice);
}

std::map<std::string, std::size_t> CountOperators(const Graph& graph) {
  std::map<std::string, std::size_t> counts;
  CountIn(graph, counts);
  return counts;
}

Result<std::vector<OperatorCoverage>> ScanProgram(const std::filesystem::path& path, const ExportPlan& plan,
                                                  PluginSet& plugins, Diagnostics& diagnostics) {
  FL_ASSIGN_OR_RETURN(ExportedProgram program,
                      ReadExportedProgram(path, {.sample_inputs = false, .weightless = true}, diagnostics));
  PassContext context{.diagnostics = diagnostics, .state = plan.state, .opset = plan.opset};
  FL_RETURN_IF_ERROR(RunProgramPasses(program, context, plan.disabled_passes));
  FL_ASSIGN_OR_RETURN(const Registry registry, MakeRegistry(plan, plugins, diagnostics));
  std::map<std::string, OperatorCoverage> covered;
  CoverIn(program.graph, registry, plan.opset, covered);
  // The findings are the answer; a missing operator is no failure of the scan.
  static_cast<void>(ReportMissing(program.graph, registry, plan.opset, diagnostics).ok());
  // So is what a pass refused.
  std::vector<OperatorCoverage> operators;
  for (auto& [name, entry] : covered) operators.push_back(std::move(entry));
  return operators;
}

std::vector<OperatorStep> StepsOf(const OpName& op, const Registry& registry, int opset) {
  constexpr std::size_t kMost = 8;
  std::vector<OperatorStep> steps = {{op, ""}};
  while (registry.Candidates(steps.back().op, opset).empty() && steps.size() < kMost) {
    const std::optional<Replacement> replaced = ReplacementOf(steps.back().op);
    if (!replaced) break;
    steps.back().pass = replaced->pass;
    if (!replaced->op) break;
    steps.push_back({*replaced->op, ""});
  }
  return steps;
}

Result<FoundPlugins> ListPlugins(const PluginSources& sources, Diagnostics& diagnostics) {
  return PluginLoader(HostTables{}).List(sources, diagnostics);
}

Result<std::string> LockPlugins(const PluginSources& sources, Diagnostics& diagnostics) {
  FL_ASSIGN_OR_RETURN(FoundPlugins found, ListPlugins(sources, diagnostics));
  std::vector<std::pair<std::filesystem::path, Manifest>> plugins;
  Status first;
  for (auto& [path, manifest] : found) {
    if (manifest.ok()) {
      plugins.emplace_back(path, *std::move(manifest));
      continue;
    }
    diagnostics.Report(manifest.status());
    if (first.ok()) first = manifest.status();
  }
  FL_RETURN_IF_ERROR(first);
  return LockText(plugins);
}

std::string KindNames(uint32_t kinds) {
  constexpr std::pair<uint32_t, std::string_view> kNames[] = {{FL_KIND_LOWERING, "lowering"},
                                                              {FL_KIND_EP, "provider"},
                                                              {FL_KIND_RULE, "rule"},
                                                              {FL_KIND_PASS, "pass"},
                                                              {FL_KIND_FRONTEND, "frontend"}};
  std::vector<std::string_view> names;
  for (const auto& [bit, name] : kNames) {
    if ((kinds & bit) != 0) names.push_back(name);
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace fairlead
