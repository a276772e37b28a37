// fairlead export: one program, or a batch.
#include <algorithm>
#include <chrono>
#include <iterator>

#include "base/utf8.hpp"
#include "batch.hpp"
#include "commands.hpp"
#include "export_options.hpp"
#include "files.hpp"
#include "interruption.hpp"
#include "reports.hpp"

namespace fairlead::cli {
namespace {

constexpr std::size_t kFileColumns = 17;
constexpr std::size_t kMaxInputLines = 8;

// The stages as they are reached, in the look of docs/cli.md.
class StageLines : public ExportObserver {
 public:
  StageLines(const std::filesystem::path& input, Console& console) : input_(input), console_(console) {}

  void OnStart(std::string_view stage) override {
    const auto now = std::chrono::steady_clock::now();
    if (console_.verbose() && !stage_.empty()) {
      console_.Stage("", fmt::format("{} took {:.3f} s", stage_, std::chrono::duration<double>(now - started_).count()));
    }
    started_ = now;
    stage_ = stage;
    console_.Progress(stage);
  }

  void OnRead(const ExportedProgram& program) override {
    console_.Stage("read", Padded(Printable(input_.filename().string()), kFileColumns) + ProgramFacts(program));
    std::string name = "inputs";
    std::size_t lines = 0;
    for (const std::string& line : InputLines(program)) {
      if (++lines > kMaxInputLines && !console_.verbose()) continue;
      console_.Stage(name, line);
      name.clear();
    }
    if (lines > kMaxInputLines && !console_.verbose())
      console_.Stage("", fmt::format("… and {} more", lines - kMaxInputLines));
  }

  void OnLowered(const Model&, const LoweringStatistics& statistics) override {
    console_.Stage("lower",
                   fmt::format("{0}/{0} ops → {1}", statistics.aten_nodes, Counted(statistics.onnx_nodes, "node")));
  }

 private:
  const std::filesystem::path& input_;
  Console& console_;
  std::string stage_;
  std::chrono::steady_clock::time_point started_;
};

// One export from the command line to the last line.
class SingleExport {
 public:
  SingleExport(const Arguments& arguments, Console& console)
      : arguments_(arguments), console_(console), expected_(ExpectedFrom(arguments)) {
    report_.input = arguments.operands().front();
    report_.output =
        arguments.Has("output") ? std::filesystem::path(arguments.Text("output")) : DefaultOutput(report_.input);
  }

  int Run() {
    const Result<ExportPlan> plan = PlanFrom(arguments_);
    if (!plan.ok()) return console_.Fail(plan.status());
    if (const Status usage = CheckFilesOf(*plan); !usage.ok()) return console_.FailFiles(usage);
    if (plan->weights == WeightPolicy::kNone && expected_) {
      return console_.Fail(
          Error("FL9015", "--weights none and --expect contradict each other: a model without weights cannot be run"));
    }
    report_.opset = plan->opset;
    PluginSet plugins(plan->plugins);
    const auto start = std::chrono::steady_clock::now();
    RunStages(*plan, plugins);
    report_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    console_.Show(report_.diagnostics);
    report_.exit_code = ExitCodeOf(report_.diagnostics, arguments_.Text("fail-on"));
    LastLine();
    return FinishJson(arguments_, console_, ToJson(report_), report_.exit_code);
  }

 private:
  Status CheckFilesOf(const ExportPlan& plan) const {
    std::vector<NamedFile> read = PluginFiles(plan.plugins), written = OutputFiles(report_.output, plan.weights);
    read.push_back({report_.input, "the input"});
    if (expected_) read.push_back({expected_->path, "the file of --expect"});
    std::ranges::move(JsonFile(arguments_), std::back_inserter(written));
    return CheckFiles(read, written);
  }

  // What will be needed once the model is written is opened before any work.
  Status OpenVerification(PluginSet& plugins) {
    if (!expected_ && !arguments_.Has("ep")) return Ok();
    FL_ASSIGN_OR_RETURN(setup_, OpenRun(expected_, arguments_.Text("ep"), plugins, report_.diagnostics));
    return Ok();
  }

