#include "export/verification.hpp"

#include <algorithm>

#include "archive/tensors_file.hpp"
#include "onnx/model_io.hpp"

namespace fairlead {
namespace {

// A model that a provider has loaded, and the values a file has for it.
struct LoadedRun {
  std::string provider;
  std::unique_ptr<Session> session;
  ExpectedIo io;
};

Result<LoadedRun> LoadRun(const std::filesystem::path& model, const std::optional<ExpectedFile>& file,
                          const std::string& provider, PluginSet& plugins, Diagnostics& diagnostics) {
  NamedTensors values;
  if (file) {
    FL_ASSIGN_OR_RETURN(values, ReadTensors(file->path));
  }
  FL_ASSIGN_OR_RETURN(const onnx_room::DecodedModel decoded, onnx_room::DecodeModel(model));
  FL_ASSIGN_OR_RETURN(const std::vector<PluginPtr> loaded, plugins.Load(FL_KIND_EP, diagnostics));
  FL_ASSIGN_OR_RETURN(const std::unique_ptr<ExecutionProvider> ep, OpenProvider(provider, loaded, diagnostics));
  LoadedRun run{.provider = ep->description(), .session = nullptr, .io = {}};
  FL_ASSIGN_OR_RETURN(run.session, ep->Load(model));
  FL_ASSIGN_OR_RETURN(run.io, MatchExpected(values, file ? file->set : std::string(), run.session->inputs(),
                                            run.session->outputs(), decoded.header.metadata));
  return run;
}

Comparison CompareNamed(const std::string& name, const NamedTensors& got, const Tensor& expected) {
  if (const Tensor* tensor = got.Find(name)) return Compare(name, *tensor, expected);
  Comparison missing;
  missing.output = name;
  missing.rule = "FL8015";
  missing.reason = "the model has no such output";
  return missing;
}

}  // namespace

bool Verification::passed() const { return std::ranges::all_of(outputs, &Comparison::equal); }

Result<Verification> VerifyFile(const std::filesystem::path& model, const ExpectedFile& expected,
                                const std::string& provider, PluginSet& plugins, Diagnostics& diagnostics) {
  FL_ASSIGN_OR_RETURN(LoadedRun run, LoadRun(model, expected, provider, plugins, diagnostics));
  if (run.io.outputs.tensors.empty()) {
    return Error("FL8015", "{}: none of its values is an output of {}", expected.path.string(), model.string());
  }
  FL_ASSIGN_OR_RETURN(const NamedTensors got, run.session->Run(run.io.inputs));
  Verification verification{.provider = run.provider, .outputs = {}, .unmatched = run.io.unmatched};
  for (const auto& [name, tensor] : run.io.outputs.tensors) {
    Comparison comparison = CompareNamed(name, got, tensor);
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

Result<ModelRun> RunFile(const std::filesystem::path& model, const std::optional<ExpectedFile>& inputs,
                         const std::string& provider, PluginSet& plugins, Diagnostics& diagnostics) {
  FL_ASSIGN_OR_RETURN(LoadedRun run, LoadRun(model, inputs, provider, plugins, diagnostics));
  FL_ASSIGN_OR_RETURN(NamedTensors outputs, run.session->Run(run.io.inputs));
  return ModelRun{.provider = run.provider, .outputs = std::move(outputs), .unmatched = std::move(run.io.unmatched)};
}

}  // namespace fairlead
