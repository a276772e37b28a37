// Fairlead for C++ programs: a PyTorch program in, an ONNX model out.
//
//   #include <fairlead/exporter.hpp>
//
//   fairlead::ExportOptions options;
//   options.opset = 23;
//   fairlead::ONNXProgram program = fairlead::Exporter(options).Export("model.pt2");
//   program.Save("model.onnx");
//
// Throws InvalidExportOptionsError and OnnxExporterError; both carry the findings of the run. Link fairlead::core.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#define FAIRLEAD_API __attribute__((visibility("default")))

namespace fairlead {

// What a run said: one finding. `level` is "note", "warning" or "error".
struct DiagnosticMessage {
  std::string rule, level, message, hint;
  std::string module_path, file;
  int line = 0;
};

struct ExportOptions {
  int opset = 20;  // 18 to 26
  enum class Weights { kEmbed, kExternal, kReference, kNone } weights = Weights::kEmbed;
  enum class State { kIo, kDrop, kError } state = State::kIo;
  std::vector<std::filesystem::path> plugins;  // loaded beside the built-in ones
  std::vector<std::filesystem::path> plugin_directories;
  bool builtin_plugins = true;
  std::optional<std::filesystem::path> plugin_lock;  // load only what this file, of `fairlead plugin lock`, holds
  std::vector<std::string> lowerings;                // "aten::foo=PLUGIN", "aten::foo=!PLUGIN"
  std::map<std::string, std::map<std::string, std::string>> plugin_options;  // id → key → value
  std::vector<std::string> disabled_passes;
  bool check_crc = false;
  // What random operators start from, 0 to 2^23 (ONNX keeps it in a float): a runtime then draws the same numbers on
  // every run. Without it, other numbers on every run.
  std::optional<int64_t> seed;
};

class FAIRLEAD_API OnnxExporterError : public std::runtime_error {
 public:
  OnnxExporterError(const std::string& message, int exit_code, std::vector<DiagnosticMessage> diagnostics);
  int exit_code() const { return exit_code_; }  // of the command line, docs/cli.md
  const std::vector<DiagnosticMessage>& diagnostics() const { return diagnostics_; }

 private:
  int exit_code_;
  std::vector<DiagnosticMessage> diagnostics_;
};

class FAIRLEAD_API InvalidExportOptionsError : public OnnxExporterError {
 public:
  using OnnxExporterError::OnnxExporterError;
};

struct PortDescription {
  std::string name, type;  // "float[batch,3,224,224]"
};

// An ONNX model in memory whose weights are still views into the program's file. Movable; saving does not change it.
class FAIRLEAD_API ONNXProgram {
 public:
  struct State;
  explicit ONNXProgram(std::unique_ptr<State> state);
  ONNXProgram(ONNXProgram&&) noexcept;
  ONNXProgram& operator=(ONNXProgram&&) noexcept;
  ~ONNXProgram();

  // Checked, then renamed into place. Weights::kExternal, and kEmbed where the model would have more than 2 GiB, put the
  // weights into `path` + ".data". Neither file may be the program that was exported, by whatever links. Throws
  // OnnxExporterError; nothing is left behind then, and files of these names are as they were.
  void Save(const std::filesystem::path& path) const;
  std::vector<PortDescription> inputs() const;
  std::vector<PortDescription> outputs() const;
  std::size_t node_count() const;
  int opset() const;
  std::string ToText() const;  // the graph in Fairlead's textual form
  const std::vector<DiagnosticMessage>& diagnostics() const;

 private:
  std::unique_ptr<State> state_;
};

class FAIRLEAD_API Exporter {
 public:
  explicit Exporter(ExportOptions options = {});  // throws InvalidExportOptionsError
  ~Exporter();
  Exporter(const Exporter&) = delete;
  Exporter& operator=(const Exporter&) = delete;

  // Thread-safe: several programs may be exported at once.
  ONNXProgram Export(const std::filesystem::path& program) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

FAIRLEAD_API std::string Version();

}  // namespace fairlead
