// Our Model ↔ ONNX's bytes, and ONNX's checker. protobuf and ONNX's classes stay inside this room.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/status.hpp"
#include "ir/graph.hpp"

namespace fairlead::onnx_room {

// The parts of a ModelProto beside the graph.
struct ModelHeader {
  int ir_version = 0;
  std::map<std::string, int> opset_imports;
  std::map<std::string, std::string> metadata;
  std::string producer_name, producer_version;
  std::string doc;
};

// Where the bytes of one initializer go. `kInline`: into the proto's raw_data; `kStreamed`: raw_data too, but its bytes are
// not in memory: the caller writes them at the offset reported in EncodedModel; `kExternal`: external_data entries.
struct Placement {
  enum class Kind : uint8_t { kInline, kStreamed, kExternal };
  Kind kind = Kind::kInline;
  std::string location;  // kExternal: file name relative to the model
  uint64_t offset = 0, length = 0;
};

// The serialized ModelProto as pieces: `pieces[i]`, then the dense bytes of `streamed[i]`, and so on; one piece more than
// streamed tensors. Deterministic: the same graph gives the same bytes.
struct EncodedModel {
  std::vector<std::string> pieces;
  std::vector<ValueId> streamed;  // initializers in the order they stand in the file
  uint64_t total_size = 0;        // of pieces and streamed bytes
};
// `placement` is asked once for each initializer of the main graph; those of nested graphs are inline. Values must be named
// (NameValues). Types of all values are written as value_info.
Result<EncodedModel> EncodeModel(const ModelHeader& header, const Graph& graph,
                                 const std::function<Placement(const Initializer&)>& placement);

// ONNX's full check (structure, types, strict shape inference) of the graph with its large initializers replaced by typed
// inputs; FL7004 with the node's name and the checker's text. In memory; weights are not touched.
Status CheckModel(const ModelHeader& header, const Graph& graph);
// The checker on a file by path, and the places of its external data: they are looked for beside the file, or in
// `data_folder` where one is given. Weights are not read. FL7004, FL6008, FL6009.
Status CheckFile(const std::filesystem::path& path, const std::filesystem::path& data_folder = {});

// Reads any ONNX model, ours or not. Initializers are views into the mapped file; external data is mapped too, and must lie
// inside the model's folder (FL6008, FL6009). FL1001 when it is not an ONNX model.
struct DecodedModel {
  ModelHeader header;
  Graph graph;
};
Result<DecodedModel> DecodeModel(const std::filesystem::path& path);

// The files that the tensors of an ONNX model say their bytes are in, whether or not they are there. FL1001 when it is not
// an ONNX model.
Result<std::vector<std::filesystem::path>> ExternalDataFiles(const std::filesystem::path& model);

}  // namespace fairlead::onnx_room
