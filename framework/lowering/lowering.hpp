// The driver: walks the functional ATen graph, asks the Registry, runs each lowering as a transaction, and answers a model.
//
// Two rounds. The first finds every operator without a lowering, nested graphs included, and reports all of them at once
// (FL2001, FL2002, FL2004, FL2005), and every data type that the target does not have (FL3004); exit 11. The second lowers.
// After each lowering the host checks: every result bound; dtype and static sizes equal to what PyTorch recorded (FL4010,
// FL4011; exit 12); every node legal at the target (FL2012); no argument with a non-default value left unread (FL2003).
#pragma once

#include <set>

#include "frontend/exported_program.hpp"
#include "passes/pass.hpp"
#include "registry/registry.hpp"

namespace fairlead {

struct LoweringOptions {
  int opset = 20;
  std::optional<int64_t> seed = {};  // of random operators: the n-th that is emitted is given seed + n
};

// A row of a plugin's table that lowered something. since and until as the row has them, 0 = open.
struct LoweringUse {
  std::string plugin, schema;
  int since = 0, until = 0;

  auto operator<=>(const LoweringUse&) const = default;
};

struct LoweringStatistics {
  std::size_t aten_nodes = 0, onnx_nodes = 0;
  std::vector<LoweringUse> lowerings;  // each once, also those that other lowerings asked for; sorted
};

// The program must be functional (passes/), its weights are the initializers of its graph. Names of inputs, outputs and
// initializers are final. On an error, `diagnostics` has all findings, and the Status is the first.
Result<Model> LowerProgram(const ExportedProgram& program, const Registry& registry, const LoweringOptions& options,
                           Diagnostics& diagnostics, LoweringStatistics* statistics = nullptr);

// The first round alone: every operator of the graph, nested graphs included, that no row of the registry covers, is
// reported, and every data type that ONNX has only after `opset` (FL3004); the Status is the first of them.
Status ReportMissing(const Graph& graph, const Registry& registry, int opset, Diagnostics& diagnostics);

// The data types of what the node reads, or makes for somebody who reads it, that ONNX has only after `opset`. `uses`: of
// the graph's values.
std::set<DType> TypesAfter(int opset, const Graph& graph, const Node& node, const std::vector<uint32_t>& uses);

// The tables that plugins see; static storage. PluginLoader is given them.
HostTables LoweringTables();

}  // namespace fairlead
