#include "onnx/from_proto.hpp"

namespace fairlead::onnx_room {
namespace {

Dim ReadDim(const onnx::TensorShapeProto_Dimension& proto) {
  if (proto.has_dim_value()) return proto.dim_value() >= 0 ? Dim(proto.dim_value()) : Dim();
  return proto.dim_param().empty() ? Dim() : Dim(proto.dim_param());
}

Type ReadTensorType(const onnx::TypeProto_Tensor& proto) {
  Type type(static_cast<DType>(proto.elem_type()), std::nullopt);
  if (BitWidth(type.dtype) == 0 && type.dtype != DType::kString) type.dtype = DType::kUndefined;
  if (!proto.has_shape()) return type;
  type.dims.emplace();
  type.dims->reserve(static_cast<std::size_t>(proto.shape().dim_size()));
  for (const auto& dim : proto.shape().dim()) type.dims->push_back(ReadDim(dim));
  return type;
}

}  // namespace

Type ReadType(const onnx::TypeProto& proto) {
  if (proto.has_tensor_type()) return ReadTensorType(proto.tensor_type());
  if (!proto.has_sequence_type() || !proto.sequence_type().elem_type().has_tensor_type()) return {};
  Type type = ReadTensorType(proto.sequence_type().elem_type().tensor_type());
  type.kind = Type::Kind::kSequence;
  return type;
}

}  // namespace fairlead::onnx_room
