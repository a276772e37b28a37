#include "registry/registry.hpp"

#include <algorithm>
#include <climits>
#include <tuple>

#include "registry/lowering_table.hpp"

namespace fairlead {
namespace {

bool IsForAny(const LoweringRow& row) { return row.op.overload == "*"; }

// The order without the user's choice; smaller is better.
auto Rank(const LoweringRow& row) {
  return std::tuple(-row.priority, IsForAny(row), -row.since, std::string_view(row.plugin->id()), row.index);
}

std::string AnyOverload(const OpName& op) { return ToString(OpName{op.domain, op.type, "*"}); }

bool Covers(const LoweringChoice& choice, const OpName& op) {
  return choice.op.domain == op.domain && choice.op.type == op.type &&
         (choice.op.overload.empty() || choice.op.overload == op.overload);
}

// In words, what puts `winner` before `loser`.
std::string WhyBefore(const LoweringRow& winner, const LoweringRow& loser) {
  if (winner.priority != loser.priority) return fmt::format("priority {} before {}", winner.priority, loser.priority);
  if (IsForAny(winner) != IsForAny(loser)) return "a row for this overload before one for any";
  if (winner.since != loser.since) return fmt::format("since opset {} before since {}", winner.since, loser.since);
  if (winner.plugin != loser.plugin) return fmt::format("id {} before {}", winner.plugin->id(), loser.plugin->id());
  return "earlier in its plugin's table";
}

bool Overlap(const LoweringRow& a, const LoweringRow& b) {
  const auto end = [](const LoweringRow& row) { return row.until == 0 ? INT_MAX : row.until; };
  return a.since <= end(b) && b.since <= end(a);
}

}  // namespace

Result<Registry> Registry::Make(std::vector<PluginPtr> plugins, std::vector<LoweringChoice> choices,
                                Diagnostics& diagnostics) {
  Registry registry;
  registry.plugins_ = std::move(plugins);
  registry.choices_ = std::move(choices);
  for (const PluginPtr& plugin : registry.plugins_) {
    FL_ASSIGN_OR_RETURN(auto rows, ReadLowerings(plugin, diagnostics));
    std::ranges::move(rows, std::back_inserter(registry.rows_));
  }
  for (const auto& row : registry.rows_) registry.by_op_[ToString(row->op)].push_back(row.get());
  for (auto& [op, rows] : registry.by_op_) std::ranges::sort(rows, {}, [](const LoweringRow* row) { return Rank(*row); });
  FL_RETURN_IF_ERROR(registry.CheckChoices());
  registry.ReportConflicts(diagnostics);
  return registry;
}

Status Registry::CheckChoices() const {
  for (const LoweringChoice& choice : choices_) {
    if (std::ranges::find(plugins_, choice.plugin, [](const PluginPtr& plugin) { return plugin->id(); }) ==
        plugins_.end()) {
      return Error("FL9004", "--lowering {}: no plugin {} is loaded", ToString(choice.op), choice.plugin);
    }
    const bool served = std::ranges::any_of(rows_, [&](const auto& row) {
      const OpName& op = row->op;
      return op.domain == choice.op.domain && op.type == choice.op.type &&
             (choice.op.overload.empty() || IsForAny(*row) || op.overload == choice.op.overload) &&
             (choice.forbid || row->plugin->id() == choice.plugin);
    });
    if (!served) {
      return choice.forbid
                 ? Error("FL9004", "--lowering {}: no plugin lowers it", ToString(choice.op))
                 : Error("FL9004", "--lowering {}: plugin {} does not lower it", ToString(choice.op), choice.plugin);
    }
  }
  return Ok();
}

void Registry::ReportConflicts(Diagnostics& diagnostics) const {
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> conflicts;  // used plugin, other → operators
  for (const auto& [op, rows] : by_op_) {
    for (std::size_t i = 1; i < rows.size(); ++i) {
      const LoweringRow &a = *rows[i - 1], &b = *rows[i];
      const bool decided =
          a.priority != b.priority || a.since != b.since || a.plugin == b.plugin || !Overlap(a, b) ||
          std::ranges::any_of(choices_, [&](const LoweringChoice& choice) { return Covers(choice, a.op); });
      if (!decided) conflicts[{a.plugin->id(), b.plugin->id()}].push_back(op);
    }
  }
  for (const auto& [plugins, ops] : conflicts) {
    const auto& [used, other] = plugins;
    diagnostics.Report({.rule = "FL2011",
                        .message = fmt::format(
                            "{}{} is lowered by {} and by {} with equal priority; {} is used, its id comes first", ops[0],
                            ops.size() > 1 ? fmt::format(" (and {} more)", ops.size() - 1) : "", used, other, used),
                        .locations = {},
                        .hint = fmt::format("--lowering {}={}, or give the lowering a priority", ops[0], other),
                        .level = Level::kNote,
                        .plugin = {}});
  }
}

std::vector<const LoweringRow*> Registry::RowsFor(const OpName& op) const {
  std::vector<const LoweringRow*> rows;
  for (const std::string& key : {ToString(op), AnyOverload(op)}) {
    if (const auto found = by_op_.find(key); found != by_op_.end())
      rows.insert(rows.end(), found->second.begin(), found->second.end());
  }
  std::ranges::sort(rows, {}, [](const LoweringRow* row) { return Rank(*row); });
  return rows;
}

std::string Registry::WhyKept(const LoweringRow& row, const OpName& op) const {
  for (const LoweringChoice& choice : choices_) {
    if (!Covers(choice, op)) continue;
    const bool same = choice.plugin == row.plugin->id();
    if (choice.forbid && same) return "not taken: forbidden by --lowering";
    if (!choice.forbid && !same) return fmt::format("not taken: --lowering names {}", choice.plugin);
  }
  return {};
}

std::string Registry::WhyNotAt(const LoweringRow& row, int opset) {
  if (row.since != 0 && opset < row.since)
    return fmt::format("not taken: since opset {}, the target is {}", row.since, opset);
  if (row.until != 0 && opset > row.until)
    return fmt::format("not taken: until opset {}, the target is {}", row.until, opset);
  return {};
}

bool Registry::Fits(const LoweringRow& row, const OpName& op, int opset) const {
  return WhyKept(row, op).empty() && WhyNotAt(row, opset).empty();
}

std::vector<Candidate> Registry::Candidates(const OpName& op, int opset) const {
  std::vector<Candidate> candidates, others;
  for (const LoweringRow* row : RowsFor(op)) {
    std::string why_not = WhyKept(*row, op);
    const bool needs_newer_opset = why_not.empty() && opset < row->since;
    if (why_not.empty()) why_not = WhyNotAt(*row, opset);
    const bool fits = why_not.empty();
    (fits ? candidates : others).push_back({row, fits, false, std::move(why_not), needs_newer_opset});
  }
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    candidates[i].taken = i == 0;
    if (i > 0) {
      const LoweringRow& before = *candidates[i - 1].row;
      candidates[i].reason =
          fmt::format("tried if {} declines: {}", before.plugin->id(), WhyBefore(before, *candidates[i].row));
    } else if (candidates.size() == 1) {
      candidates[i].reason = others.empty() ? "taken: the only one" : "taken: the only one that fits";
    } else {
      const LoweringRow& next = *candidates[1].row;
      candidates[i].reason = fmt::format("taken before {}: {}", next.plugin->id(), WhyBefore(*candidates[0].row, next));
    }
  }
  std::ranges::move(others, std::back_inserter(candidates));
  return candidates;
}

const std::vector<const LoweringRow*>& Registry::Choose(const OpName& op, int opset) const {
  const std::lock_guard lock(cache_->mutex);
  const auto [entry, is_new] = cache_->chosen.try_emplace({ToString(op), opset});
  if (is_new) {
    for (const LoweringRow* row : RowsFor(op)) {
      if (Fits(*row, op, opset)) entry->second.push_back(row);
    }
  }
  return entry->second;
}

std::vector<const LoweringRow*> Registry::Rows() const {
  std::vector<const LoweringRow*> rows;
  for (const auto& [op, ranked] : by_op_) rows.insert(rows.end(), ranked.begin(), ranked.end());
  return rows;
}

}  // namespace fairlead
