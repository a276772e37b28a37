#include <onnx/checker.h>
#include <onnx/shape_inference/implementation.h>

#include <exception>
#include <unordered_set>

#include "base/mapped_file.hpp"
#include "onnx/external_data.hpp"
#include "onnx/graph_to_proto.hpp"
#include "onnx/model_io.hpp"
#include "onnx/schema_registry.hpp"
#include "onnx/slim.hpp"
#include "onnx/to_proto.hpp"

namespace fairlead::onnx_room {
namespace {

// Larger initializers are checked by type alone. Inference reads smaller ones (shapes, axes, scales).
constexpr uint64_t kInlineLimit = 64 << 10;

// onnx::checker::check_model with full_check, over the schemas of this room.
Status RunChecker(onnx::ModelProto& model, const std::filesystem::path& folder) {
  if (model.ir_version() < 3 || model.ir_version() > onnx::Version::IR_VERSION)
    return Error("FL7004", "the model has IR version {}, ONNX knows 3 to {}", model.ir_version(),
                 static_cast<int>(onnx::Version::IR_VERSION));
  std::unordered_map<std::string, int> imports;
  for (const auto& import : model.opset_import()) imports[import.domain()] = static_cast<int>(import.version());
  if (imports.empty()) return Error("FL7004", "the model imports no opset");
  try {
    onnx::checker::CheckerContext context;
    context.set_ir_version(static_cast<int>(model.ir_version()));
    context.set_opset_imports(std::move(imports));
    context.set_schema_registry(&LazyRegistry());
    context.set_model_dir(folder.string());
    const onnx::checker::LexicalScopeContext scope;
    onnx::checker::check_graph(model.graph(), context, scope);
    if (model.functions_size() > 0) onnx::checker::check_model_local_functions(model, context, scope);
    onnx::shape_inference::InferShapes(model, &LazyRegistry(), onnx::ShapeInferenceOptions(true, 1, false));
  } catch (const std::exception& error) {
    return Error("FL7004", "{}", error.what());
  }
  return Ok();
}

// Gives a graph inputs in place of initializers that were left out.
class StandIns {
 public:
  void Add(std::string_view name, const Type& type) {
    onnx::ValueInfoProto& input = inputs_.emplace_back();
    input.set_name(std::string(name));
    WriteType(type, input.mutable_type());
  }
  void AddTo(onnx::GraphProto* graph) const {
    std::unordered_set<std::string> present;  // an initializer may be the default of an input
    for (const auto& input : graph->input()) present.insert(input.name());
    for (const onnx::ValueInfoProto& input : inputs_)
      if (present.insert(input.name()).second) *graph->add_input() = input;
  }

 private:
  std::vector<onnx::ValueInfoProto> inputs_;
};

// Puts the bytes of small tensors back where they belong and takes large initializers out, wherever graphs nest.
class FileTensors {
 public:
  FileTensors(const SlimModel& slim, const std::filesystem::path& folder) : slim_(slim), external_(folder) {}

  Status Restore(onnx::ModelProto* model) {
    FL_RETURN_IF_ERROR(RestoreGraph(model->mutable_graph()));
    for (onnx::FunctionProto& function : *model->mutable_functions())
      for (onnx::NodeProto& node : *function.mutable_node()) FL_RETURN_IF_ERROR(RestoreNode(&node));
    stand_ins_.AddTo(model->mutable_graph());
    return Ok();
  }

 private:
  Status RestoreGraph(onnx::GraphProto* graph) {
    for (onnx::NodeProto& node : *graph->mutable_node()) FL_RETURN_IF_ERROR(RestoreNode(&node));
    google::protobuf::RepeatedPtrField<onnx::TensorProto> kept;
    for (onnx::TensorProto& tensor : *graph->mutable_initializer()) {
      FL_ASSIGN_OR_RETURN(const bool keep, RestoreInitializer(&tensor));
      if (keep) kept.Add(std::move(tensor));
    }
    graph->mutable_initializer()->Swap(&kept);
    for (onnx::SparseTensorProto& sparse : *graph->mutable_sparse_initializer()) RestoreSparse(&sparse);
    return Ok();
  }

