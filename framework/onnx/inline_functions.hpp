// Model-local functions, written out where they are called.
#pragma once

#include <onnx/onnx_pb.h>

#include "base/status.hpp"

namespace fairlead::onnx_room {

// FL1001 when a function cannot be written out, or functions call themselves or would become more than a million
// nodes.
Status InlineFunctions(onnx::ModelProto* model);

}  // namespace fairlead::onnx_room
