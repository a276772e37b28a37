// Running a written ONNX file, and comparing it with expected values. Used by export --expect, verify and run.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "export/export_run.hpp"
#include "runtime/runtime.hpp"

namespace fairlead {

struct ExpectedFile {
  std::filesystem::path path;  // .npz or .safetensors
  std::string set;             // --expect-set, or empty
};

struct Verification {
  std::string provider;                   // "onnxruntime 1.31.1 CPU"
  std::vector<Comparison> outputs;        // one for each expected value, also for those the model does not have
  std::vector<std::string> not_compared;  // outputs and new states of the model that the file has no value for
  std::vector<std::string> unused;        // keys of the file that the model has no use for

  bool passed() const;
};

// Opens the provider, runs `model` by its path on the expected inputs and compares. A difference is a finding of the
// comparison's rule, not a failed Status; so are values that the model does not have (FL8015).
Result<Verification> VerifyFile(const std::filesystem::path& model, const ExpectedFile& expected,
                                const std::string& provider, PluginSet& plugins, Diagnostics& diagnostics);

struct ModelRun {
  std::string provider;
  NamedTensors outputs;
  std::vector<std::string> unused;  // keys of the file that stand for nothing in the model
};
// Runs `model` once. `inputs` are matched like expected values; keys that stand for outputs are left out. Without, the
// model runs on its defaults.
Result<ModelRun> RunFile(const std::filesystem::path& model, const std::optional<ExpectedFile>& inputs,
                         const std::string& provider, PluginSet& plugins, Diagnostics& diagnostics);

}  // namespace fairlead
