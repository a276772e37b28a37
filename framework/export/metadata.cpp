#include "export/metadata.hpp"

#include <algorithm>

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

std::string Outputs(const ExportedProgram& program) {
  JsonWriter json;
  json.BeginArray();
  for (const OutputSpec& spec : program.outputs) {
    if (spec.kind != OutputSpec::Kind::kUser && spec.kind != OutputSpec::Kind::kLoss) continue;
    if (spec.value == kNoValue) {
      json.Null();
    } else {
      json.String(spec.name);
    }
  }
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
  return {
      {"fairlead.inputs", Inputs(program)}, {"fairlead.outputs", Outputs(program)}, {"fairlead.ranges", Ranges(program)}};
}

}  // namespace fairlead
