#include <onnx/onnx_pb.h>

#include "onnx/graph_to_proto.hpp"
#include "onnx/model_io.hpp"
#include "onnx/wire.hpp"

namespace fairlead::onnx_room {
namespace {

using Pieces = EncodedModel;

std::string& Last(Pieces& to) { return to.pieces.back(); }

void PutExternal(std::string& out, const Placement& placement) {
  const std::pair<std::string_view, std::string> entries[] = {{"location", placement.location},
                                                              {"offset", std::to_string(placement.offset)},
                                                              {"length", std::to_string(placement.length)}};
  for (const auto& [key, value] : entries) {
    onnx::StringStringEntryProto entry;
    entry.set_key(std::string(key));
    entry.set_value(value);
    PutMessage(out, onnx::TensorProto::kExternalDataFieldNumber, entry);
  }
  PutNumber(out, onnx::TensorProto::kDataLocationFieldNumber, onnx::TensorProto::EXTERNAL);
}

// A TensorProto as a field of GraphProto.
Status PutInitializer(const Scope& scope, const Initializer& initializer, const Placement& placement, Pieces& to) {
  onnx::TensorProto head;
  FL_RETURN_IF_ERROR(WriteInitializerHead(scope, initializer, &head));
  const Tensor& tensor = initializer.tensor;
  if (tensor.IsAbsent() && placement.kind != Placement::Kind::kExternal)
    return Error("FL1009", "weight {} has no data", head.name());
  std::string message = head.SerializeAsString();
  const uint64_t size = tensor.dense_size();
  if (placement.kind == Placement::Kind::kExternal) {
    PutExternal(message, placement);
    PutBytes(Last(to), onnx::GraphProto::kInitializerFieldNumber, message);
    return Ok();
  }
  PutLengthHeader(message, onnx::TensorProto::kRawDataFieldNumber, size);
  PutLengthHeader(Last(to), onnx::GraphProto::kInitializerFieldNumber, message.size() + size);
  Last(to) += message;
  if (placement.kind == Placement::Kind::kStreamed) {
    to.streamed.push_back(initializer.value);
    to.pieces.emplace_back();
    to.total_size += size;
    return Ok();
  }
  const Tensor dense = tensor.Dense();
  Last(to).append(reinterpret_cast<const char*>(dense.bytes().data()), dense.bytes().size());
  return Ok();
}

Status PutValues(const Scope& scope, const std::vector<ValueId>& values, int field, Pieces& to) {
  for (const ValueId value : values) {
    onnx::ValueInfoProto proto;
    FL_RETURN_IF_ERROR(WriteValueInfo(scope, value, &proto));
    PutMessage(Last(to), field, proto);
  }
  return Ok();
}

Result<Pieces> EncodeGraph(const Graph& graph, const std::function<Placement(const Initializer&)>& placement) {
  const Scope scope(graph);
  const GraphWriter writer;
  Pieces to;
  to.pieces.emplace_back();
  for (const NodeId node : graph.order()) {
    onnx::NodeProto proto;
    FL_RETURN_IF_ERROR(writer.WriteNode(scope, graph.node(node), &proto));
    PutMessage(Last(to), onnx::GraphProto::kNodeFieldNumber, proto);
  }
  PutBytes(Last(to), onnx::GraphProto::kNameFieldNumber, graph.name());
  for (const Initializer& initializer : graph.initializers())
    FL_RETURN_IF_ERROR(PutInitializer(scope, initializer, placement(initializer), to));
  FL_RETURN_IF_ERROR(PutValues(scope, graph.inputs(), onnx::GraphProto::kInputFieldNumber, to));
  FL_RETURN_IF_ERROR(PutValues(scope, graph.outputs(), onnx::GraphProto::kOutputFieldNumber, to));
  FL_RETURN_IF_ERROR(PutValues(scope, InnerValues(graph), onnx::GraphProto::kValueInfoFieldNumber, to));
  for (const std::string& piece : to.pieces) to.total_size += piece.size();
  return to;
}

}  // namespace

Result<EncodedModel> EncodeModel(const ModelHeader& header, const Graph& graph,
                                 const std::function<Placement(const Initializer&)>& placement) {
  FL_ASSIGN_OR_RETURN(EncodedModel model, EncodeGraph(graph, placement));
  std::string front;
  PutNumber(front, onnx::ModelProto::kIrVersionFieldNumber, static_cast<uint64_t>(header.ir_version));
  if (!header.producer_name.empty()) PutBytes(front, onnx::ModelProto::kProducerNameFieldNumber, header.producer_name);
  if (!header.producer_version.empty())
    PutBytes(front, onnx::ModelProto::kProducerVersionFieldNumber, header.producer_version);
  if (!header.doc.empty()) PutBytes(front, onnx::ModelProto::kDocStringFieldNumber, header.doc);
  PutLengthHeader(front, onnx::ModelProto::kGraphFieldNumber, model.total_size);
  std::string back;
  for (const auto& [domain, version] : header.opset_imports) {
    onnx::OperatorSetIdProto import;
    import.set_domain(domain);
    import.set_version(version);
    PutMessage(back, onnx::ModelProto::kOpsetImportFieldNumber, import);
  }
  for (const auto& [key, value] : header.metadata) {
    onnx::StringStringEntryProto entry;
    entry.set_key(key);
    entry.set_value(value);
    PutMessage(back, onnx::ModelProto::kMetadataPropsFieldNumber, entry);
  }
  model.pieces.front().insert(0, front);
  model.pieces.back() += back;
  model.total_size += front.size() + back.size();
  return model;
}

}  // namespace fairlead::onnx_room
