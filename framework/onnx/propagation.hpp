// What is known of small integer values (shapes) from how they were computed: Shape(x) → Gather → Concat gives Reshape its
// sizes, symbolic ones included. ONNX's own data propagation functions do the work, called backwards from the value asked
// for, so that nothing is kept between two calls.
#pragma once

#include <onnx/defs/shape_inference.h>

#include <map>
#include <optional>

#include "onnx/schema.hpp"

namespace fairlead::onnx_room {

// The value of an ONNX Constant node, from whichever of its attributes holds it; empty for strings and sparse tensors.
std::optional<Tensor> ConstantOf(const Node& node);

class ShapeData {
 public:
  ShapeData(const Graph& graph, int opset, const ConstantLookup& constants)
      : graph_(graph), opset_(opset), constants_(constants) {}

  // The elements of a 0-d or 1-d integer value as dimensions, unknown ones empty; null when nothing is known. Looks at a
  // bounded number of producers. The answer lives as long as this object.
  const onnx::TensorShapeProto* Find(ValueId value) { return Find(value, 0); }

 private:
  class Propagation;
  const onnx::TensorShapeProto* Find(ValueId value, int depth);
  std::optional<onnx::TensorShapeProto> Compute(ValueId value, int depth);
  std::optional<onnx::TensorShapeProto> FromProducer(ValueId value, int depth);

  const Graph& graph_;
  int opset_;
  const ConstantLookup& constants_;
  std::map<ValueId, std::optional<onnx::TensorShapeProto>> known_;
};

}  // namespace fairlead::onnx_room
