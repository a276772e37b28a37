// lift-weights: parameters, buffers and tensor constants stop being graph inputs and become initializers named by their
// fully qualified names. Those that nobody reads go; the user's inputs stay even unread. State that the program changes
// stays an input too, with the initializer of the same name as its default.
#include <unordered_set>

#include "passes/passes.hpp"
#include "passes/program_edit.hpp"

namespace fairlead::passes {
namespace {

using InputKind = InputSpec::Kind;

std::unordered_set<std::string> MutatedTargets(const ExportedProgram& program) {
  std::unordered_set<std::string> out;
  for (const OutputSpec& spec : program.outputs)
    if (spec.kind == OutputSpec::Kind::kBufferMutation || spec.kind == OutputSpec::Kind::kParameterMutation)
      out.insert(spec.target);
  return out;
}

bool IsWeight(InputKind kind) {
  return kind == InputKind::kParameter || kind == InputKind::kBuffer || kind == InputKind::kTensorConstant;
}

Status RefuseIfRead(const InputSpec& spec, const std::vector<uint32_t>& uses) {
  if (spec.value == kNoValue || uses[spec.value] == 0) return Ok();
  if (spec.kind == InputKind::kCustomObject)
    return Error("FL2001", "\"{}\" is a custom object ({}), which has no form in ONNX", spec.name, spec.target);
  return Error("FL1001", "input \"{}\" is a constant or a token, but a node reads it as a value", spec.name);
}

class LiftWeightsPass final : public ProgramPass {
 public:
  std::string_view name() const override { return "lift-weights"; }
  Status Run(ExportedProgram& program, PassContext&) const override {
    Graph& graph = program.graph;
    const std::unordered_set<std::string> mutated = MutatedTargets(program);
    const std::vector<uint32_t> uses = CountUses(graph);
    std::vector<ValueId> replacement(graph.value_count(), kNoValue), inputs, state;
    for (InputSpec& spec : program.inputs) {
      if (spec.kind == InputKind::kUser) {
        if (spec.value != kNoValue) inputs.push_back(spec.value);
        continue;
      }
      if (!IsWeight(spec.kind)) {
        FL_RETURN_IF_ERROR(RefuseIfRead(spec, uses));
        spec.value = kNoValue;
        continue;
      }
      const bool is_state = mutated.contains(spec.target);
      if (spec.value == kNoValue || (uses[spec.value] == 0 && !is_state)) {
        spec.value = kNoValue;
        continue;
      }
      const auto weight = program.weights.find(spec.target);
      if (weight == program.weights.end())
        return Error("FL1009", "\"{}\", which input \"{}\" stands for, is not in the archive", spec.target, spec.name);
      const ValueId initializer = graph.AddInitializer(spec.target, weight->second);
      replacement[spec.value] = initializer;
      if (is_state) state.push_back(initializer);
    }
    ReplaceProgramValues(program, replacement);
    inputs.insert(inputs.end(), state.begin(), state.end());
    graph.mutable_inputs() = std::move(inputs);
    return Ok();
  }
};

}  // namespace

const ProgramPass& LiftWeights() {
  static const LiftWeightsPass pass;
  return pass;
}

}  // namespace fairlead::passes
