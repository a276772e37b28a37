// What the loaded plugins offer for each ATen overload, and which one is chosen.
//
//   registry.Choose({"aten", "gelu", "default"}, 18);   // the row, or why each candidate was not taken
//
// Order, total and printable: the user's choice, priority, specificity (a row for this overload before one for a namespace),
// newest since_opset, plugin id, position in its table.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "aten/schema.hpp"
#include "plugin/plugin.hpp"

namespace fairlead {

// One row of a plugin's lowering table, checked and read.
struct LoweringRow {
  PluginPtr plugin;
  const fl_lowering* row = nullptr;
  AtenSchema schema;      // of the row; compared with PyTorch's by name and parameters
  std::string family, note;
  int priority = 0, since = 0, until = 0, authored = 0;  // until 0 = open
  uint64_t no_effect = 0, unused = 0;
  std::size_t index = 0;  // position over all families of the plugin
};

// --lowering aten::foo=PLUGIN, aten::foo.Tensor=!PLUGIN
struct LoweringChoice {
  OpName op;              // overload empty: all overloads
  std::string plugin;
  bool forbid = false;
};

struct Candidate {
  const LoweringRow* row;
  bool taken = false;
  std::string reason;  // "chosen: newest opset" or "not taken: needs opset 23, the target is 20"
};

class Registry {
 public:
  // FL2012 rows that are not valid (bad schema, opset out of range, null function) are refused with a warning, the rest of
  // the plugin stays. FL9004 when a choice names a plugin or operator nobody has.
  static Result<Registry> Make(std::vector<PluginPtr> plugins, std::vector<LoweringChoice> choices, Diagnostics& diagnostics);

  // Candidates for one node, best first, each with its reason; those after the first taken one are what FL_DECLINED falls
  // through to.
  std::vector<Candidate> Candidates(const OpName& op, int opset) const;
  // The rows to try, best first; empty when none fits.
  const std::vector<const LoweringRow*>& Choose(const OpName& op, int opset) const;  // cached

  std::vector<const LoweringRow*> Rows() const;  // sorted by operator, then by preference
  const std::vector<PluginPtr>& plugins() const { return plugins_; }

 private:
  std::vector<PluginPtr> plugins_;
  std::vector<LoweringChoice> choices_;
  std::vector<std::unique_ptr<LoweringRow>> rows_;
  std::map<std::string, std::vector<const LoweringRow*>, std::less<>> by_op_;  // "aten::add.Tensor"
  mutable std::map<std::pair<std::string, int>, std::vector<const LoweringRow*>> chosen_;
};

}  // namespace fairlead
