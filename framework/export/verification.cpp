#include "export/verification.hpp"

#include <algorithm>

#include "archive/tensors_file.hpp"
#include "frontend/frontend.hpp"
#include "onnx/model_io.hpp"

namespace fairlead {
namespace {

// A model that a provider has loaded, and the values a file has for it.
struct LoadedRun {
  std::unique_ptr<Session> session;
  ExpectedIo io;
};

// A file that is no model is named for what it is, as export and show do.
Result<onnx_room::DecodedModel> OpenModel(const std::filesystem::path& path) {
  Result<onnx_room::DecodedModel> decoded = onnx_room::DecodeModel(path);
  if (decoded.ok()) return decoded;
  const FileIdentity identity = Identify(path);
  if (identity.kind == FileKind::kExportedProgram) {
    return Error("FL1001", "{} is a PyTorch program; an ONNX model is wanted", path.string())
        .WithHint(fmt::format("export it first: fairlead export {}", path.string()));
  }
  if (identity.kind == FileKind::kOnnx || identity.kind == FileKind::kUnknown) return decoded;
  return Error("FL1001", "{} is {}; an ONNX model is wanted", path.string(), identity.sentence).WithHint(identity.advice);
}

Result<LoadedRun> LoadRun(const std::filesystem::path& model, const RunSetup& setup) {
  FL_ASSIGN_OR_RETURN(const onnx_room::DecodedModel decoded, OpenModel(model));
  LoadedRun run;
  FL_ASSIGN_OR_RETURN(run.session, setup.provider->Load(model));
  FL_ASSIGN_OR_RETURN(run.io, MatchExpected(setup.values, setup.set, run.session->inputs(), run.session->outputs(),
                                            decoded.header.metadata));
  return run;
}

Status CheckSet(const ExpectedFile& file, const NamedTensors& values) {
  const std::string prefix = file.set + ".";
  const bool found =
      std::ranges::any_of(values.tensors, [&](const auto& entry) { return entry.first.starts_with(prefix); });
  if (found || file.set.empty()) return Ok();
  return Error("FL9004", "{} has no key {}…", file.path.string(), prefix);
}

// "a" of "a.out.0": the file holds sets, and was read without --expect-set.
std::string SetOf(std::string_view key) {
  for (const std::string_view kind : {".in.", ".out.", ".mut.", ".inmut."}) {
    const std::size_t end = key.find(kind);
    if (end != key.npos && end > 0) return std::string(key.substr(0, end));
  }
  return {};
}

// All values that the model does not have, as one finding and each as a comparison that failed.
void AddMissing(const ExpectedFile& expected, const std::vector<std::string>& keys, Verification& verification,
                Diagnostics& diagnostics) {
  constexpr std::size_t kShown = 8;
  if (keys.empty()) return;
  for (const std::string& key : keys) {
    Comparison& missing = verification.outputs.emplace_back();
    missing.output = key;
    missing.rule = "FL8015";
    missing.reason = "is nothing that the model has";
  }
  const auto shown = std::span(keys).first(std::min(keys.size(), kShown));
  const std::string set = expected.set.empty() ? SetOf(keys.front()) : std::string();
  diagnostics.Report({.rule = "FL8015",
                      .message = fmt::format("{}: the model has no output, new state or input for {}{}",
                                             expected.path.string(), fmt::join(shown, ", "),
                                             keys.size() > kShown ? fmt::format(" and {} more", keys.size() - kShown) : ""),
                      .locations = {},
                      .hint = set.empty() ? "" : fmt::format("one set of the file alone is read with --expect-set {}", set),
                      .plugin = {}});
}

// Inputs may be missing because the file holds sets and none was asked for.
Status WithSetHint(Status error, const std::string& given, const std::vector<std::string>& missing) {
  const std::string set = given.empty() && !missing.empty() ? SetOf(missing.front()) : std::string();
  if (set.empty() || error.error().rule != "FL8013") return error;
  return std::move(error).WithHint(fmt::format("one set of the file alone is read with --set {}", set));
}

std::vector<std::string> NotCompared(const std::vector<Port>& outputs, const NamedTensors& expected) {
  std::vector<std::string> names;
  for (const Port& output : outputs)
    if (expected.Find(output.name) == nullptr) names.push_back(output.name);
  return names;
}

}  // namespace

Result<RunSetup> OpenRun(const std::optional<ExpectedFile>& file, const std::string& provider, PluginSet& plugins,
                         Diagnostics& diagnostics) {
  RunSetup setup;
  if (file) {
    setup.set = file->set;
    FL_ASSIGN_OR_RETURN(setup.values, ReadTensors(file->path));
    FL_RETURN_IF_ERROR(CheckSet(*file, setup.values));
  }
  FL_ASSIGN_OR_RETURN(const std::vector<PluginPtr> loaded, plugins.Load(FL_KIND_EP, diagnostics));
  FL_ASSIGN_OR_RETURN(setup.provider, OpenProvider(provider, loaded, diagnostics));
  return setup;
}

bool Verification::passed() const { return std::ranges::all_of(outputs, &Comparison::equal); }

Result<Verification> VerifyFile(const std::filesystem::path& model, const ExpectedFile& expected, const RunSetup& setup,
                                Diagnostics& diagnostics) {
  FL_ASSIGN_OR_RETURN(LoadedRun run, LoadRun(model, setup));
  Verification verification{.provider = setup.provider->description(),
                            .outputs = {},
                            .not_compared = NotCompared(run.session->outputs(), run.io.outputs),
                            .unused = run.io.unused};
  AddMissing(expected, run.io.missing, verification, diagnostics);
  if (run.io.outputs.tensors.empty()) {
    return Error("FL8015", "{}: none of its values is an output of {}", expected.path.string(), model.string());
  }
  FL_ASSIGN_OR_RETURN(const NamedTensors got, run.session->Run(run.io.inputs));
  for (const auto& [name, tensor] : run.io.outputs.tensors) {
    const Tensor* const output = got.Find(name);
    FL_CHECK(output != nullptr, "expected values were matched to the session's outputs, and a run gives all of them");
    Comparison comparison = Compare(name, *output, tensor);
    if (!comparison.equal) {
      diagnostics.Report({.rule = comparison.rule,
                          .message = fmt::format("output {}: {}", name, comparison.reason),
                          .locations = {},
                          .hint = {},
                          .plugin = {}});
    }
    verification.outputs.push_back(std::move(comparison));
  }
  return verification;
}

Result<ModelRun> RunFile(const std::filesystem::path& model, const RunSetup& setup) {
  FL_ASSIGN_OR_RETURN(LoadedRun run, LoadRun(model, setup));
  Result<NamedTensors> outputs = run.session->Run(run.io.inputs);
  if (!outputs.ok()) return WithSetHint(std::move(outputs).status(), setup.set, run.io.missing);
  std::vector<std::string> unused = std::move(run.io.missing);
  unused.insert(unused.end(), run.io.unused.begin(), run.io.unused.end());
  return ModelRun{.provider = setup.provider->description(), .outputs = *std::move(outputs), .unused = std::move(unused)};
}

}  // namespace fairlead
