#include "frontend/signature.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "frontend/pytree.hpp"
#include "frontend/schema.hpp"

namespace fairlead {
namespace {

template <class Kind> struct SpecKind {
  std::string_view tag;  // alternative of the union
  Kind kind;
  std::string_view target;  // member that holds the fully qualified name
};

using Input = InputSpec::Kind;
constexpr std::array kInputKinds = std::to_array<SpecKind<Input>>({
    {"user_input", Input::kUser, ""},
    {"parameter", Input::kParameter, "parameter_name"},
    {"buffer", Input::kBuffer, "buffer_name"},
    {"tensor_constant", Input::kTensorConstant, "tensor_constant_name"},
    {"constant_input", Input::kConstant, ""},
    {"custom_obj", Input::kCustomObject, "custom_obj_name"},
    {"token", Input::kToken, ""},
});

using Output = OutputSpec::Kind;
constexpr std::array kOutputKinds = std::to_array<SpecKind<Output>>({
    {"user_output", Output::kUser, ""},
    {"loss_output", Output::kLoss, ""},
    {"buffer_mutation", Output::kBufferMutation, "buffer_name"},
    {"parameter_mutation", Output::kParameterMutation, "parameter_name"},
    {"user_input_mutation", Output::kInputMutation, "user_input_name"},
    {"gradient_to_parameter", Output::kGradient, "parameter_name"},
    {"gradient_to_user_input", Output::kGradient, "user_input_name"},
    {"token", Output::kToken, ""},
});

template <class Row, std::size_t N> const Row* FindKind(const std::array<Row, N>& table, std::string_view tag) {
  const auto found = std::ranges::find(table, tag, &Row::tag);
  return found == table.end() ? nullptr : &*found;
}

// The name a spec gives: {"arg": {"name": …}}, {"arg": {"as_tensor": {"name": …}}}, {"arg": {"as_sym_int": {"as_name":
// …}}}.
std::string_view ArgumentName(JsonValue spec) {
  const JsonValue argument = spec["arg"];
  if (const std::string_view name = ReadName(argument); !name.empty()) return name;
  const Tagged tagged = ReadUnion(argument);
  if (const std::string_view name = ReadName(tagged.value); !name.empty() && !tagged.value.IsString()) return name;
  const Tagged number = ReadUnion(tagged.value);
  return number.tag == "as_name" ? number.value.text() : std::string_view();
}

// ---- schema 2 and later: one spec per input and output, in the graph's order

Result<InputSpec> ReadInputSpec(JsonValue json, const GraphPort& port) {
  const Tagged tagged = ReadUnion(json);
  const auto* const row = FindKind(kInputKinds, tagged.tag);
  if (!row) return Error("FL1002", "the signature has an input of the unknown kind '{}'", tagged.tag);
  InputSpec spec{.kind = row->kind, .value = port.value, .name = port.name, .target = {}, .constant = port.constant};
  if (!row->target.empty()) spec.target = tagged.value[row->target].text();
  if (spec.kind == Input::kBuffer) spec.persistent = tagged.value["persistent"].AsBool().value_or(true);
  const bool has_value = port.value != kNoValue;
  if (port.custom_object) spec.kind = Input::kCustomObject;
  if (spec.kind == Input::kConstant) spec.name = tagged.value["name"].text();
  if (spec.kind == Input::kUser && !has_value && !port.custom_object) spec.kind = Input::kConstant;
  const bool needs_value = spec.kind != Input::kConstant && spec.kind != Input::kCustomObject;
  if (needs_value != has_value || (has_value && ArgumentName(tagged.value) != port.name))
    return Error("FL1001", "the signature's {} '{}' is not the graph's input '{}'", tagged.tag, ArgumentName(tagged.value),
                 port.name);
  return spec;
}

Result<OutputSpec> ReadOutputSpec(JsonValue json, const GraphPort& port) {
  const Tagged tagged = ReadUnion(json);
  const auto* const row = FindKind(kOutputKinds, tagged.tag);
  if (!row) return Error("FL1002", "the signature has an output of the unknown kind '{}'", tagged.tag);
  OutputSpec spec{.kind = row->kind, .value = port.value, .name = {}, .target = {}, .constant = port.constant};
  if (!row->target.empty()) spec.target = tagged.value[row->target].text();
  const bool has_value = port.value != kNoValue;
  if ((!has_value && spec.kind != Output::kUser) || (has_value && ArgumentName(tagged.value) != port.name))
    return Error("FL1001", "the signature's {} '{}' is not the graph's output '{}'", tagged.tag, ArgumentName(tagged.value),
                 port.name);
  return spec;
}

Status ReadSpecs(JsonValue signature, const GraphReader& graph, ExportedProgram& program) {
  const JsonValue inputs = signature["input_specs"], outputs = signature["output_specs"];
  if (inputs.size() != graph.inputs().size() || outputs.size() != graph.outputs().size())
    return Error("FL1001", "the signature has {} inputs and {} outputs, the graph {} and {}", inputs.size(), outputs.size(),
                 graph.inputs().size(), graph.outputs().size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    FL_ASSIGN_OR_RETURN(InputSpec spec, ReadInputSpec(inputs[i], graph.inputs()[i]));
    program.inputs.push_back(std::move(spec));
  }
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    FL_ASSIGN_OR_RETURN(OutputSpec spec, ReadOutputSpec(outputs[i], graph.outputs()[i]));
    program.outputs.push_back(std::move(spec));
  }
  return Ok();
}

// ---- schema 1: maps from value names to fully qualified names

using NameMap = std::unordered_map<std::string_view, std::string_view>;

NameMap ReadNameMap(JsonValue json) {
  NameMap out;
  for (std::size_t i = 0; i < json.size(); ++i) out.emplace(json.member(i).key, json.member(i).value.text());
  return out;
}

Status ReadMaps(JsonValue graph_module, const GraphReader& graph, ExportedProgram& program) {
  const JsonValue signature = graph_module["signature"];
  const NameMap parameters = ReadNameMap(signature["inputs_to_parameters"]),
                buffers = ReadNameMap(signature["inputs_to_buffers"]);
  for (const GraphPort& port : graph.inputs()) {
    InputSpec spec{.kind = Input::kUser, .value = port.value, .name = port.name, .target = {}, .constant = port.constant};
    const auto parameter = parameters.find(port.name), buffer = buffers.find(port.name);
    if (port.value == kNoValue) {
      spec.kind = Input::kConstant;
    } else if (port.constant_tensor) {
      spec.kind = Input::kTensorConstant;
      spec.target = port.name;
    } else if (parameter != parameters.end()) {
      spec.kind = Input::kParameter;
      spec.target = parameter->second;
    } else if (buffer != buffers.end()) {
      spec.kind = Input::kBuffer;
      spec.target = buffer->second;
    }
    program.inputs.push_back(std::move(spec));
  }
  // Mutated buffers are the first outputs.
  const NameMap mutations = ReadNameMap(signature["buffers_to_mutate"]);
  for (std::size_t i = 0; i < graph.outputs().size(); ++i) {
    const GraphPort& port = graph.outputs()[i];
    OutputSpec spec{.kind = Output::kUser, .value = port.value, .name = {}, .target = {}, .constant = port.constant};
    if (i < mutations.size()) {
      const auto mutation = mutations.find(port.name);
      if (mutation == mutations.end()) return Error("FL1001", "output '{}' mutates no buffer of the signature", port.name);
      spec.kind = Output::kBufferMutation;
      spec.target = mutation->second;
    }
    program.outputs.push_back(std::move(spec));
  }
  return Ok();
}

// ---- structure of the call

// The entry of the outermost module: {"fqn": "", "signature": {"in_spec": …, "out_spec": …}}; schema 1: "call_spec".
JsonValue CallSpec(JsonValue graph_module) {
  if (graph_module["call_spec"].IsObject()) return graph_module["call_spec"];
  for (const JsonValue entry : graph_module["module_call_graph"])
    if (entry["fqn"].IsString() && entry["fqn"].text().empty()) return entry["signature"];
  return {};
}

void NameUserOutputs(JsonValue namedtuple_fields, ExportedProgram& program) {
  const std::vector<std::string> paths = LeafPaths(program.out_spec, namedtuple_fields);
  const auto is_user = [](const OutputSpec& spec) { return spec.kind == Output::kUser || spec.kind == Output::kLoss; };
  const bool fits = static_cast<std::size_t>(std::ranges::count_if(program.outputs, is_user)) == paths.size();
  std::size_t leaf = 0;
  for (OutputSpec& spec : program.outputs) {
    if (!is_user(spec)) continue;
    spec.name = fits ? paths[leaf] : fmt::format("output_{}", leaf);
    ++leaf;
  }
}

}  // namespace

std::vector<std::string_view> UserInputs(JsonValue graph_module) {
  const JsonValue signature = graph_module["signature"];
  std::vector<std::string_view> out;
  for (const JsonValue json : signature["input_specs"])
    if (const Tagged tagged = ReadUnion(json); tagged.tag == "user_input") out.push_back(ArgumentName(tagged.value));
  for (const JsonValue name : signature["user_inputs"]) out.push_back(name.text());
  return out;
}

Status ReadSignature(JsonValue graph_module, const GraphReader& graph, ExportedProgram& program) {
  const JsonValue signature = graph_module["signature"];
  FL_RETURN_IF_ERROR(signature["input_specs"].IsArray() ? ReadSpecs(signature, graph, program)
                                                        : ReadMaps(graph_module, graph, program));
  for (const OutputSpec& spec : program.outputs)
    if (spec.value != kNoValue) program.graph.AddOutput(spec.value);
  const JsonValue call = CallSpec(graph_module);
  program.in_spec = call["in_spec"].text();
  program.out_spec = call["out_spec"].text();
  NameUserOutputs(graph_module["treespec_namedtuple_fields"], program);
  return Ok();
}

}  // namespace fairlead
