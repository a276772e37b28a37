#include "reports.hpp"

#include <algorithm>
#include <set>
#include <span>

#include "base/utf8.hpp"
#include "export/inspection.hpp"

namespace fairlead::cli {
namespace {

constexpr std::size_t kTypeColumns = 33;

bool IsWordCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// The names in "2*s77 + s0": "s77" and "s0".
std::vector<std::string> Symbols(std::string_view expression) {
  std::vector<std::string> symbols;
  for (std::size_t at = 0; at < expression.size();) {
    std::size_t end = at;
    while (end < expression.size() && IsWordCharacter(expression[end])) ++end;
    if (end > at && (expression[at] < '0' || expression[at] > '9')) symbols.emplace_back(expression.substr(at, end - at));
    at = std::max(end, at + 1);
  }
  return symbols;
}

std::string RangeText(const std::string& symbol, const Range& range) {
  if (range.min && range.max) return fmt::format("{} {}..{}", symbol, *range.min, *range.max);
  if (range.min) return fmt::format("{} from {}", symbol, *range.min);
  if (range.max) return fmt::format("{} to {}", symbol, *range.max);
  return symbol + " of any size";
}

// "batch 1..64, from the program": the ranges of symbols that no line before this one has named.
std::string RangeNote(const Type& type, const ExportedProgram& program, std::set<std::string>& named) {
  std::vector<std::string> notes;
  std::vector<std::string> expressions{type.expression};
  for (const Dim& dim : type.dims.value_or(Dims{})) expressions.push_back(dim.expression());
  for (const std::string& expression : expressions) {
    for (const std::string& symbol : Symbols(expression)) {
      const auto range = program.ranges.find(symbol);
      if (range != program.ranges.end() && named.insert(symbol).second) notes.push_back(RangeText(symbol, range->second));
    }
  }
  return notes.empty() ? std::string() : fmt::format("{}, from the program", fmt::join(notes, ", "));
}

std::string ConstantText(const ConstantLeaf& constant) {
  struct Writer {
    std::string operator()(None) const { return "None"; }
    std::string operator()(int64_t number) const { return fmt::format("{}", number); }
    std::string operator()(double number) const { return fmt::format("{}", number); }
    std::string operator()(bool value) const { return value ? "True" : "False"; }
    std::string operator()(const std::string& text) const { return fmt::format("'{}'", text); }
  };
  return std::visit(Writer(), constant);
}

std::vector<PortLine> Ports(const Graph& graph, const std::vector<ValueId>& values) {
  std::vector<PortLine> ports;
  for (const ValueId id : values) ports.push_back({graph.value(id).name, ToString(graph.value(id).type)});
  return ports;
}

Level LevelOf(std::string_view name) {
  return name == "note"      ? Level::kNote
         : name == "warning" ? Level::kWarning
         : name == "error"   ? Level::kError
                             : Level::kNone;
}

void AddNames(JsonWriter& json, const std::vector<std::string>& names) {
  json.BeginArray();
  for (const std::string& name : names) json.String(name);
  json.End();
}

// Errors of the host. What a plugin's rule says of the model fails the run by --fail-on alone.
bool Stops(const Finding& finding) { return finding.level == Level::kError && finding.plugin.empty(); }

// About what the program does, which is at places of its source.
bool IsOfProgram(const Finding& finding) { return ExitCode(Status({finding.rule, {}, {}})) == 11; }

// About one operator of it: of the rules of lowerings, and it stands somewhere.
bool IsOfOperator(const Finding& finding) {
  return IsOfProgram(finding) && finding.rule.starts_with("FL2") && !finding.locations.empty();
}

}  // namespace

ModelPorts PortsOf(const Model& model) {
  return {Ports(model.graph, model.graph.inputs()), Ports(model.graph, model.graph.outputs())};
}

std::optional<Finding> DecisiveFinding(const Diagnostics& diagnostics, std::string_view fail_on) {
  const std::vector<Finding> findings = diagnostics.findings();
  auto found = std::ranges::find_if(findings, Stops);
  if (found == findings.end()) {
    const Level level = LevelOf(fail_on);
    found = std::ranges::find_if(findings, [&](const Finding& finding) { return finding.level >= level; });
  }
  return found == findings.end() ? std::nullopt : std::optional(*found);
}

int ExitCodeOf(const Diagnostics& diagnostics, std::string_view fail_on) {
  int code = 0;
  for (const Finding& finding : diagnostics.findings()) {
    if (Stops(finding)) code = std::max(code, ExitCode(Status({finding.rule, {}, {}})));
  }
  return code == 0 && DecisiveFinding(diagnostics, fail_on) ? kFailOnFired : code;
}

std::string FailureFact(const Diagnostics& diagnostics) {
  std::size_t operators = 0, places = 0, errors = 0;
  for (const Finding& finding : diagnostics.findings()) {
    if (finding.level != Level::kError) continue;
    ++errors;
    operators += IsOfOperator(finding) ? 1 : 0;
    if (IsOfProgram(finding)) places += finding.locations.size();
  }
  if (errors == 0) return "a rule at the level of --fail-on fired";
  const std::string what = operators == errors ? Counted(operators, "operator") : Counted(errors, "error");
  return places == 0 ? what : fmt::format("{}, {}", what, Counted(places, "place"));
}

std::string ShortType(const Type& type) {
  switch (type.kind) {
    case Type::Kind::kSymInt: return "int";
    case Type::Kind::kSymFloat: return "float";
    case Type::Kind::kSymBool: return "bool";
    case Type::Kind::kTensor: break;
    case Type::Kind::kUnknown:
    case Type::Kind::kSequence:
    case Type::Kind::kNone: return ToString(type);
  }
  if (!type.dims) return fmt::format("{}[*]", ShortName(type.dtype));
  std::vector<std::string> dims;
  for (const Dim& dim : *type.dims) dims.push_back(ToString(dim));
  return fmt::format("{}[{}]", ShortName(type.dtype), fmt::join(dims, ","));
}

std::string ProgramFacts(const ExportedProgram& program) {
  uint64_t bytes = 0;
  for (const auto& [name, tensor] : program.weights) bytes += tensor.dense_size();
  std::size_t ops = 0;
  for (const auto& [op, count] : CountOperators(program.graph)) ops += count;
  std::string text = program.torch_version.empty() ? "" : fmt::format("torch {} · ", Printable(program.torch_version));
  return text + fmt::format("schema {}.{} · {} · {} · {}", program.schema_major, program.schema_minor, Counted(ops, "op"),
                            Counted(program.weights.size(), "tensor"), ByteCount(bytes));
}

std::vector<std::string> InputLines(const ExportedProgram& program) {
  std::size_t widest = 1;
  for (const InputSpec& spec : program.inputs) {
    if (spec.kind == InputSpec::Kind::kUser)
      widest = std::max(widest, std::min<std::size_t>(Columns(Printable(spec.name)), 24));
  }
  std::vector<std::string> lines;
  std::set<std::string> named;
  for (const InputSpec& spec : program.inputs) {
    const std::string name = Padded(Printable(spec.name), widest + 2);
    if (spec.kind == InputSpec::Kind::kConstant) {
      lines.push_back(fmt::format("{}= {}, fixed at export", name, Printable(ConstantText(spec.constant))));
    } else if (spec.kind == InputSpec::Kind::kUser && spec.value != kNoValue) {
      const Type& type = program.graph.value(spec.value).type;
      std::string line =
          Padded(name + Printable(ShortType(type)), kTypeColumns) + Printable(RangeNote(type, program, named));
      line.erase(line.find_last_not_of(' ') + 1);
      lines.push_back(std::move(line));
    }
  }
  return lines;
}

std::string VerifiedAgainst(const Verification& verification, const ExpectedFile& expected) {
  return fmt::format("{} against {}{}{}", Printable(verification.provider), Printable(expected.path.filename().string()),
                     expected.set.empty() ? "" : ", set ", Printable(expected.set));
}

std::string VerifiedFact(const Verification& verification, const Console& console) {
  const std::size_t compared = verification.outputs.size(), all = compared + verification.not_compared.size();
  const std::string fact = console.Good("verified");
  return compared == all ? fact : fmt::format("{} for {} of {}", fact, compared, Counted(all, "output"));
}

std::string NamesLine(std::string_view what, const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 8;
  const auto shown = std::span(names).first(std::min(names.size(), kShown));
  return Printable(fmt::format("{}: {}{}", what, fmt::join(shown, ", "),
                               names.size() > kShown ? fmt::format(" and {} more", names.size() - kShown) : ""));
}

std::vector<std::string> ComparisonLines(const Verification& verification, const Console& console) {
  std::size_t widest = 0;
  for (const Comparison& output : verification.outputs) widest = std::max(widest, Columns(Printable(output.output)));
  std::vector<std::string> lines;
  for (const Comparison& output : verification.outputs) {
    const std::string name = Padded(Printable(output.output), widest + 2);
    if (output.equal) {
      lines.push_back(fmt::format("{}max abs {:.1e}  max rel {:.1e}   within atol {:.0e} rtol {:.0e}   {}", name,
                                  output.max_abs, output.max_rel, output.tolerance.atol, output.tolerance.rtol,
                                  console.Good("ok")));
    } else {
      lines.push_back(fmt::format("{}{}   {}", name, Printable(output.reason), console.Bad("FAILED")));
    }
  }
  if (!verification.not_compared.empty()) lines.push_back(NamesLine("not compared", verification.not_compared));
  if (!verification.unused.empty()) lines.push_back(NamesLine("not used", verification.unused));
  return lines;
}

void AddLowerings(JsonWriter& json, const std::vector<LoweringUse>& lowerings) {
  json.Key("lowerings").BeginArray();
  for (const LoweringUse& row : lowerings) {
    json.BeginObject().Key("plugin").String(row.plugin).Key("schema").String(row.schema);
    json.Key("since").Integer(row.since).Key("until").Integer(row.until).End();
  }
  json.End();
}

void AddPorts(JsonWriter& json, std::string_view key, const std::vector<PortLine>& ports) {
  json.Key(key).BeginArray();
  for (const PortLine& port : ports) json.BeginObject().Key("name").String(port.name).Key("type").String(port.type).End();
  json.End();
}

void AddVerification(JsonWriter& json, const Verification& verification) {
  json.Key("provider").String(verification.provider).Key("comparisons").BeginArray();
  for (const Comparison& output : verification.outputs) {
    json.BeginObject().Key("output").String(output.output).Key("equal").Bool(output.equal);
    json.Key("max_abs").Number(output.max_abs).Key("max_rel").Number(output.max_rel);
    json.Key("rtol").Number(output.tolerance.rtol).Key("atol").Number(output.tolerance.atol);
    if (!output.equal) json.Key("rule").String(output.rule).Key("reason").String(output.reason);
    json.End();
  }
  json.End().Key("not_compared");
  AddNames(json, verification.not_compared);
  json.Key("not_used");
  AddNames(json, verification.unused);
}

std::string ToJson(const ExportReport& report) {
  JsonWriter json;
  json.BeginObject().Key("command").String("export").Key("version").String(fairlead::Version());
  json.Key("input").String(report.input.string()).Key("output");
  report.files ? json.String(report.output.string()) : json.Null();
  json.Key("exit_code")
      .Integer(report.exit_code)
      .Key("verified")
      .Bool(report.verified())
      .Key("opset")
      .Integer(report.opset);
  if (report.files) {
    json.Key("aten_nodes").Integer(static_cast<int64_t>(report.statistics.aten_nodes));
    json.Key("onnx_nodes").Integer(static_cast<int64_t>(report.statistics.onnx_nodes));
    AddLowerings(json, report.statistics.lowerings);
    AddPorts(json, "inputs", report.ports.inputs);
    AddPorts(json, "outputs", report.ports.outputs);
    json.Key("bytes").Integer(static_cast<int64_t>(report.files->bytes)).Key("data_files").BeginArray();
    for (const std::filesystem::path& data : report.files->data) json.String(data.string());
    json.End();
  }
  if (report.verification) AddVerification(json, *report.verification);
  json.Key("seconds").Number(report.seconds).Key("diagnostics").Raw(fairlead::ToJson(report.diagnostics));
  return json.End().text();
}

}  // namespace fairlead::cli
