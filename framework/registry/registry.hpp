// What the loaded plugins offer for each ATen overload, and which one is chosen.
//
//   registry.Choose({"aten", "gelu", "default"}, 18);   // the rows to try, best first
//   registry.Candidates({"aten", "gelu", "default"}, 18);   // the same with the others, and why
//
// Order, total and printable: the user's choice, priority, specificity (a row for this overload before one for any
// overload), newest since_opset, plugin id, position in its table.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "aten/schema.hpp"
#include "plugin/plugin.hpp"

namespace fairlead {

// One row of a plugin's lowering table, checked and read.
struct LoweringRow {
  PluginPtr plugin;
  const fl_lowering* row = nullptr;  // the plugin's own, passed to `lower`
  OpName op;                         // overload "*": any overload of the operator
  // The row's own schema; null where it quotes PyTorch's word for word, as most rows do, which is then parsed when needed.
  std::unique_ptr<const AtenSchema> own_schema;
  std::string family, note;
  int priority = 0, since = 0, until = 0, authored = 0;  // since and until 0 = open
  // Bits of the parameters of PyTorch's schema where PyTorch has the operator (matched by name), else of the row's.
  uint64_t no_effect = 0, unused = 0;
  std::size_t index = 0;  // position over all families of the plugin

  const AtenSchema& schema() const { return own_schema ? *own_schema : *FindSchema(op); }  // as the row writes it
};

// --lowering aten::foo=PLUGIN: only this plugin's rows; aten::foo.Tensor=!PLUGIN: not this plugin's.
struct LoweringChoice {
  OpName op;  // overload empty: all overloads
  std::string plugin;
  bool forbid = false;
};

struct Candidate {
  const LoweringRow* row;
  bool fits = false;   // it is tried, after those before it declined
  bool taken = false;  // the first that fits
  std::string reason;  // "taken before acme.ops: priority 10 before 0", "not taken: since opset 23, the target is 20"
  bool needs_newer_opset = false;  // that alone is why it does not fit
};

class Registry {
 public:
  // FL2012 rows that are not valid (bad schema, opset out of range, null function) are refused with a warning, the rest of
  // the plugin stays. FL2011 (a note) where two plugins serve an operator and only their ids decide. FL9004 when a choice
  // names a plugin or operator nobody has.
  static Result<Registry> Make(std::vector<PluginPtr> plugins, std::vector<LoweringChoice> choices,
                               Diagnostics& diagnostics);

  // Candidates for one node, best first, each with its reason; those that do not fit come last.
  std::vector<Candidate> Candidates(const OpName& op, int opset) const;
  // The rows to try, best first; empty when none fits. The reference stays valid; thread-safe.
  const std::vector<const LoweringRow*>& Choose(const OpName& op, int opset) const;

  std::vector<const LoweringRow*> Rows() const;  // sorted by operator, then by preference
  const std::vector<PluginPtr>& plugins() const { return plugins_; }

 private:
  struct Cache {
    std::mutex mutex;
    std::map<std::pair<std::string, int>, std::vector<const LoweringRow*>> chosen;
  };

  std::vector<const LoweringRow*> RowsFor(const OpName& op) const;      // best first
  std::string WhyKept(const LoweringRow& row, const OpName& op) const;  // from being taken by the user; empty: it is not
  static std::string WhyNotAt(const LoweringRow& row, int opset);       // empty: it serves the opset
  bool Fits(const LoweringRow& row, const OpName& op, int opset) const;
  Status CheckChoices() const;
  void ReportConflicts(Diagnostics& diagnostics) const;

  std::vector<PluginPtr> plugins_;
  std::vector<LoweringChoice> choices_;
  std::vector<std::unique_ptr<const LoweringRow>> rows_;
  std::map<std::string, std::vector<const LoweringRow*>, std::less<>> by_op_;  // "aten::add.Tensor", "acme::foo.*"
  std::unique_ptr<Cache> cache_ = std::make_unique<Cache>();
};

}  // namespace fairlead
