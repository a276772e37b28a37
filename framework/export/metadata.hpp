// What an exported model says of itself beside its graph.
#pragma once

#include <map>
#include <string>

#include "frontend/exported_program.hpp"

namespace fairlead {

// The model's metadata, from the program after its passes:
//   fairlead.inputs, fairlead.outputs   JSON lists: for each leaf of the user's inputs and outputs, in pytree order, the
//                                       name in the ONNX graph, or null where it is not a tensor
//   fairlead.output_constants           JSON object: leaf of the outputs that is not a tensor → its value, fixed at export:
//                                       null for None, a string, a boolean, a number; one with a point or an exponent, or
//                                       {"float": "NaN"} and the infinities, is a float. Only where there is one
//   fairlead.dropped_state              JSON list: what the program changes and the model does not (--state drop): names
//                                       of buffers, parameters and inputs. Only where there is one
//   fairlead.ranges                     JSON object: symbolic dimension → [min, max], null where unbounded
// No path and no time: the same program gives the same text.
std::map<std::string, std::string> ModelMetadata(const ExportedProgram& program);

}  // namespace fairlead
