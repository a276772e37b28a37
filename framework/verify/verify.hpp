// The rules a finished ONNX graph must meet before it is written.
#pragma once

#include "diagnostics/diagnostics.hpp"
#include "passes/pass.hpp"

namespace fairlead {

// Every value of the graph has a known dtype and rank (FL4009 as a warning where not), every node is legal at the model's
// opset, names are unique, no ATen node is left (FL7012). The checker itself runs when the file is written.
Status VerifyModel(const Model& model, Diagnostics& diagnostics);

}  // namespace fairlead
