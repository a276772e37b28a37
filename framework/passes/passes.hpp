// The passes, one object each; pipeline.cpp puts them in order. What each does stands at the top of its file.
#pragma once

#include "passes/pass.hpp"

namespace fairlead::passes {

// From PyTorch's program to a functional ATen graph.
const ProgramPass& InlineWrappers();
const ProgramPass& UnwrapEffects();
const ProgramPass& Vmap();
const ProgramPass& Functionalize();
const ProgramPass& CanonicalNames();
const ProgramPass& DropAssertions();
const ProgramPass& State();
const ProgramPass& IdentityRemoval();
const ProgramPass& ProgramDeadCode();
const ProgramPass& LiftWeights();
const ProgramPass& ComplexPairs();
const ProgramPass& NameOutputs();

// On the ONNX graph.
const ModelPass& FoldConstants();
const ModelPass& RemoveIdentity();
const ModelPass& DedupeInitializers();
const ModelPass& PackWeights();
const ModelPass& DedupeNodes();
const ModelPass& ModelDeadCode();

}  // namespace fairlead::passes
