// Valid random ONNX graphs of opset 20, with nested graphs, captures, lists, optional inputs and many dtypes.
#pragma once

#include <random>

#include "ir/graph.hpp"

namespace fairlead::testing_onnx {

// The same seed gives the same graph. Values have names.
Graph RandomGraph(uint32_t seed);

}  // namespace fairlead::testing_onnx
