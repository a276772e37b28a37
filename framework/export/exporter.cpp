#include <fairlead/exporter.hpp>

#include "export/export_run.hpp"
#include "ir/text.hpp"

namespace fairlead {
namespace {

std::vector<DiagnosticMessage> Messages(const Diagnostics& diagnostics) {
  std::vector<DiagnosticMessage> messages;
  for (const Finding& finding : diagnostics.findings()) {
    DiagnosticMessage message{.rule = finding.rule,
                              .level = std::string(Name(finding.level)),
                              .message = finding.message,
                              .hint = finding.hint,
                              .module_path = {},
                              .file = {}};
    if (!finding.locations.empty()) {
      const Location& place = finding.locations.front();
      message.module_path = place.module_path;
      message.file = place.file;
      message.line = place.line;
    }
    messages.push_back(std::move(message));
  }
  return messages;
}

// "FL1001: model.pt2: …", what() of the exceptions.
std::string Sentence(const Status& status) { return fmt::format("{}: {}", status.error().rule, status.message()); }

[[noreturn]] void Throw(const Status& status, const Diagnostics& diagnostics) {
  throw OnnxExporterError(Sentence(status), ExitCode(status), Messages(diagnostics));
}

std::vector<PortDescription> Describe(const Graph& graph, const std::vector<ValueId>& values) {
  std::vector<PortDescription> ports;
  for (const ValueId id : values) ports.push_back({graph.value(id).name, ToString(graph.value(id).type)});
  return ports;
}

}  // namespace

OnnxExporterError::OnnxExporterError(const std::string& message, int exit_code, std::vector<DiagnosticMessage> diagnostics)
    : std::runtime_error(message), exit_code_(exit_code), diagnostics_(std::move(diagnostics)) {}

struct ONNXProgram::State {
  Model model;
  ExportPlan plan;
  std::vector<DiagnosticMessage> diagnostics;
};

ONNXProgram::ONNXProgram(std::unique_ptr<State> state) : state_(std::move(state)) {}
ONNXProgram::ONNXProgram(ONNXProgram&&) noexcept = default;
ONNXProgram& ONNXProgram::operator=(ONNXProgram&&) noexcept = default;
ONNXProgram::~ONNXProgram() = default;

void ONNXProgram::Save(const std::filesystem::path& path) const {
  Diagnostics diagnostics;
  ExportObserver observer;
  const Result<WrittenFiles> files = SaveModel(state_->model, path, state_->plan, diagnostics, observer);
  if (!files.ok()) Throw(files.status(), diagnostics);
}

std::vector<PortDescription> ONNXProgram::inputs() const {
  return Describe(state_->model.graph, state_->model.graph.inputs());
}

std::vector<PortDescription> ONNXProgram::outputs() const {
  return Describe(state_->model.graph, state_->model.graph.outputs());
}

std::size_t ONNXProgram::node_count() const { return state_->model.graph.order().size(); }

int ONNXProgram::opset() const { return state_->plan.opset; }

std::string ONNXProgram::ToText() const { return Print(state_->model.graph); }

const std::vector<DiagnosticMessage>& ONNXProgram::diagnostics() const { return state_->diagnostics; }

struct Exporter::Impl {
  explicit Impl(ExportPlan checked) : plan(std::move(checked)), plugins(plan.plugins) {}

  ExportPlan plan;
  PluginSet plugins;
};

Exporter::Exporter(ExportOptions options) {
  Result<ExportPlan> plan = PlanExport(options);
  if (!plan.ok()) {
    Diagnostics diagnostics;
    diagnostics.Report(plan.status());
    throw InvalidExportOptionsError(Sentence(plan.status()), ExitCode(plan.status()), Messages(diagnostics));
  }
  impl_ = std::make_unique<Impl>(*std::move(plan));
}

Exporter::~Exporter() = default;

ONNXProgram Exporter::Export(const std::filesystem::path& program) const {
  Diagnostics diagnostics;
  ExportObserver observer;
  Result<ExportedModel> exported = ExportProgram(program, impl_->plan, impl_->plugins, diagnostics, observer);
  if (!exported.ok()) Throw(exported.status(), diagnostics);
  return ONNXProgram(std::make_unique<ONNXProgram::State>(
      ONNXProgram::State{std::move(exported->model), impl_->plan, Messages(diagnostics)}));
}

}  // namespace fairlead
