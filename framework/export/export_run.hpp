// One export, stage by stage:
//
//   program ─ read ─ program passes ─ plugins ─ lower ─ model passes ─ rules ─▶ Model ─ write (checked) ─▶ model.onnx
//
//   FL_ASSIGN_OR_RETURN(const ExportPlan plan, PlanExport(options));
//   PluginSet plugins(plan.plugins);
//   FL_ASSIGN_OR_RETURN(ExportedModel exported, ExportProgram("m.pt2", plan, plugins, diagnostics, observer));
//   FL_RETURN_IF_ERROR(SaveModel(exported.model, "m.onnx", plan, diagnostics, observer).status());
//
// Plugins that lower are opened only after a program was read: a file that is not one costs no loading.
#pragma once

#include <fairlead/exporter.hpp>

#include <atomic>
#include <filesystem>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "frontend/frontend.hpp"
#include "lowering/lowering.hpp"
#include "passes/pass.hpp"
#include "registry/registry.hpp"
#include "serialize/serializer.hpp"

namespace fairlead {

// ExportOptions, checked and in the terms of the stages.
struct ExportPlan {
  int opset = 20;
  WeightPolicy weights = WeightPolicy::kEmbed;
  StatePolicy state = StatePolicy::kIo;
  PluginSources plugins;
  std::vector<LoweringChoice> lowerings;
  std::vector<std::string> disabled_passes;
  bool check_crc = false;
  std::optional<int64_t> seed;
};
// FL9004 for a value out of range or not of its form, and for a pass that cannot be switched off; FL9015 when two values
// contradict each other.
Result<ExportPlan> PlanExport(const ExportOptions& options);

// "aten::foo=PLUGIN", "aten::foo.Tensor=!PLUGIN" (forbid). FL9004.
Result<LoweringChoice> ParseLoweringChoice(const std::string& text);

// FL9004 when one of these is not the name of a pass, with the names there are.
Status CheckPassNames(std::span<const std::string> names);

// The plugins of several runs: each kind is opened once, when a run first asks for it. Thread-safe.
class PluginSet {
 public:
  explicit PluginSet(PluginSources sources) : sources_(std::move(sources)) {}

  // Plugins of one of these FL_KIND_ bits. What loading had to say is reported to every run that asks.
  Result<std::vector<PluginPtr>> Load(uint32_t kinds, Diagnostics& diagnostics);
  const PluginSources& sources() const { return sources_; }

 private:
  struct Loaded {
    Result<std::vector<PluginPtr>> plugins;
    std::vector<Finding> findings;
  };

  PluginSources sources_;
  std::mutex mutex_;
  std::map<uint32_t, Loaded> loaded_;
};

// What the plugins of a plan offer.
Result<Registry> MakeRegistry(const ExportPlan& plan, PluginSet& plugins, Diagnostics& diagnostics);

// What a run has reached; for progress and statistics. Called in order, on the run's own thread.
class ExportObserver {
 public:
  virtual ~ExportObserver() = default;
  virtual void OnStart(std::string_view stage) { (void)stage; }  // "read", "passes", "lower", "check", "write"
  virtual void OnRead(const ExportedProgram& program) { (void)program; }
  virtual void OnLowered(const Model& model, const LoweringStatistics& statistics) { (void)model, (void)statistics; }
  virtual void OnWritten(const WrittenFiles& files) { (void)files; }
};

// A lowered model that met the rules, and what is known of the program it came from.
struct ExportedModel {
  Model model;
  LoweringStatistics statistics;
};

// Reads, lowers and checks. On an error `diagnostics` has every finding, and the Status is the first error.
Result<ExportedModel> ExportProgram(const std::filesystem::path& program, const ExportPlan& plan, PluginSet& plugins,
                                    Diagnostics& diagnostics, ExportObserver& observer);

// Writes a model under `output`; serialize/serializer.hpp. `interrupted` may be null.
Result<WrittenFiles> SaveModel(const Model& model, const std::filesystem::path& output, const ExportPlan& plan,
                               Diagnostics& diagnostics, ExportObserver& observer,
                               const std::atomic<bool>* interrupted = nullptr);

}  // namespace fairlead
