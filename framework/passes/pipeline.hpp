// Passes in a row, and the look at the graph after each. Inside of passes/ only; passes/pass.hpp runs the pipelines.
#pragma once

#include "passes/pass.hpp"

namespace fairlead {

// `required`: without it there is no model, so that it cannot be switched off.
template <class Pass> struct Step {
  const Pass& pass;
  bool required = false;
};

// Runs what is not in `disabled`. Where VerifiesPasses, a graph that does not hold together afterwards is FL7012 with the
// name of the pass.
Status RunSteps(std::span<const Step<ProgramPass>> steps, ExportedProgram& program, PassContext& context,
                std::span<const std::string> disabled);
Status RunSteps(std::span<const Step<ModelPass>> steps, Model& model, PassContext& context,
                std::span<const std::string> disabled);

// Whether this build does (CMake's FAIRLEAD_VERIFY_PASSES): it costs time on large programs.
bool VerifiesPasses();

}  // namespace fairlead
