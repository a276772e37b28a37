#include "diagnostics/diagnostics.hpp"

#include <algorithm>

namespace fairlead {
namespace {

// What the process ends with for an error of this rule.
int ExitCodeOf(std::string_view rule, std::string_view plugin) {
  constexpr int kPlugin = 15, kOurBug = 70;
  if (const Rule* const known = FindRule(rule)) return known->exit_code;
  return plugin.empty() ? kOurBug : kPlugin;
}

// A rule nobody knows counts as an error: a finding must not vanish because a row is missing.
Level LevelOf(const Finding& finding) {
  if (finding.level != Level::kNone) return finding.level;
  const Rule* const rule = FindRule(finding.rule);
  return rule ? rule->level : Level::kError;
}

// One string for all that makes two findings the same.
std::string KeyOf(const Finding& finding) {
  std::string key = finding.rule;
  for (const std::string_view part :
       {std::string_view(finding.message), std::string_view(finding.plugin), Name(finding.level)})
    key.append(1, '\0').append(part);
  return key;
}

}  // namespace

std::string_view Name(Level level) {
  switch (level) {
    case Level::kNone: return "none";
    case Level::kNote: return "note";
    case Level::kWarning: return "warning";
    case Level::kError: return "error";
  }
  return "none";
}

void Diagnostics::Report(Finding finding) {
  finding.level = LevelOf(finding);
  const std::lock_guard lock(mutex_);
  const auto [entry, is_new] = index_.try_emplace(KeyOf(finding), findings_.size());
  if (is_new) {
    findings_.push_back(std::move(finding));
    return;
  }
  Finding& known = findings_[entry->second];
  std::ranges::move(finding.locations, std::back_inserter(known.locations));
  if (known.hint.empty()) known.hint = std::move(finding.hint);
}

void Diagnostics::Report(const Status& status) {
  if (status.ok()) return;
  const ErrorInfo& error = status.error();
  Report(Finding{.rule = error.rule, .message = error.message, .hint = error.hint, .level = Level::kError});
}

std::vector<Finding> Diagnostics::findings() const {
  const std::lock_guard lock(mutex_);
  return findings_;
}

Level Diagnostics::worst() const {
  const std::lock_guard lock(mutex_);
  Level worst = Level::kNone;
  for (const Finding& finding : findings_) worst = std::max(worst, finding.level);
  return worst;
}

std::size_t Diagnostics::Count(Level level) const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(std::ranges::count(findings_, level, &Finding::level));
}

int Diagnostics::exit_code() const {
  const std::lock_guard lock(mutex_);
  int code = 0;
  for (const Finding& finding : findings_)
    if (finding.level == Level::kError) code = std::max(code, ExitCodeOf(finding.rule, finding.plugin));
  return code;
}

int ExitCode(const Status& status) { return status.ok() ? 0 : ExitCodeOf(status.error().rule, {}); }

}  // namespace fairlead
