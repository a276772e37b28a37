// What an exported model says of itself beside its graph.
#pragma once

#include <map>
#include <string>

#include "frontend/exported_program.hpp"

namespace fairlead {

// The model's metadata, from the program after its passes:
//   fairlead.inputs, fairlead.outputs   JSON lists: for each leaf of the user's inputs and outputs, in pytree order, its
//   name in
//                                       the ONNX graph, or null where it is not a tensor
//   fairlead.ranges                     JSON object: symbolic dimension → [min, max], null where unbounded
// No path and no time: the same program gives the same text.
std::map<std::string, std::string> ModelMetadata(const ExportedProgram& program);

}  // namespace fairlead
