// fairlead scan, ops and explain: what the plugins offer.
#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include "base/utf8.hpp"
#include "commands.hpp"
#include "export/inspection.hpp"
#include "export_options.hpp"
#include "files.hpp"
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
    const std::string by = entry.plugin.empty() ? console.Bad(entry.why_not) : Printable(entry.plugin + " " + entry.family);
    console.Print(fmt::format("{:>6}  ", entry.places) + Padded(Printable(ToString(entry.op)), 56) + by);
  }
}

std::vector<const LoweringRow*> RowsMatching(const Registry& registry, std::string pattern) {
  if (pattern.find_first_of("*?") == std::string::npos) pattern = "*" + pattern + "*";
  std::vector<const LoweringRow*> rows = registry.Rows();
  std::erase_if(rows, [&](const LoweringRow* row) { return !Matches(ToString(row->op), pattern); });
  return rows;
}

std::string OpsJson(const std::vector<const LoweringRow*>& rows) {
  JsonWriter json;
  json.BeginObject().Key("command").String("ops").Key("lowerings").BeginArray();
  for (const LoweringRow* row : rows) {
    json.BeginObject().Key("op").String(ToString(row->op)).Key("plugin").String(row->plugin->id());
    json.Key("family").String(row->family).Key("since").Integer(row->since).Key("until").Integer(row->until);
    json.Key("schema").String(row->schema().text).Key("note").String(row->note).End();
  }
  return json.End().End().text();
}

// What a test run had of an operator, "12 of 12", by its name.
using OperatorResults = std::map<std::string, std::string, std::less<>>;

Result<OperatorResults> ReadResults(const std::filesystem::path& path) {
  std::ifstream file(path);
  OperatorResults results;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (line.empty() || line.starts_with('#')) continue;
    const std::size_t first = line.find('\t'), second = line.find('\t', first + 1);
    if (first == std::string::npos || second == std::string::npos)
      return Error("FL9004", "{}, line {}: not of the form OPERATOR<tab>RIGHT<tab>CASES", path.string(), number);
    results[line.substr(0, first)] =
        fmt::format("{} of {}", line.substr(first + 1, second - first - 1), line.substr(second + 1));
  }
  if (!file.eof()) return Error("FL9004", "{}: cannot be read", path.string());
  return results;
}

// A cell of a table: a bar would begin another.
std::string Cell(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string("\\|") : std::string(1, c);
  return Printable(out);
}

void PrintMarkdown(const std::vector<const LoweringRow*>& rows, const std::optional<OperatorResults>& results,
                   Console& console) {
  console.Print(results ? "| operator | opset | plugin | family | note | right |\n|---|---|---|---|---|---|"
                        : "| operator | opset | plugin | family | note |\n|---|---|---|---|---|");
  for (const LoweringRow* row : rows) {
    std::string line = fmt::format("| `{}` | {} | {} | {} | {} |", Cell(row->schema().text), OpsetRange(*row),
                                   row->plugin->id(), row->family, Cell(row->note));
    if (results) {
      const auto found = results->find(ToString(row->op));
      line += fmt::format(" {} |", found == results->end() ? "" : Cell(found->second));
    }
    console.Print(line);
  }
}

// A rule of the host or of a plugin, as explain shows it.
struct RulePage {
  std::string id, name, summary, help, plugin;
  Level level;
  int exit_code;
};

std::optional<RulePage> FindRulePage(const std::string& id, const PluginSources& sources, Diagnostics& diagnostics) {
  if (const Rule* rule = FindRule(id)) {
    return RulePage{id,          std::string(rule->name), std::string(rule->summary), std::string(rule->help), {},
                    rule->level, rule->exit_code};
  }
  const Result<std::vector<PluginPtr>> plugins = PluginSet(sources).Load(FL_KIND_RULE, diagnostics);
  if (!plugins.ok()) return std::nullopt;
  for (const PluginPtr& plugin : *plugins) {
    const PluginRule* rule = plugin->FindRule(id);
    if (rule != nullptr)
      return RulePage{id, rule->name, rule->summary, rule->help, plugin->id(), rule->level, kFailOnFired};
  }
  return std::nullopt;
}

