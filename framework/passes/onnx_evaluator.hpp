// Computes ONNX nodes whose inputs are known, in the host: small tensors, a fixed list of operators, ONNX's results to the
// bit.
#pragma once

#include <optional>
#include <span>

#include "ir/graph.hpp"

namespace fairlead {

inline constexpr int64_t kMaxFoldedElements = 1024;  // of an input or a result

// True when `op` is on the list.
bool CanEvaluate(const OpName& op);

// The result of a node of ONNX's own domain with one output, at opset 13 or later. `inputs` are dense or strided tensors;
// null: the optional input is absent. Empty when the operator or its types are not on the list, a tensor is too large or
// absent, the arguments are not legal, or the result is not defined (an integer division by zero, a cast out of range).
std::optional<Tensor> EvaluateOnnx(const Node& node, std::span<const Tensor* const> inputs);

}  // namespace fairlead
