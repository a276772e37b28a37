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

// What a run needs beside its model. Opened before there is one, so that wrong options cost no work.
struct RunSetup {
  std::string set;
  NamedTensors values;  // of the file; none without one
  std::unique_ptr<ExecutionProvider> provider;
};
// FL1001 for a file that cannot be read, FL9004 when it has no key of the set or a setting of the provider is wrong, FL8014
// without the provider. `diagnostics` outlives the answer.
Result<RunSetup> OpenRun(const std::optional<ExpectedFile>& file, const std::string& provider, PluginSet& plugins,
                         Diagnostics& diagnostics);

struct Verification {
  std::string provider;                   // "onnxruntime 1.31.1 CPU"
  std::vector<Comparison> outputs;        // one for each expected value, also for those the model does not have
  std::vector<std::string> not_compared;  // outputs and new states of the model that the file has no value for
  std::vector<std::string> unused;        // keys of the file that the model has no use for

  bool passed() const;
};

// Runs `model` by its path on the expected inputs and compares; `setup` was opened with `expected`. A difference is a
// finding of the comparison's rule, not a failed Status; so are values that the model does not have (FL8015).
Result<Verification> VerifyFile(const std::filesystem::path& model, const ExpectedFile& expected, const RunSetup& setup,
                                Diagnostics& diagnostics);

struct ModelRun {
  std::string provider;
  NamedTensors outputs;
  std::vector<std::string> unused;  // keys of the file that stand for nothing in the model
};
// Runs `model` once. The values of `setup` are matched like expected ones; keys that stand for outputs are left out.
// Without any, the model runs on its defaults.
Result<ModelRun> RunFile(const std::filesystem::path& model, const RunSetup& setup);

}  // namespace fairlead