int ExplainRule(const std::string& id, const Arguments& arguments, Console& console) {
  const Result<PluginSources> sources = PluginsFrom(arguments);
  if (!sources.ok()) return console.Fail(sources.status());
  Diagnostics diagnostics;
  const std::optional<RulePage> page = FindRulePage(id, *sources, diagnostics);
  console.Show(diagnostics);
  if (diagnostics.exit_code() != 0) return diagnostics.exit_code();
  if (!page) {
    return console.Fail(Error("FL9003", "'{}' is neither an operator like aten::add.Tensor nor a rule like FL2001", id));
  }
  if (PrintsText(arguments)) {
    console.Print(Printable(
        fmt::format("{} {}{}{}", page->id, page->name, page->plugin.empty() ? "" : ", of plugin ", page->plugin)));
    console.Print(Printable(page->summary));
    console.Print(Printable(page->help));
    console.Print(fmt::format("level {} · exit {} when it is an error", Name(page->level), page->exit_code));
    if (IsReserved(id)) console.Print("Fairlead itself does not report this rule yet; a plugin may.");
  }
  JsonWriter json;
  json.BeginObject().Key("command").String("explain").Key("rule").String(page->id).Key("name").String(page->name);
  json.Key("level").String(Name(page->level)).Key("exit_code").Integer(page->exit_code).Key("plugin").String(page->plugin);
  json.Key("reserved").Bool(IsReserved(id));
  json.Key("summary").String(page->summary).Key("help").String(page->help).End();
  return FinishJson(arguments, console, json.text(), 0);
}

// "aten::add.Tensor" or "aten::add"; the overloads meant by it, of PyTorch and of the plugins.
Result<std::vector<OpName>> OperatorsNamed(const std::string& text, const Registry& registry) {
  const std::size_t colons = text.find("::");
  if (colons == 0 || colons + 2 == text.size()) return Error("FL9003", "'{}' is no operator like aten::add.Tensor", text);
  OpName op{text.substr(0, colons), text.substr(colons + 2), {}};
  if (const std::size_t dot = op.type.find('.'); dot != std::string::npos) {
    op.overload = op.type.substr(dot + 1);
    op.type.resize(dot);
    return std::vector<OpName>{op};
  }
  std::set<std::string> overloads;
  for (const std::string& overload : Overloads(op.domain, op.type)) overloads.insert(overload);
  for (const LoweringRow* row : registry.Rows()) {
    const OpName& offered = row->op;
    if (offered.domain == op.domain && offered.type == op.type && offered.overload != "*")
      overloads.insert(offered.overload);
  }
  if (overloads.empty()) overloads.insert("default");
  std::vector<OpName> ops;
  for (const std::string& overload : overloads) ops.push_back({op.domain, op.type, overload});
  return ops;
}

void PrintSteps(const std::vector<OperatorStep>& steps, Console& console) {
  for (std::size_t i = 0; i < steps.size() && !steps[i].pass.empty(); ++i) {
    const std::string next =
        i + 1 < steps.size() ? "becomes " + ToString(steps[i + 1].op) : "has no single operator in its place";
    console.Print(Printable(fmt::format("{}: {} (pass {})", ToString(steps[i].op), next, steps[i].pass)));
  }
}

// Of an operator that nobody lowers: whether there is one, and what was perhaps meant.
std::string WhyNobody(const OpName& op) {
  if (FindSchema(op) != nullptr) return "nobody lowers it";
  if (const auto overloads = Overloads(op.domain, op.type); !overloads.empty())
    return fmt::format("PyTorch has no such overload; there are: {}", fmt::join(overloads, ", "));
  const auto near = NearestOperators(op.domain, op.type, 3);
  if (near.empty()) return "nobody lowers it, and it is not PyTorch's own";
  return fmt::format("PyTorch has no such operator; nearest: {}", fmt::join(near, ", "));
}

void PrintCandidates(const OpName& op, const std::vector<Candidate>& candidates, Console& console) {
  console.Print(Printable(ToString(op) + (candidates.empty() ? ": " + WhyNobody(op) : "")));
  for (const Candidate& candidate : candidates) {
    console.Print("   " + Padded(Printable(candidate.row->plugin->id() + " " + candidate.row->family), 32) +
                  Printable(candidate.reason));
  }
}