  void RunStages(const ExportPlan& plan, PluginSet& plugins) {
    Diagnostics& diagnostics = report_.diagnostics;
    if (const Status opened = OpenVerification(plugins); !opened.ok()) return diagnostics.Report(opened);
    StageLines lines(report_.input, console_);
    const Result<ExportedModel> exported = ExportProgram(report_.input, plan, plugins, diagnostics, lines);
    if (!exported.ok()) return;
    report_.statistics = exported->statistics;
    report_.ports = PortsOf(exported->model);
    const Result<WrittenFiles> files = Save(exported->model, plan, lines, !expected_);
    if (!files.ok()) return;
    report_.files = *files;
    console_.Stage("check", fmt::format("opset {} · {} · checker passed", plan.opset, TypingFact(diagnostics)));
    console_.Stage("write", Padded(Printable(files->model.filename().string()), kFileColumns) + WrittenFact(*files));
    if (expected_) VerifyWritten(*expected_);
    if (!expected_ && arguments_.Has("verify")) ReportNothingToCompareWith();
  }

  void ReportNothingToCompareWith() {
    const std::string output = report_.output.string();
    report_.diagnostics.Report(
        {.rule = "FL8016",
         .message = fmt::format("NOT VERIFIED: there are no outputs to compare with those of {}", output),
         .locations = {},
         .hint = {},
         .plugin = {}});
  }

  // `last`: nothing is left to do once the files are there.
  Result<WrittenFiles> Save(const Model& model, const ExportPlan& plan, ExportObserver& observer, bool last) {
    const WritingScope writing;
    Result<WrittenFiles> files =
        SaveModel(model, report_.output, plan, report_.diagnostics, observer, WritingScope::interrupted());
    if (files.ok() && last) IgnoreInterruptions();
    return files;
  }

  void VerifyWritten(const ExpectedFile& expected) {
    console_.Progress("verify");
    Result<Verification> verification = VerifyFile(report_.output, expected, *setup_, report_.diagnostics);
    if (!verification.ok()) {
      report_.diagnostics.Report(verification.status());
      return;
    }
    console_.Stage("verify", VerifiedAgainst(*verification, expected));
    for (const std::string& line : ComparisonLines(*verification, console_)) console_.Stage("", line);
    report_.verification = *std::move(verification);
  }

  static std::string TypingFact(const Diagnostics& diagnostics) {
    std::size_t untyped = 0;
    for (const Finding& finding : diagnostics.findings()) untyped += finding.rule == "FL4009" ? 1 : 0;
    return untyped == 0 ? "every value typed and shaped" : Counted(untyped, "value") + " of unknown rank";
  }

  static std::string WrittenFact(const WrittenFiles& files) {
    std::string text = ByteCount(files.bytes);
    for (const std::filesystem::path& data : files.data) {
      text += fmt::format(" · weights in {}", Printable(data.filename().string()));
    }
    return text;
  }

  void LastLine() {
    const std::string output = Printable(report_.output.string());
    if (report_.exit_code != 0) {
      console_.Fail(report_.files.has_value() ? fmt::format("{} was written; {}.", output, FailureFact(report_.diagnostics))
                                              : FailureFact(report_.diagnostics) + ", nothing written.",
                    report_.exit_code);
    } else if (report_.verified()) {
      console_.Say(fmt::format("\n{} is ready and {} ({:.1f} s).", output, VerifiedFact(*report_.verification, console_),
                               report_.seconds));
    } else {
      console_.Say(
          fmt::format("\n{} is ready ({:.1f} s).\n{}: no reference. Give inputs and the outputs PyTorch computed from "
                      "them: --expect IO",
                      output, report_.seconds, console_.Bad("NOT VERIFIED")));
    }
  }

  const Arguments& arguments_;
  Console& console_;
  const std::optional<ExpectedFile> expected_;
  ExportReport report_;
  std::optional<RunSetup> setup_;  // before report_'s findings end, which its provider reports to
};

}  // namespace

int Export(const Arguments& arguments, Console& console) {
  const bool batch = arguments.Has("batch");
  if (batch && !arguments.operands().empty()) return console.Fail(Error("FL9015", "--batch and IN contradict each other"));
  if (!batch && arguments.operands().empty()) {
    return console.Fail(Error("FL9015", "export: IN is missing").WithHint("usage: fairlead export IN… [OPTION…]"));
  }
  if (batch || arguments.operands().size() > 1) return ExportBatch(arguments, console);
  if (arguments.Has("jobs")) return console.Fail(Error("FL9015", "--jobs means nothing for one input"));
  return SingleExport(arguments, console).Run();
}

}  // namespace fairlead::cli
