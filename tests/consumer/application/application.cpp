// Exports a program from C++: application MODEL.pt2 MODEL.onnx
#include <fairlead/exporter.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <future>

namespace {

void Require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "failed: %s\n", what);
  std::exit(1);
}

void ExportsAndSaves(const char* input, const std::filesystem::path& output) {
  fairlead::ExportOptions options;
  options.opset = 23;
  const fairlead::ONNXProgram program = fairlead::Exporter(options).Export(input);
  program.Save(output);
  Require(std::filesystem::file_size(output) > 100'000, "the model holds its weights");
  Require(program.opset() == 23 && program.node_count() > 5, "the model was lowered for the opset asked for");
  Require(program.inputs().size() == 1 && program.inputs()[0].name == "images", "the input keeps its name");
  Require(program.outputs().size() == 1 && program.outputs()[0].name == "logits", "the output has its name in the pytree");
  Require(program.ToText().find("Conv") != std::string::npos, "the graph can be read");
}

void ExportsInSeveralThreads(const char* input) {
  const fairlead::Exporter exporter;
  const auto text = [&] { return exporter.Export(input).ToText(); };
  auto first = std::async(std::launch::async, text), second = std::async(std::launch::async, text);
  Require(first.get() == second.get(), "two threads export the same model");
}

void ThrowsWhatWentWrong() {
  try {
    fairlead::ExportOptions options;
    options.opset = 3;
    const fairlead::Exporter exporter(options);
    Require(false, "opset 3 is refused");
  } catch (const fairlead::InvalidExportOptionsError& error) {
    Require(error.exit_code() == 2 && error.diagnostics().at(0).rule == "FL9004", "the option is named by its rule");
  }
  try {
    fairlead::Exporter().Export("no/such/file.pt2");
    Require(false, "a missing file is refused");
  } catch (const fairlead::OnnxExporterError& error) {
    Require(error.exit_code() == 10 && error.diagnostics().at(0).rule == "FL1001", "the file is named by the rule");
  }
}

void LeavesItsProgramAlone(const std::filesystem::path& input, const std::filesystem::path& folder) {
  fairlead::ExportOptions options;
  options.weights = fairlead::ExportOptions::Weights::kExternal;
  const std::filesystem::path copy = folder / "copy.onnx.data";
  std::filesystem::copy_file(input, copy, std::filesystem::copy_options::overwrite_existing);
  const fairlead::ONNXProgram program = fairlead::Exporter(options).Export(copy);
  for (const char* const name : {"copy.onnx", "copy.onnx.data"}) {
    try {
      program.Save(folder / name);
      Require(false, "the program is not written over, by a model or by its weights");
    } catch (const fairlead::OnnxExporterError& error) {
      Require(error.exit_code() == 17 && error.diagnostics().at(0).rule == "FL6015", "the refusal has its rule");
    }
  }
  Require(std::filesystem::file_size(copy) == std::filesystem::file_size(input), "the program is as it was");
}

void LeavesNothingWhereItCannotWrite(const char* input) {
  const fairlead::ONNXProgram program = fairlead::Exporter().Export(input);
  try {
    program.Save("no/such/folder/model.onnx");
    Require(false, "a folder that is not there is refused");
  } catch (const fairlead::OnnxExporterError& error) {
    Require(error.exit_code() == 17, "the exit code is that of the command line");
  }
}

}  // namespace

int main(int argc, char** argv) {
  Require(argc == 3, "application MODEL.pt2 MODEL.onnx");
  ExportsAndSaves(argv[1], argv[2]);
  ExportsInSeveralThreads(argv[1]);
  ThrowsWhatWentWrong();
  LeavesItsProgramAlone(argv[1], std::filesystem::path(argv[2]).parent_path());
  LeavesNothingWhereItCannotWrite(argv[1]);
  std::printf("fairlead %s: ok\n", fairlead::Version().c_str());
}