void AddCandidates(JsonWriter& json, const std::vector<OperatorStep>& steps, const std::vector<Candidate>& candidates) {
  json.BeginObject().Key("op").String(ToString(steps.front().op)).Key("passes").BeginArray();
  for (std::size_t i = 0; i < steps.size() && !steps[i].pass.empty(); ++i) {
    json.BeginObject().Key("pass").String(steps[i].pass).Key("becomes");
    i + 1 < steps.size() ? json.String(ToString(steps[i + 1].op)) : json.Null();
    json.End();
  }
  json.End().Key("candidates").BeginArray();
  for (const Candidate& candidate : candidates) {
    json.BeginObject().Key("plugin").String(candidate.row->plugin->id()).Key("family").String(candidate.row->family);
    json.Key("taken").Bool(candidate.taken).Key("reason").String(candidate.reason);
    json.Key("schema").String(candidate.row->schema().text).End();
  }
  json.End().End();
}

// `shown`: operators whose candidates are on the console already, because another one becomes the same.
void ExplainOperator(const OpName& op, const Registry& registry, int opset, Console* console, std::set<std::string>& shown,
                     JsonWriter& json) {
  const std::vector<OperatorStep> steps = StepsOf(op, registry, opset);
  const OperatorStep& last = steps.back();
  const std::vector<Candidate> candidates = registry.Candidates(last.op, opset);
  if (console != nullptr) {
    PrintSteps(steps, *console);
    if (last.pass.empty() && shown.insert(ToString(last.op)).second) PrintCandidates(last.op, candidates, *console);
  }
  AddCandidates(json, steps, candidates);
}

}  // namespace

int Scan(const Arguments& arguments, Console& console) {
  const Result<ExportPlan> plan = PlanFrom(arguments);
  if (!plan.ok()) return console.Fail(plan.status());
  std::vector<NamedFile> inputs = PluginFiles(plan->plugins);
  for (const std::string& path : arguments.operands()) inputs.push_back({path, "an input"});
  if (const Status usage = CheckFiles(inputs, JsonFile(arguments)); !usage.ok()) return console.FailFiles(usage);
  PluginSet plugins(plan->plugins);
  int worst = 0;
  JsonWriter json;
  json.BeginObject().Key("command").String("scan").Key("opset").Integer(plan->opset).Key("files").BeginArray();
  for (const std::string& path : arguments.operands()) {
    Diagnostics diagnostics;
    const Result<std::vector<OperatorCoverage>> operators = ScanProgram(path, *plan, plugins, diagnostics);
    if (!operators.ok()) diagnostics.Report(operators.status());
    if (operators.ok() && PrintsText(arguments)) PrintCoverage(path, *operators, plan->opset, console);
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
    std::optional<OperatorResults> results;
    if (arguments.Has("results")) {
      Result<OperatorResults> read = ReadResults(arguments.Text("results"));
      if (!read.ok()) return console.Fail(read.status());
      results = *std::move(read);
    }
    PrintMarkdown(rows, results, console);
  } else if (PrintsText(arguments)) {
    for (const LoweringRow* row : rows) {
      console.Print(
          Printable(Padded(ToString(row->op), 56) + Padded(OpsetRange(*row), 16) + row->plugin->id() + " " + row->family));
    }
  }
  console.Say(Counted(rows.size(), "lowering"));
  return FinishJson(arguments, console, OpsJson(rows), 0);
}

int Explain(const Arguments& arguments, Console& console) {
  const std::vector<std::string>& subjects = arguments.operands();
  const auto is_rule = [](const std::string& subject) { return subject.find("::") == std::string::npos; };
  if (subjects.size() == 1 && is_rule(subjects.front())) return ExplainRule(subjects.front(), arguments, console);
  if (std::ranges::any_of(subjects, is_rule)) return console.Fail(Error("FL9015", "a rule is explained alone"));
  const OpenedRegistry opened(arguments, console);
  if (opened.get() == nullptr) return opened.exit_code();
  const int opset = arguments.Number("opset");
  JsonWriter json;
  json.BeginObject().Key("command").String("explain").Key("opset").Integer(opset);
  json.Key("operators").BeginArray();
  std::set<std::string> shown;
  for (const std::string& subject : subjects) {
    const Result<std::vector<OpName>> ops = OperatorsNamed(subject, *opened.get());
    if (!ops.ok()) return console.Fail(ops.status());
    for (const OpName& op : *ops)
      ExplainOperator(op, *opened.get(), opset, PrintsText(arguments) ? &console : nullptr, shown, json);
  }
  return FinishJson(arguments, console, json.End().End().text(), 0);
}

}  // namespace fairlead::cli
