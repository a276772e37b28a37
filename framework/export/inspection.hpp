// What a file is and what it holds, for `show`; which operators of a program are lowered, for `scan`.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "export/export_run.hpp"
#include "frontend/frontend.hpp"
#include "onnx/model_io.hpp"

namespace fairlead {

// A file by its content. Anything but a program or an ONNX model is named for what it is: FL1001, with what to do.
using FileContent = std::variant<ExportedProgram, onnx_room::DecodedModel>;
Result<FileContent> OpenFile(const std::filesystem::path& path, bool check_crc, Diagnostics& diagnostics);

// How often each operator stands in a graph, nested graphs included: "aten::relu.default" → 3.
std::map<std::string, std::size_t> CountOperators(const Graph& graph);

// One operator of a program as the export would meet it, after the host's passes.
struct OperatorCoverage {
  OpName op;
  std::size_t places = 0;
  std::string plugin;  // that lowers it; empty: nobody, or only with types that the opset does not have
  std::string family;
  std::string why_not;  // "no lowering", where nobody does
};
// Reads and prepares a program, asks the registry for every operator, and reports those without a lowering, and types that
// the opset does not have, as findings.
Result<std::vector<OperatorCoverage>> ScanProgram(const std::filesystem::path& program, const ExportPlan& plan,
                                                  PluginSet& plugins, Diagnostics& diagnostics);

// An operator of a program and what passes make of it, step by step, until a lowering of `registry` may be asked for it:
// {aten::true_divide_.Tensor, "functionalize"}, {aten::true_divide.Tensor, "canonical-names"}, {aten::div.Tensor, ""}.
// The last has no pass, or one after which no single operator stands for it.
struct OperatorStep {
  OpName op;
  std::string_view pass;
};
std::vector<OperatorStep> StepsOf(const OpName& op, const Registry& registry, int opset);

// Manifests of the plugins that would be found; nothing is opened.
Result<FoundPlugins> ListPlugins(const PluginSources& sources, Diagnostics& diagnostics);
// The text of a plugins.lock of the plugins that would be loaded; nothing is opened. Files that cannot be one are reported,
// and the first of them is the error.
Result<std::string> LockPlugins(const PluginSources& sources, Diagnostics& diagnostics);
// "lowering, rule" of FL_KIND_ bits.
std::string KindNames(uint32_t kinds);

}  // namespace fairlead
