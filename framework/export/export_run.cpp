#include "export/export_run.hpp"

#include "export/metadata.hpp"
#include "plugin/rules.hpp"
#include "runtime/runtime.hpp"
#include "verify/verify.hpp"

namespace fairlead {
namespace {

// Adds the failure to the findings of the run; one that a stage reported already is the same finding.
Status Reported(Status status, Diagnostics& diagnostics) {
  diagnostics.Report(status);
  return status;
}

Result<ExportedModel> RunStages(const std::filesystem::path& path, const ExportPlan& plan, PluginSet& plugins,
                                Diagnostics& diagnostics, ExportObserver& observer) {
  observer.OnStart("read");
  const ReadOptions reading{
      .check_crc = plan.check_crc, .sample_inputs = false, .weightless = plan.weights == WeightPolicy::kNone};
  FL_ASSIGN_OR_RETURN(const auto file, MappedFile::Open(path));
  FL_ASSIGN_OR_RETURN(ExportedProgram program, ReadExportedProgram(file, reading, diagnostics));
  observer.OnRead(program);

  observer.OnStart("passes");
  PassContext context{.diagnostics = diagnostics, .state = plan.state, .opset = plan.opset};
  FL_RETURN_IF_ERROR(RunProgramPasses(program, context, plan.disabled_passes));

  observer.OnStart("lower");
  FL_ASSIGN_OR_RETURN(const Registry registry, MakeRegistry(plan, plugins, diagnostics));
  if (!context.refused.ok()) {
    // What is missing besides is said now, not after the next try.
    static_cast<void>(ReportMissing(program.graph, registry, plan.opset, diagnostics).ok());
    return context.refused;
  }
  ExportedModel exported;
  FL_ASSIGN_OR_RETURN(exported.model, LowerProgram(program, registry, {.opset = plan.opset, .seed = plan.seed}, diagnostics,
                                                   &exported.statistics));
  exported.model.metadata.merge(ModelMetadata(program));
  exported.model.program = file;
  FL_RETURN_IF_ERROR(RunModelPasses(exported.model, context, plan.disabled_passes));
  observer.OnLowered(exported.model, exported.statistics);

  observer.OnStart("check");
  FL_RETURN_IF_ERROR(VerifyModel(exported.model, diagnostics));
  FL_ASSIGN_OR_RETURN(const std::vector<PluginPtr> observers, plugins.Load(FL_KIND_RULE, diagnostics));
  RunRules(exported.model.graph, exported.model.opset_imports, observers, diagnostics);
  return exported;
}

}  // namespace

Result<std::vector<PluginPtr>> PluginSet::Load(uint32_t kinds, Diagnostics& diagnostics) {
  const std::scoped_lock lock(mutex_);
  auto found = loaded_.find(kinds);
  if (found == loaded_.end()) {
    Diagnostics findings;
    HostTables tables = LoweringTables();
    tables.exec = ExecTable();
    Result<std::vector<PluginPtr>> plugins = PluginLoader(tables).Load(sources_, kinds, findings);
    found = loaded_.emplace(kinds, Loaded{std::move(plugins), findings.findings()}).first;
  }
  for (const Finding& finding : found->second.findings) diagnostics.Report(finding);
  return found->second.plugins;
}

Result<Registry> MakeRegistry(const ExportPlan& plan, PluginSet& plugins, Diagnostics& diagnostics) {
  FL_ASSIGN_OR_RETURN(std::vector<PluginPtr> loaded, plugins.Load(FL_KIND_LOWERING, diagnostics));
  return Registry::Make(std::move(loaded), plan.lowerings, diagnostics);
}

Result<ExportedModel> ExportProgram(const std::filesystem::path& program, const ExportPlan& plan, PluginSet& plugins,
                                    Diagnostics& diagnostics, ExportObserver& observer) {
  Result<ExportedModel> exported = RunStages(program, plan, plugins, diagnostics, observer);
  if (!exported.ok()) return Reported(std::move(exported).status(), diagnostics);
  return exported;
}

Result<WrittenFiles> SaveModel(const Model& model, const std::filesystem::path& output, const ExportPlan& plan,
                               Diagnostics& diagnostics, ExportObserver& observer, const std::atomic<bool>* interrupted) {
  observer.OnStart("write");
  Result<WrittenFiles> files = WriteModel(
      model, {.output = output, .weights = plan.weights, .check = true, .interrupted = interrupted}, diagnostics);
  if (!files.ok()) return Reported(std::move(files).status(), diagnostics);
  observer.OnWritten(*files);
  return files;
}

}  // namespace fairlead
