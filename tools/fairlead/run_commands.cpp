// fairlead verify and fairlead run: a written model on an execution provider.
#include <algorithm>
#include <iterator>

#include "base/utf8.hpp"
#include "commands.hpp"
#include "export_options.hpp"
#include "files.hpp"
#include "interruption.hpp"
#include "reports.hpp"

namespace fairlead::cli {
namespace {

constexpr int64_t kShownElements = 10;

std::string Dims(const Tensor& tensor) { return fmt::format("[{}]", fmt::join(tensor.dims(), ",")); }

// The first elements of a tensor of real numbers.
std::string Elements(const Tensor& tensor) {
  const std::optional<std::vector<double>> values = tensor.AsDoubles(kShownElements);
  return values ? fmt::format("{}", fmt::join(*values, " ")) : std::string();
}

std::string VerifyJson(const std::string& model, const Verification* verification, const Diagnostics& diagnostics,
                       int exit_code) {
  JsonWriter json;
  json.BeginObject().Key("command").String("verify").Key("model").String(model).Key("exit_code").Integer(exit_code);
  json.Key("verified").Bool(verification != nullptr && verification->passed());
  if (verification != nullptr) AddVerification(json, *verification);
  return json.Key("diagnostics").Raw(fairlead::ToJson(diagnostics)).End().text();
}

void AddValues(JsonWriter& json, const Tensor& tensor) {
  const std::optional<std::vector<double>> values = tensor.AsDoubles();
  if (!values) return;
  json.Key("values").BeginArray();
  for (const double value : *values) json.Number(value);
  json.End();
}

std::string RunJson(const std::string& model, const ModelRun* run, const Diagnostics& diagnostics, int exit_code) {
  JsonWriter json;
  json.BeginObject().Key("command").String("run").Key("model").String(model).Key("exit_code").Integer(exit_code);
  if (run != nullptr) {
    json.Key("provider").String(run->provider).Key("outputs").BeginArray();
    for (const auto& [name, tensor] : run->outputs.tensors) {
      json.BeginObject().Key("name").String(name).Key("dtype").String(Name(tensor.dtype())).Key("dims").BeginArray();
      for (const int64_t dim : tensor.dims()) json.Integer(dim);
      json.End();
      AddValues(json, tensor);
      json.End();
    }
    json.End();
  }
  return json.Key("diagnostics").Raw(fairlead::ToJson(diagnostics)).End().text();
}

// What verify and run read, `values` being the file of --expect or --input.
std::vector<NamedFile> FilesRead(const std::filesystem::path& model, const PluginSources& plugins,
                                 const std::vector<NamedFile>& values) {
  std::vector<NamedFile> files = ModelFiles(model);
  std::ranges::copy(PluginFiles(plugins), std::back_inserter(files));
  std::ranges::copy(values, std::back_inserter(files));
  return files;
}

Status CheckRunFiles(const Arguments& arguments, const PluginSources& plugins) {
  std::vector<NamedFile> values, written = JsonFile(arguments);
  if (arguments.Has("input")) values.push_back({arguments.Text("input"), "the file of --input"});
  if (arguments.Has("output")) written.push_back({arguments.Text("output"), "the output"});
  return CheckFiles(FilesRead(arguments.operands().front(), plugins, values), written);
}

void PrintOutputs(const ModelRun& run, Console& console) {
  for (const auto& [name, tensor] : run.outputs.tensors) {
    const std::string type = std::string(ShortName(tensor.dtype())) + Dims(tensor);
    const std::string elements = Elements(tensor);
    console.Print(Padded(Printable(name), 16) + (elements.empty() ? type : Padded(type, 20) + elements));
  }
}

}  // namespace

int Verify(const Arguments& arguments, Console& console) {
  const std::string model = arguments.operands().front();
  const std::optional<ExpectedFile> expected = ExpectedFrom(arguments);
  if (!expected) return console.Fail(Error("FL9015", "verify: there is nothing to compare with").WithHint("--expect IO"));
  Result<PluginSources> sources = PluginsFrom(arguments);
  if (!sources.ok()) return console.Fail(sources.status());
  const Status usage =
      CheckFiles(FilesRead(model, *sources, {{expected->path, "the file of --expect"}}), JsonFile(arguments));
  if (!usage.ok()) return console.FailFiles(usage);
  PluginSet plugins(*std::move(sources));
  Diagnostics diagnostics;
  const auto verify = [&]() -> Result<Verification> {
    FL_ASSIGN_OR_RETURN(const RunSetup setup, OpenRun(expected, arguments.Text("ep"), plugins, diagnostics));
    return VerifyFile(model, *expected, setup, diagnostics);
  };
  const Result<Verification> verification = verify();
  if (!verification.ok()) diagnostics.Report(verification.status());
  console.Show(diagnostics);
  const int exit_code = diagnostics.exit_code();
  if (verification.ok()) {
    if (PrintsText(arguments)) {
      console.Print(VerifiedAgainst(*verification, *expected));
      for (const std::string& line : ComparisonLines(*verification, console)) console.Print(line);
    }
  }
  if (exit_code == 0) {
    console.Say(fmt::format("{} is {}.", Printable(model), VerifiedFact(*verification, console)));
  } else {
    console.Fail(fmt::format("{} is not verified: {}.", Printable(model), FailureFact(diagnostics)), exit_code);
  }
  return FinishJson(arguments, console,
                    VerifyJson(model, verification.ok() ? &*verification : nullptr, diagnostics, exit_code), exit_code);
}

int Run(const Arguments& arguments, Console& console) {
  const std::string model = arguments.operands().front();
  std::optional<ExpectedFile> inputs;
  if (arguments.Has("input")) inputs = ExpectedFile{.path = arguments.Text("input"), .set = arguments.Text("set")};
  Result<PluginSources> sources = PluginsFrom(arguments);
  if (!sources.ok()) return console.Fail(sources.status());
  if (const Status usage = CheckRunFiles(arguments, *sources); !usage.ok()) return console.FailFiles(usage);
  PluginSet plugins(*std::move(sources));
  Diagnostics diagnostics;
  const auto run_model = [&]() -> Result<ModelRun> {
    FL_ASSIGN_OR_RETURN(const RunSetup setup, OpenRun(inputs, arguments.Text("ep"), plugins, diagnostics));
    return RunFile(model, setup);
  };
  const Result<ModelRun> run = run_model();
  if (!run.ok()) diagnostics.Report(run.status());
  if (run.ok() && arguments.Has("output")) {
    const WritingScope writing;
    if (!*WritingScope::interrupted()) diagnostics.Report(WriteTensors(arguments.Text("output"), run->outputs));
  }
  console.Show(diagnostics);
  const int exit_code = diagnostics.exit_code();
  if (run.ok()) {
    if (!run->unused.empty()) console.Say(NamesLine("not used", run->unused));
    if (PrintsText(arguments)) PrintOutputs(*run, console);
    console.Say(fmt::format("ran on {}.", Printable(run->provider)));
  }
  return FinishJson(arguments, console, RunJson(model, run.ok() ? &*run : nullptr, diagnostics, exit_code), exit_code);
}

}  // namespace fairlead::cli