  Status RestoreNode(onnx::NodeProto* node) {
    for (onnx::AttributeProto& attribute : *node->mutable_attribute()) {
      if (attribute.has_t()) RestoreTensor(attribute.mutable_t());
      for (onnx::TensorProto& tensor : *attribute.mutable_tensors()) RestoreTensor(&tensor);
      if (attribute.has_sparse_tensor()) RestoreSparse(attribute.mutable_sparse_tensor());
      for (onnx::SparseTensorProto& sparse : *attribute.mutable_sparse_tensors()) RestoreSparse(&sparse);
      if (attribute.has_g()) FL_RETURN_IF_ERROR(RestoreGraph(attribute.mutable_g()));
      for (onnx::GraphProto& nested : *attribute.mutable_graphs()) FL_RETURN_IF_ERROR(RestoreGraph(&nested));
    }
    return Ok();
  }

  void RestoreSparse(onnx::SparseTensorProto* sparse) const {
    RestoreTensor(sparse->mutable_values());
    RestoreTensor(sparse->mutable_indices());
  }
  void RestoreTensor(onnx::TensorProto* tensor) const {
    if (!tensor->has_raw_data()) return;
    const std::span<const std::byte> bytes = slim_.RawData(*tensor);
    tensor->set_raw_data(bytes.data(), bytes.size());
  }

  // Answers whether it stays an initializer.
  Result<bool> RestoreInitializer(onnx::TensorProto* tensor) {
    const std::size_t size = tensor->has_raw_data() ? slim_.RawData(*tensor).size() : 0;
    if (!IsExternal(*tensor) && size <= kInlineLimit) {
      RestoreTensor(tensor);
      return true;
    }
    const Type type(static_cast<DType>(tensor->data_type()), Dims(tensor->dims().begin(), tensor->dims().end()));
    const std::optional<int64_t> count = type.ElementCount();
    const std::optional<uint64_t> needed = count ? ByteSize(type.dtype, static_cast<uint64_t>(*count)) : std::nullopt;
    if (!needed || BitWidth(type.dtype) == 0)
      return Error("FL7004", "initializer {} of type {} has no size", tensor->name(), ToString(type));
    if (IsExternal(*tensor)) {
      FL_ASSIGN_OR_RETURN(const FileRange range, external_.Find(*tensor, *needed));
    } else if (*needed != size) {
      return Error("FL7004", "initializer {} of type {} needs {} bytes, the file has {}", tensor->name(), ToString(type),
                   *needed, size);
    }
    stand_ins_.Add(tensor->name(), type);
    return false;
  }

  const SlimModel& slim_;
  ExternalFiles external_;
  StandIns stand_ins_;
};

}  // namespace

Status CheckModel(const ModelHeader& header, const Graph& graph) {
  onnx::ModelProto model;
  model.set_ir_version(header.ir_version);
  for (const auto& [domain, version] : header.opset_imports) {
    auto* const import = model.add_opset_import();
    import->set_domain(domain);
    import->set_version(version);
  }
  StandIns stand_ins;
  const GraphWriter writer = {kInlineLimit, [&](std::string_view name, const Initializer& initializer) {
                                stand_ins.Add(name, initializer.tensor.type());
                              }};
  FL_RETURN_IF_ERROR(writer.WriteGraph(Scope(graph), model.mutable_graph()));
  stand_ins.AddTo(model.mutable_graph());
  return RunChecker(model, {});
}

Status CheckFile(const std::filesystem::path& path, const std::filesystem::path& data_folder) {
  FL_ASSIGN_OR_RETURN(const std::shared_ptr<const MappedFile> file, MappedFile::Open(path));
  auto slim = ReadSlimModel(file->bytes());
  if (!slim.ok()) return Error("FL7004", "{}: {}", path.string(), slim.error().message);
  onnx::ModelProto model = slim->model;
  const std::filesystem::path folder = data_folder.empty() ? path.parent_path() : data_folder;
  FL_RETURN_IF_ERROR(FileTensors(*slim, folder).Restore(&model));
  return RunChecker(model, folder);
}

}  // namespace fairlead::onnx_room
