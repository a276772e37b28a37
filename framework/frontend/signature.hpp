// What the inputs and outputs of a program mean: torch.export's graph signature in all its versions.
#pragma once

#include <string_view>
#include <vector>

#include "archive/json.hpp"
#include "base/status.hpp"
#include "frontend/exported_program.hpp"
#include "frontend/graph_reader.hpp"

namespace fairlead {

// Names of the user's inputs, in order, before the graph is read.
std::vector<std::string_view> UserInputs(JsonValue graph_module);

// Fills inputs, outputs, in_spec and out_spec, and the graph's outputs. FL1001 where signature and graph do not agree,
// FL1002 for kinds we do not know.
Status ReadSignature(JsonValue graph_module, const GraphReader& graph, ExportedProgram& program);

}  // namespace fairlead
