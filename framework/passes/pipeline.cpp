// The order of the passes, and what is checked between them. README.md says why they stand in this order.
#include "passes/pipeline.hpp"

#include <algorithm>
#include <array>

#include "ir/verifier.hpp"
#include "passes/passes.hpp"

namespace fairlead {
namespace {

#ifdef FAIRLEAD_VERIFY_PASSES
constexpr bool kVerifyPasses = true;
#else
constexpr bool kVerifyPasses = false;
#endif

const auto& ProgramSteps() {
  static const std::array kSteps = {
      Step<ProgramPass>{passes::InlineWrappers(), true}, Step<ProgramPass>{passes::UnwrapEffects(), true},
      Step<ProgramPass>{passes::Vmap(), true},           Step<ProgramPass>{passes::Functionalize(), true},
      Step<ProgramPass>{passes::CanonicalNames(), true}, Step<ProgramPass>{passes::DropAssertions()},
      Step<ProgramPass>{passes::State(), true},          Step<ProgramPass>{passes::IdentityRemoval()},
      Step<ProgramPass>{passes::ProgramDeadCode()},      Step<ProgramPass>{passes::LiftWeights(), true},
      Step<ProgramPass>{passes::ComplexPairs(), true},   Step<ProgramPass>{passes::NameOutputs(), true},
  };
  return kSteps;
}

const auto& ModelSteps() {
  static const std::array kSteps = {
      Step<ModelPass>{passes::FoldConstants()},      Step<ModelPass>{passes::RemoveIdentity()},
      Step<ModelPass>{passes::DedupeInitializers()}, Step<ModelPass>{passes::DedupeNodes()},
      Step<ModelPass>{passes::PackWeights()},        Step<ModelPass>{passes::ModelDeadCode()},
  };
  return kSteps;
}

template <class Steps> std::vector<std::string_view> NamesOf(const Steps& steps) {
  std::vector<std::string_view> out;
  for (const auto& step : steps)
    if (std::ranges::find(out, step.pass.name()) == out.end()) out.push_back(step.pass.name());
  return out;
}

// Every pass leaves a graph that holds together.
Status CheckAfter(std::string_view pass, const Graph& graph) {
  const Status status = VerifyGraph(graph);
  return status.ok() ? Ok() : Error("FL7012", "after pass \"{}\": {}", pass, status.message());
}

template <class Steps, class Program>
Status RunEach(const Steps& steps, Program& program, PassContext& context, std::span<const std::string> disabled) {
  for (const auto& [pass, required] : steps) {
    if (std::ranges::find(disabled, pass.name()) != disabled.end()) continue;
    FL_RETURN_IF_ERROR(pass.Run(program, context));
    if (kVerifyPasses) FL_RETURN_IF_ERROR(CheckAfter(pass.name(), program.graph));
  }
  return Ok();
}

}  // namespace

Status CheckDisabledPasses(std::span<const std::string> names) {
  std::vector<std::string_view> known = ProgramPassNames();
  for (const std::string_view name : ModelPassNames()) known.push_back(name);
  for (const std::string& name : names) {
    if (std::ranges::find(known, name) == known.end())
      return Error("FL9004", "there is no pass \"{}\"; the passes are {}", name, fmt::join(known, ", "));
    for (const auto& step : ProgramSteps())
      if (step.required && step.pass.name() == name) return Error("FL9004", "the pass \"{}\" cannot be switched off", name);
  }
  return Ok();
}

Status RunSteps(std::span<const Step<ProgramPass>> steps, ExportedProgram& program, PassContext& context,
                std::span<const std::string> disabled) {
  return RunEach(steps, program, context, disabled);
}

Status RunSteps(std::span<const Step<ModelPass>> steps, Model& model, PassContext& context,
                std::span<const std::string> disabled) {
  return RunEach(steps, model, context, disabled);
}

bool VerifiesPasses() { return kVerifyPasses; }

Status RunProgramPasses(ExportedProgram& program, PassContext& context, std::span<const std::string> disabled) {
  FL_RETURN_IF_ERROR(CheckDisabledPasses(disabled));
  return RunSteps(ProgramSteps(), program, context, disabled);
}

Status RunModelPasses(Model& model, PassContext& context, std::span<const std::string> disabled) {
  FL_RETURN_IF_ERROR(CheckDisabledPasses(disabled));
  return RunSteps(ModelSteps(), model, context, disabled);
}

std::vector<std::string_view> ProgramPassNames() { return NamesOf(ProgramSteps()); }
std::vector<std::string_view> ModelPassNames() { return NamesOf(ModelSteps()); }

}  // namespace fairlead
