#include "export/metadata.hpp"

#include <algorithm>
#include <cmath>

#include "export/json_writer.hpp"

namespace fairlead {
namespace {

std::string Inputs(const ExportedProgram& program) {
  JsonWriter json;
  json.BeginArray();
  for (const InputSpec& spec : program.inputs) {
    if (spec.kind == InputSpec::Kind::kConstant || (spec.kind == InputSpec::Kind::kUser && spec.value == kNoValue)) {
      json.Null();
    } else if (spec.kind == InputSpec::Kind::kUser) {
      json.String(program.graph.value(spec.value).name);
    }
  }
  return json.End().text();
}

bool IsLeaf(const OutputSpec& spec) { return spec.kind == OutputSpec::Kind::kUser || spec.kind == OutputSpec::Kind::kLoss; }

std::string Outputs(const ExportedProgram& program) {
  JsonWriter json;
  json.BeginArray();
  for (const OutputSpec& spec : program.outputs) {
    if (!IsLeaf(spec)) continue;
    if (spec.value == kNoValue) {
      json.Null();
    } else {
      json.String(spec.name);
    }
  }
  return json.End().text();
}

// 2.0 and 1e30, which stay floats where JSON's numbers have no types.
std::string FloatText(double number) {
  std::string text = fmt::format("{}", number);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

void AddConstant(JsonWriter& json, const ConstantLeaf& constant) {
  struct Writer {
    JsonWriter& json;
    void operator()(None) const { json.Null(); }
    void operator()(int64_t number) const { json.Integer(number); }
    void operator()(double number) const {
      if (std::isfinite(number)) {
        json.Raw(FloatText(number));
      } else {
        json.BeginObject().Key("float").Number(number).End();
      }
    }
    void operator()(bool value) const { json.Bool(value); }
    void operator()(const std::string& text) const { json.String(text); }
  };
  std::visit(Writer{json}, constant);
}

// Empty without a constant.
std::string OutputConstants(const ExportedProgram& program) {
  JsonWriter json;
  json.BeginObject();
  bool any = false;
  for (std::size_t leaf = 0; const OutputSpec& spec : program.outputs) {
    if (!IsLeaf(spec)) continue;
    if (spec.value == kNoValue) {
      any = true;
      json.Key(fmt::format("{}", leaf));
      AddConstant(json, spec.constant);
    }
    ++leaf;
  }
  return any ? json.End().text() : std::string();
}

// Empty where nothing was dropped.
std::string DroppedState(const ExportedProgram& program) {
  if (program.dropped_state.empty()) return {};
  JsonWriter json;
  json.BeginArray();
  for (const std::string& name : program.dropped_state) json.String(name);
  return json.End().text();
}

bool IsSymbol(const std::string& expression) {
  return std::ranges::all_of(expression, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string Ranges(const ExportedProgram& program) {
  JsonWriter json;
  json.BeginObject();
  for (const auto& [expression, range] : program.ranges) {
    if (!IsSymbol(expression)) continue;
    json.Key(expression).BeginArray();
    for (const std::optional<int64_t>& bound : {range.min, range.max}) bound ? json.Integer(*bound) : json.Null();
    json.End();
  }
  return json.End().text();
}

}  // namespace

std::map<std::string, std::string> ModelMetadata(const ExportedProgram& program) {
  std::map<std::string, std::string> metadata = {{"fairlead.inputs", Inputs(program)},
                                                 {"fairlead.outputs", Outputs(program)},
                                                 {"fairlead.output_constants", OutputConstants(program)},
                                                 {"fairlead.dropped_state", DroppedState(program)},
                                                 {"fairlead.ranges", Ranges(program)}};
  std::erase_if(metadata, [](const auto& entry) { return entry.second.empty(); });
  return metadata;
}

}  // namespace fairlead
