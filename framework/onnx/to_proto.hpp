// Our types, tensors, attributes and nodes as ONNX's protobuf messages. Only small things pass through here: the bytes of
// large tensors never enter a message.
#pragma once

#include <onnx/onnx_pb.h>

#include <functional>
#include <string>

#include "base/status.hpp"
#include "ir/graph.hpp"

namespace fairlead::onnx_room {

// False when ONNX has no such type (unknown, none); `proto` is then empty. A symbolic number is a 0-d tensor.
bool WriteType(const Type& type, onnx::TypeProto* proto);
void WriteShape(const Dims& dims, onnx::TensorShapeProto* proto);

// Type and dims, and the bytes when they are present and at most `limit`.
void WriteTensor(const Tensor& tensor, uint64_t limit, onnx::TensorProto* proto);

// ONNX's kind of an attribute value; UNDEFINED for ATen's kinds (a scalar type, a device, a reference to a value).
onnx::AttributeProto::AttributeType KindOf(const AttributeValue& value);

// Everything but graphs, which are left empty with their type set. False when the value has no ONNX form.
bool WriteAttribute(const Attribute& attribute, uint64_t tensor_limit, onnx::AttributeProto* proto);

// Inputs or outputs without the absent ones at the end, which ONNX does not write.
std::span<const ValueId> WithoutTrailingAbsent(std::span<const ValueId> values);

}  // namespace fairlead::onnx_room
