// Diagnostic rules of plugins, run on the finished ONNX graph.
//
//   RunRules(model.graph, model.opset_imports, registry.plugins(), diagnostics);
#pragma once

#include <fairlead/sdk/abi/p_rule.h>

#include <map>
#include <string>
#include <vector>

#include "diagnostics/diagnostics.hpp"
#include "ir/graph.hpp"
#include "plugin/plugin.hpp"

namespace fairlead {

// The rows of fl.p.rule/1, checked: FL9005 names the first that is wrong. `fairlead` plugins may use the host's ids.
Result<std::vector<PluginRule>> ReadRules(const PluginLibrary& library);

// Every rule of every plugin, in order of plugins and rows; findings land in `diagnostics` with the plugin's id. A rule
// that fails (a status, an exception) is an error of FL9001 and is not asked again; the others go on. Of two rules with
// one id the first is run, FL9007 names the second.
void RunRules(const Graph& graph, const std::map<std::string, int>& opsets, const std::vector<PluginPtr>& plugins,
              Diagnostics& diagnostics);

const fl_diag* DiagTable();

}  // namespace fairlead
