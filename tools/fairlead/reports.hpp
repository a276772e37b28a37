// What a run is told as: lines for the terminal, one JSON document.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "console.hpp"
#include "export/export_run.hpp"
#include "export/json_writer.hpp"
#include "export/verification.hpp"

namespace fairlead::cli {

inline constexpr int kFailOnFired = 16;  // exit code

struct PortLine {
  std::string name, type;
};
struct ModelPorts {
  std::vector<PortLine> inputs, outputs;
};
ModelPorts PortsOf(const Model& model);

// Everything one export has to say.
struct ExportReport {
  std::filesystem::path input, output;
  int opset = 0, exit_code = 0;
  double seconds = 0;
  LoweringStatistics statistics;
  ModelPorts ports;
  std::optional<WrittenFiles> files;
  std::optional<Verification> verification;
  Diagnostics diagnostics;

  bool verified() const { return verification.has_value() && verification->passed(); }
};
std::string ToJson(const ExportReport& report);
// The rows that lowered the program.
void AddLowerings(JsonWriter& json, const std::vector<LoweringUse>& lowerings);
void AddPorts(JsonWriter& json, std::string_view key, const std::vector<PortLine>& ports);
void AddVerification(JsonWriter& json, const Verification& verification);

// The exit code of a run: that of the host's errors, else 16 when something of --fail-on's level was found.
int ExitCodeOf(const Diagnostics& diagnostics, std::string_view fail_on);
// The first finding that makes it so; empty when the exit code is 0.
std::optional<Finding> DecisiveFinding(const Diagnostics& diagnostics, std::string_view fail_on);
// Why a run failed, in a few words: "1 operator, 2 places".
std::string FailureFact(const Diagnostics& diagnostics);

// "f32[batch,3]", "int".
std::string ShortType(const Type& type);
// "torch 2.13 · schema 8.18 · 69 ops · 122 tensors · 44.7 MiB".
std::string ProgramFacts(const ExportedProgram& program);
// "x  f32[batch,3,224,224]          batch 1..64, from the program", one for each of the user's inputs.
std::vector<std::string> InputLines(const ExportedProgram& program);
// "onnxruntime 1.31.1 CPU against heldout.safetensors".
std::string VerifiedAgainst(const Verification& verification, const ExpectedFile& expected);
// "verified", or "verified for 1 of 2 outputs" where some, new states included, had no expected value.
std::string VerifiedFact(const Verification& verification, const Console& console);
// "not used: in.3, labels, …".
std::string NamesLine(std::string_view what, const std::vector<std::string>& names);
// "logits  max abs 3.8e-06  max rel 1.1e-04   within atol 1e-05 rtol 1e-03   ok", one for each output; then what was not
// compared and not used.
std::vector<std::string> ComparisonLines(const Verification& verification, const Console& console);

}  // namespace fairlead::cli
