// An ONNX file as a message without its bulk: what tensors hold stays in the mapped file.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/status.hpp"

namespace fairlead::onnx_room {

// In `model`, raw_data of every tensor holds the number of its bytes in `blobs`, whatever its size.
struct SlimModel {
  onnx::ModelProto model;
  std::vector<std::span<const std::byte>> blobs;
  std::set<std::string> locations;  // of external data, as the tensors have them

  // The bytes of a tensor's raw_data; empty where it has none.
  std::span<const std::byte> RawData(const onnx::TensorProto& tensor) const;
};

// FL1001 when `file` is no ModelProto with a graph: truncated, lengths that lie, nested too deep. `file` must outlive the
// answer.
Result<SlimModel> ReadSlimModel(std::span<const std::byte> file);

}  // namespace fairlead::onnx_room
