// fairlead show: what a file is and what it holds.
#include <algorithm>
#include <array>

#include "base/utf8.hpp"
#include "commands.hpp"
#include "export/inspection.hpp"
#include "files.hpp"
#include "ir/text.hpp"
#include "reports.hpp"

namespace fairlead::cli {
namespace {

constexpr std::size_t kNameColumns = 10;
constexpr std::size_t kWeightLines = 5;

// A block of lines under one name: "inputs    x  f32[…]".
void PrintBlock(std::string_view name, const std::vector<std::string>& lines, Console& console) {
  for (std::size_t i = 0; i < lines.size(); ++i) console.Print(Padded(i == 0 ? name : "", kNameColumns) + lines[i]);
}

std::string PortText(const std::string& name, const Type& type) {
  return fmt::format("{}  {}", Printable(name), Printable(ShortType(type)));
}

// What was asked for on the command line, of either kind of file.
struct Summary {
  std::string kind, facts;
  std::vector<std::string> inputs, outputs, notes;
  std::vector<std::pair<std::string, const Tensor*>> weights;
  ModelPorts ports;
  const Graph* graph = nullptr;
};

std::string_view StateNoun(OutputSpec::Kind kind) {
  switch (kind) {
    case OutputSpec::Kind::kUser: return "output";
    case OutputSpec::Kind::kLoss: return "loss";
    case OutputSpec::Kind::kBufferMutation: return "buffer";
    case OutputSpec::Kind::kParameterMutation: return "parameter";
    case OutputSpec::Kind::kInputMutation: return "input";
    case OutputSpec::Kind::kGradient: return "gradient";
    case OutputSpec::Kind::kToken: return "token";
  }
  FL_CHECK(false, "every kind of output is listed");
}

void AddOutputs(const ExportedProgram& program, Summary& summary) {
  std::size_t leaf = 0;
  for (const OutputSpec& spec : program.outputs) {
    const std::string name = spec.name.empty() ? fmt::format("output_{}", leaf) : spec.name;
    ++leaf;
    const bool constant = spec.value == kNoValue;
    const Type type = constant ? Type() : program.graph.value(spec.value).type;
    if (spec.kind != OutputSpec::Kind::kUser) {
      summary.notes.push_back(
          fmt::format("new state of {} {}  {}", StateNoun(spec.kind), Printable(spec.target), Printable(ShortType(type))));
    } else if (constant) {
      summary.outputs.push_back(Printable(name) + "  fixed at export");
    } else {
      summary.outputs.push_back(PortText(name, type));
      summary.ports.outputs.push_back({name, ToString(type)});
    }
  }
}

Summary Summarize(const ExportedProgram& program) {
  Summary summary{.kind = "PyTorch program",
                  .facts = ProgramFacts(program),
                  .inputs = InputLines(program),
                  .outputs = {},
                  .notes = {},
                  .weights = {},
                  .ports = {},
                  .graph = &program.graph};
  for (const InputSpec& spec : program.inputs) {
    if (spec.kind != InputSpec::Kind::kUser || spec.value == kNoValue) continue;
    summary.ports.inputs.push_back({spec.name, ToString(program.graph.value(spec.value).type)});
  }
  AddOutputs(program, summary);
  for (const auto& [name, tensor] : program.weights) summary.weights.emplace_back(name, &tensor);
  if (!program.dialect.empty()) {
    summary.notes.push_back(fmt::format("dialect {} · archive layout {}", Printable(program.dialect), program.layout));
  }
  const std::size_t samples = program.sample_inputs.size();
  if (samples > 0) summary.notes.push_back(fmt::format("{} as it was exported with", Counted(samples, "sample input")));
  for (const std::string& note : program.sample_input_notes) summary.notes.push_back(Printable(note));
  return summary;
}

Summary Summarize(const onnx_room::DecodedModel& model) {
  Summary summary{.kind = "ONNX model",
                  .facts = {},
                  .inputs = {},
                  .outputs = {},
                  .notes = {},
                  .weights = {},
                  .ports = {},
                  .graph = &model.graph};
  uint64_t bytes = 0;
  for (const Initializer& initializer : model.graph.initializers()) {
    summary.weights.emplace_back(model.graph.value(initializer.value).name, &initializer.tensor);
    bytes += initializer.tensor.dense_size();
  }
  std::vector<std::string> opsets;
  for (const auto& [domain, version] : model.header.opset_imports) {
    opsets.push_back(domain.empty() ? fmt::format("opset {}", version) : fmt::format("{} {}", Printable(domain), version));
  }
  summary.facts =
      Printable(fmt::format("{} {}", model.header.producer_name, model.header.producer_version)) +
      fmt::format(" · IR {} · {} · {} · {} · {}", model.header.ir_version, fmt::join(opsets, ", "),
                  Counted(model.graph.order().size(), "node"), Counted(summary.weights.size(), "tensor"), ByteCount(bytes));
  for (const ValueId input : model.graph.inputs()) {
    const Value& value = model.graph.value(input);
    const bool has_default = model.graph.FindInitializer(input) != nullptr;
    summary.inputs.push_back(PortText(value.name, value.type) + (has_default ? "  has a default" : ""));
    summary.ports.inputs.push_back({value.name, ToString(value.type)});
  }
  for (const ValueId output : model.graph.outputs()) {
    const Value& value = model.graph.value(output);
    summary.outputs.push_back(PortText(value.name, value.type));
    summary.ports.outputs.push_back({value.name, ToString(value.type)});
  }
  for (const auto& [key, text] : model.header.metadata)
    summary.notes.push_back(Printable(fmt::format("{} = {}", key, text)));
  return summary;
}

std::vector<std::string> WeightLines(const Summary& summary, bool all) {
  std::size_t widest = 0;
  for (const auto& [name, tensor] : summary.weights)
    widest = std::max(widest, std::min<std::size_t>(Columns(Printable(name)), 48));
  std::vector<std::string> lines;
  for (const auto& [name, tensor] : summary.weights) {
    if (!all && lines.size() == kWeightLines) {
      lines.push_back(fmt::format("… and {} more: --weights shows them", summary.weights.size() - kWeightLines));
      break;
    }
    lines.push_back(Padded(Printable(name), widest + 2) + Padded(ShortType(tensor->type()), 20) +
                    (tensor->IsAbsent() ? "no data" : ByteCount(tensor->dense_size())));
  }
  return lines;
}

std::string ToJson(const std::string& path, const Summary& summary, const Diagnostics& diagnostics) {
  JsonWriter json;
  json.BeginObject()
      .Key("command")
      .String("show")
      .Key("file")
      .String(path)
      .Key("exit_code")
      .Integer(0)
      .Key("kind")
      .String(summary.kind);
  json.Key("facts").String(summary.facts);
  AddPorts(json, "inputs", summary.ports.inputs);
  AddPorts(json, "outputs", summary.ports.outputs);
  json.Key("weights").BeginArray();
  for (const auto& [name, tensor] : summary.weights) {
    json.BeginObject().Key("name").String(name).Key("type").String(ToString(tensor->type()));
    json.Key("bytes").Integer(static_cast<int64_t>(tensor->dense_size())).Key("present").Bool(!tensor->IsAbsent()).End();
  }
  json.End().Key("operators").BeginObject();
  for (const auto& [op, count] : CountOperators(*summary.graph)) json.Key(op).Integer(static_cast<int64_t>(count));
  json.End().Key("notes").BeginArray();
  for (const std::string& note : summary.notes) json.String(note);
  return json.End().Key("diagnostics").Raw(fairlead::ToJson(diagnostics)).End().text();
}

std::string FailureJson(const std::string& path, const Diagnostics& diagnostics, int exit_code) {
  JsonWriter json;
  json.BeginObject().Key("command").String("show").Key("file").String(path).Key("exit_code").Integer(exit_code);
  return json.Key("diagnostics").Raw(fairlead::ToJson(diagnostics)).End().text();
}

void PrintSummary(const std::string& path, const Summary& summary, const Arguments& arguments, Console& console) {
  console.Print(fmt::format("{}: {}, {}", Printable(path), summary.kind, summary.facts));
  PrintBlock("inputs", summary.inputs, console);
  PrintBlock("outputs", summary.outputs, console);
  PrintBlock("weights", WeightLines(summary, arguments.Has("weights")), console);
  std::vector<std::string> operators;
  for (const auto& [op, count] : CountOperators(*summary.graph))
    operators.push_back(fmt::format("{:>6}  {}", count, Printable(op)));
  PrintBlock("operators", operators, console);
  PrintBlock("notes", summary.notes, console);
}

}  // namespace

int Show(const Arguments& arguments, Console& console) {
  const std::string path = arguments.operands().front();
  if (const Status usage = CheckFiles(ModelFiles(path), JsonFile(arguments)); !usage.ok()) return console.FailFiles(usage);
  Diagnostics diagnostics;
  const Result<FileContent> content = OpenFile(path, arguments.Has("check-crc"), diagnostics);
  if (!content.ok()) diagnostics.Report(content.status());
  console.Show(diagnostics);
  if (!content.ok()) {
    const int exit_code = ExitCode(content.status());
    return FinishJson(arguments, console, FailureJson(path, diagnostics, exit_code), exit_code);
  }
  const Summary summary = std::visit([](const auto& file) { return Summarize(file); }, *content);
  if (PrintsText(arguments)) {
    if (arguments.Has("graph")) {
      console.Print(fairlead::Print(*summary.graph, {.types = true, .sources = console.verbose()}));
    } else {
      PrintSummary(path, summary, arguments, console);
    }
  }
  return FinishJson(arguments, console, ToJson(path, summary, diagnostics), 0);
}

}  // namespace fairlead::cli
