// ONNX's protobuf types as ours.
#pragma once

#include <onnx/onnx_pb.h>

#include "ir/type.hpp"

namespace fairlead::onnx_room {

// kUnknown for types without a form of ours (optional, map, sparse, sequences of sequences) and for an unset one.
Type ReadType(const onnx::TypeProto& proto);

}  // namespace fairlead::onnx_room
