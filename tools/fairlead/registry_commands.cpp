// fairlead scan, ops, explain and plugin list: what the plugins offer.
#include <algorithm>

#include "base/utf8.hpp"
#include "commands.hpp"
#include "export/inspection.hpp"
#include "export_options.hpp"
#include "reports.hpp"

namespace fairlead::cli {
namespace {

// '*' stands for any text, '?' for one character.
bool Matches(std::string_view text, std::string_view pattern) {
  std::size_t t = 0, p = 0, star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++t, ++p;
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

std::string OpsetRange(const LoweringRow& row) {
  if (row.since == 0 && row.until == 0) return "18 and later";
  if (row.until == 0) return fmt::format("{} and later", row.since);
  return row.since == 0 ? fmt::format("up to {}", row.until) : fmt::format("{} to {}", row.since, row.until);
}

// The registry of the command line's plugins, or the exit code that says why there is none.
class OpenedRegistry {
 public:
  OpenedRegistry(const Arguments& arguments, Console& console) {
    const Result<ExportPlan> plan = PlanFrom(arguments);
    if (!plan.ok()) {
      exit_code_ = console.Fail(plan.status());
      return;
    }
    PluginSet plugins(plan->plugins);
    Diagnostics diagnostics;
    Result<Registry> registry = MakeRegistry(*plan, plugins, diagnostics);
    if (!registry.ok()) diagnostics.Report(registry.status());
    console.Show(diagnostics);
    exit_code_ = diagnostics.exit_code();
    if (registry.ok()) registry_.emplace(*std::move(registry));
  }

  const Registry* get() const { return exit_code_ == 0 && registry_ ? &*registry_ : nullptr; }
  int exit_code() const { return exit_code_; }

 private:
  std::optional<Registry> registry_;
  int exit_code_ = 0;
};

void AddCoverage(JsonWriter& json, const std::string& path, const std::vector<OperatorCoverage>& operators,
                 const Diagnostics& diagnostics) {
  json.BeginObject()
      .Key("input")
      .String(path)
      .Key("exit_code")
      .Integer(diagnostics.exit_code())
      .Key("operators")
      .BeginArray();
  for (const OperatorCoverage& entry : operators) {
    json.BeginObject()
        .Key("op")
        .String(ToString(entry.op))
        .Key("places")
        .Integer(static_cast<int64_t>(entry.places))
        .Key("plugin");
    entry.plugin.empty() ? json.Null() : json.String(entry.plugin);
    json.End();
  }
  json.End().Key("diagnostics").Raw(fairlead::ToJson(diagnostics)).End();
}

void PrintCoverage(const std::string& path, const std::vector<OperatorCoverage>& operators, int opset, Console& console) {
  const auto lowered =
      std::ranges::count_if(operators, [](const OperatorCoverage& entry) { return !entry.plugin.empty(); });
  console.Print(fmt::format("{}: {} of {} lowered at opset {}", Printable(path), lowered,
                            Counted(operators.size(), "operator"), opset));
  for (const OperatorCoverage& entry : operators) {
    const std::string by = entry.plugin.empty() ? console.Bad("no lowering") : Printable(entry.plugin + " " + entry.family);
    console.Print(fmt::format("{:>6}  ", entry.places) + Padded(Printable(ToString(entry.op)), 56) + by);
  }
}

std::vector<const LoweringRow*> RowsMatching(const Registry& registry, std::string pattern) {
  if (pattern.find_first_of("*?") == std::string::npos) pattern = "*" + pattern + "*";
  std::vector<const LoweringRow*> rows = registry.Rows();
  std::erase_if(rows, [&](const LoweringRow* row) { return !Matches(ToString(row->schema.op), pattern); });
  return rows;
}

std::string OpsJson(const std::vector<const LoweringRow*>& rows) {
  JsonWriter json;
  json.BeginObject().Key("command").String("ops").Key("lowerings").BeginArray();
  for (const LoweringRow* row : rows) {
    json.BeginObject().Key("op").String(ToString(row->schema.op)).Key("plugin").String(row->plugin->id());
    json.Key("family").String(row->family).Key("since").Integer(row->since).Key("until").Integer(row->until);
    json.Key("schema").String(row->schema.text).Key("note").String(row->note).End();
  }
  return json.End().End().text();
}

void PrintMarkdown(const std::vector<const LoweringRow*>& rows, Console& console) {
  console.Print("| operator | opset | plugin | family | note |\n|---|---|---|---|---|");
  for (const LoweringRow* row : rows) {
    console.Print(Printable(fmt::format("| `{}` | {} | {} | {} | {} |", ToString(row->schema.op), OpsetRange(*row),
                                        row->plugin->id(), row->family, row->note)));
  }
}

int ExplainRule(const Rule& rule, const Arguments& arguments, Console& console) {
  if (arguments.Text("json") != "-") {
    console.Print(fmt::format("{} {}", console.Strong(rule.id), rule.name));
    console.Print(fmt::format("{}\n{}\n", rule.summary, rule.help));
    console.Print(fmt::format("level {} · exit {} when it is an error", Name(rule.level), rule.exit_code));
  }
  JsonWriter json;
  json.BeginObject().Key("command").String("explain").Key("rule").String(rule.id).Key("name").String(rule.name);
  json.Key("level").String(Name(rule.level)).Key("exit_code").Integer(rule.exit_code);
  json.Key("summary").String(rule.summary).Key("help").String(rule.help).End();
  return FinishJson(arguments, console, json.text(), 0);
}

// "aten::add.Tensor" or "aten::add"; the overloads meant by it.
Result<std::vector<OpName>> OperatorsNamed(const std::string& text) {
  const std::size_t colons = text.find("::");
  if (colons == std::string::npos || colons == 0 || colons + 2 == text.size()) {
    return Error("FL9003", "'{}' is neither an operator like aten::add.Tensor nor a rule like FL2001", text);
  }
  OpName op{text.substr(0, colons), text.substr(colons + 2), {}};
  if (const std::size_t dot = op.type.find('.'); dot != std::string::npos) {
    op.overload = op.type.substr(dot + 1);
    op.type.resize(dot);
    return std::vector<OpName>{op};
  }
  std::vector<OpName> ops;
  for (const std::string& overload : Overloads(op.domain, op.type)) ops.push_back({op.domain, op.type, overload});
  if (ops.empty()) ops.push_back({op.domain, op.type, "default"});
  return ops;
}

}  // namespace

int Scan(const Arguments& arguments, Console& console) {
  const Result<ExportPlan> plan = PlanFrom(arguments);
  if (!plan.ok()) return console.Fail(plan.status());
  PluginSet plugins(plan->plugins);
  int worst = 0;
  JsonWriter json;
  json.BeginObject().Key("command").String("scan").Key("opset").Integer(plan->opset).Key("files").BeginArray();
  for (const std::string& path : arguments.operands()) {
    Diagnostics diagnostics;
    const Result<std::vector<OperatorCoverage>> operators = ScanProgram(path, *plan, plugins, diagnostics);
    if (!operators.ok()) diagnostics.Report(operators.status());
    if (operators.ok() && arguments.Text("json") != "-") PrintCoverage(path, *operators, plan->opset, console);
    console.Show(diagnostics);
    AddCoverage(json, path, operators.ok() ? *operators : std::vector<OperatorCoverage>{}, diagnostics);
    worst = std::max(worst, diagnostics.exit_code());
  }
  return FinishJson(arguments, console, json.End().End().text(), worst);
}

int Ops(const Arguments& arguments, Console& console) {
  const OpenedRegistry opened(arguments, console);
  if (opened.get() == nullptr) return opened.exit_code();
  std::vector<const LoweringRow*> rows =
      RowsMatching(*opened.get(), arguments.operands().empty() ? "*" : arguments.operands().front());
  const int opset = arguments.Has("opset") ? arguments.Number("opset") : 0;
  std::erase_if(rows, [&](const LoweringRow* row) {
    return opset != 0 && (row->since > opset || (row->until != 0 && row->until < opset));
  });
  if (arguments.Has("markdown")) {
    PrintMarkdown(rows, console);
  } else if (arguments.Text("json") != "-") {
    for (const LoweringRow* row : rows) {
      console.Print(Printable(Padded(ToString(row->schema.op), 56) + Padded(OpsetRange(*row), 16) + row->plugin->id() +
                              " " + row->family));
    }
  }
  console.Say(Counted(rows.size(), "lowering"));
  return FinishJson(arguments, console, OpsJson(rows), 0);
}

int Explain(const Arguments& arguments, Console& console) {
  const std::string subject = arguments.operands().front();
  if (const Rule* rule = FindRule(subject)) return ExplainRule(*rule, arguments, console);
  const Result<std::vector<OpName>> ops = OperatorsNamed(subject);
  if (!ops.ok()) return console.Fail(ops.status());
  const OpenedRegistry opened(arguments, console);
  if (opened.get() == nullptr) return opened.exit_code();
  const int opset = arguments.Number("opset");
  bool any = false;
  JsonWriter json;
  json.BeginObject().Key("command").String("explain").Key("opset").Integer(opset).Key("operators").BeginArray();
  for (const OpName& op : *ops) {
    const std::vector<Candidate> candidates = opened.get()->Candidates(op, opset);
    if (candidates.empty() && ops->size() > 1) continue;
    any = any || !candidates.empty();
    json.BeginObject().Key("op").String(ToString(op)).Key("candidates").BeginArray();
    const bool printed = arguments.Text("json") != "-";
    if (printed) console.Print(console.Strong(Printable(ToString(op))) + (candidates.empty() ? ": nobody lowers it" : ""));
    for (const Candidate& candidate : candidates) {
      if (printed) {
        console.Print("   " + Padded(Printable(candidate.row->plugin->id() + " " + candidate.row->family), 32) +
                      Printable(candidate.reason));
      }
      json.BeginObject().Key("plugin").String(candidate.row->plugin->id()).Key("family").String(candidate.row->family);
      json.Key("taken").Bool(candidate.taken).Key("reason").String(candidate.reason);
      json.Key("schema").String(candidate.row->schema.text).End();
    }
    json.End().End();
  }
  if (!any && ops->size() > 1) console.Print(Printable(subject) + ": nobody lowers it");
  return FinishJson(arguments, console, json.End().End().text(), 0);
}

int PluginList(const Arguments& arguments, Console& console) {
  const Result<PluginSources> sources = PluginsFrom(arguments);
  if (!sources.ok()) return console.Fail(sources.status());
  Diagnostics diagnostics;
  const auto plugins = ListPlugins(*sources, diagnostics);
  JsonWriter json;
  json.BeginObject().Key("command").String("plugin list").Key("plugins").BeginArray();
  const bool printed = arguments.Text("json") != "-";
  for (const auto& [path, manifest] : plugins) {
    json.BeginObject().Key("file").String(path.string());
    if (manifest.ok()) {
      const std::string kinds = KindNames(manifest->kinds);
      if (printed) {
        console.Print(
            Printable(Padded(manifest->id, 24) + Padded(manifest->version, 12) + Padded(kinds, 20) + path.string()));
      }
      json.Key("id").String(manifest->id).Key("version").String(manifest->version).Key("kinds").String(kinds);
      json.Key("abi").String(fmt::format("{}.{}", manifest->abi_major, manifest->abi_minor_built));
    } else {
      diagnostics.Report(manifest.status());
      json.Key("error").String(manifest.status().message());
    }
    json.End();
  }
  console.Show(diagnostics);
  return FinishJson(arguments, console, json.End().End().text(), diagnostics.exit_code());
}

}  // namespace fairlead::cli
