#include <unordered_map>

#include "onnx/from_proto.hpp"
#include "onnx/inline_functions.hpp"
#include "onnx/model_io.hpp"
#include "onnx/schema_registry.hpp"
#include "onnx/slim.hpp"
#include "onnx/tensor_from_proto.hpp"

namespace fairlead::onnx_room {
namespace {

using onnx::AttributeProto;

// The names of one graph's values, and of the graphs around it.
struct Names {
  Graph& graph;
  Names* outer = nullptr;
  std::unordered_map<std::string, ValueId> ids = {};

  // A value of an outer graph is captured by every graph between. kNoValue when nothing has the name.
  ValueId Find(const std::string& name) {
    if (const auto found = ids.find(name); found != ids.end()) return found->second;
    const ValueId theirs = outer == nullptr ? kNoValue : outer->Find(name);
    if (theirs == kNoValue) return kNoValue;
    return ids[name] = graph.AddCapture(theirs, outer->graph.value(theirs).type, name);
  }
};

class Decoder {
 public:
  explicit Decoder(TensorReader& tensors) : tensors_(tensors) {}

  Status DecodeGraph(const onnx::GraphProto& proto, Names& names) {
    std::unordered_map<std::string, Type> types;
    for (const auto& value : proto.value_info()) types[value.name()] = ReadType(value.type());
    for (const auto& output : proto.output()) types[output.name()] = ReadType(output.type());
    for (const auto& input : proto.input())
      FL_RETURN_IF_ERROR(Define(names, input.name(), names.graph.AddInput(input.name(), ReadType(input.type()))));
    if (proto.sparse_initializer_size() > 0)
      return Error("FL1001", "graph {} has sparse initializers, which are not supported", proto.name());
    for (const onnx::TensorProto& initializer : proto.initializer())
      FL_RETURN_IF_ERROR(DecodeInitializer(initializer, names));
    for (const onnx::NodeProto& node : proto.node()) FL_RETURN_IF_ERROR(DecodeNode(node, types, names));
    for (const auto& output : proto.output()) {
      const ValueId value = names.Find(output.name());
      if (value == kNoValue) return Error("FL1001", "nothing computes output {} of graph {}", output.name(), proto.name());
      names.graph.AddOutput(value);
    }
    return Ok();
  }

 private:
  static Status Define(Names& names, const std::string& name, ValueId value) {
    if (name.empty()) return Error("FL1001", "a value of graph {} has no name", names.graph.name());
    if (names.ids.emplace(name, value).second) return Ok();
    return Error("FL1001", "two values of graph {} are called {}", names.graph.name(), name);
  }

  Status DecodeInitializer(const onnx::TensorProto& proto, Names& names) {
    FL_ASSIGN_OR_RETURN(Tensor tensor, tensors_.Read(proto));
    const auto input = names.ids.find(proto.name());
    if (input == names.ids.end())
      return Define(names, proto.name(), names.graph.AddInitializer(proto.name(), std::move(tensor)));
    if (names.graph.FindInitializer(input->second) != nullptr)
      return Error("FL1001", "two initializers are called {}", proto.name());
    names.graph.mutable_initializers().push_back({input->second, std::move(tensor)});  // the default of an input
    return Ok();
  }

  Status DecodeNode(const onnx::NodeProto& proto, const std::unordered_map<std::string, Type>& types, Names& names) {
    Node node = {.op = {IsOnnxDomain(proto.domain()) ? "" : proto.domain(), proto.op_type(), ""}};
    node.name = proto.name();
    for (const std::string& input : proto.input()) {
      const ValueId value = input.empty() ? kNoValue : names.Find(input);
      if (!input.empty() && value == kNoValue)
        return Error("FL1001", "{} reads {}, which nothing before it computes", Describe(proto), input);
      node.inputs.push_back(value);
    }
    for (const AttributeProto& attribute : proto.attribute()) {
      if (node.Find(attribute.name()) != nullptr)
        return Error("FL1001", "{} has attribute {} twice", Describe(proto), attribute.name());
      FL_ASSIGN_OR_RETURN(AttributeValue value, DecodeAttribute(attribute, proto, names));
      node.attributes.push_back({attribute.name(), std::move(value)});
    }
    for (const std::string& output : proto.output()) {
      if (output.empty()) {
        node.outputs.push_back(kNoValue);
        continue;
      }
      const auto type = types.find(output);
      node.outputs.push_back(names.graph.AddValue(type == types.end() ? Type() : type->second, output));
      FL_RETURN_IF_ERROR(Define(names, output, node.outputs.back()));
    }
    const NodeId id = names.graph.AddNode(std::move(node), 0);
    for (uint32_t i = 0; const ValueId output : names.graph.node(id).outputs) {
      if (output != kNoValue) names.graph.value(output).producer = id, names.graph.value(output).output = i;
      ++i;
    }
    return Ok();
  }

  Result<AttributeValue> DecodeAttribute(const AttributeProto& proto, const onnx::NodeProto& node, Names& names) {
    const auto unsupported = [&](std::string_view what) {
      return Error("FL1001", "attribute {} of {} holds {}, which is not supported", proto.name(), Describe(node), what);
    };
    switch (proto.type()) {
      case AttributeProto::FLOAT: return AttributeValue(static_cast<double>(proto.f()));
      case AttributeProto::INT: return AttributeValue(int64_t{proto.i()});
      case AttributeProto::STRING: return AttributeValue(proto.s());
      case AttributeProto::FLOATS: return AttributeValue(std::vector<double>(proto.floats().begin(), proto.floats().end()));
      case AttributeProto::INTS: return AttributeValue(std::vector<int64_t>(proto.ints().begin(), proto.ints().end()));
      case AttributeProto::STRINGS:
        return AttributeValue(std::vector<std::string>(proto.strings().begin(), proto.strings().end()));
      case AttributeProto::TENSOR: {
        FL_ASSIGN_OR_RETURN(Tensor tensor, tensors_.Read(proto.t()));
        return AttributeValue(std::move(tensor));
      }
      case AttributeProto::TENSORS: {
        std::vector<Tensor> tensors;
        for (const onnx::TensorProto& each : proto.tensors()) {
          FL_ASSIGN_OR_RETURN(Tensor tensor, tensors_.Read(each));
          tensors.push_back(std::move(tensor));
        }
        return AttributeValue(std::move(tensors));
      }
      case AttributeProto::GRAPH: {
        FL_ASSIGN_OR_RETURN(GraphPtr graph, DecodeNested(proto.g(), names));
        return AttributeValue(std::move(graph));
      }
      case AttributeProto::GRAPHS: {
        std::vector<GraphPtr> graphs;
        for (const onnx::GraphProto& each : proto.graphs()) {
          FL_ASSIGN_OR_RETURN(GraphPtr graph, DecodeNested(each, names));
          graphs.push_back(std::move(graph));
        }
        return AttributeValue(std::move(graphs));
      }
      case AttributeProto::SPARSE_TENSOR:
      case AttributeProto::SPARSE_TENSORS: return unsupported("a sparse tensor");
      case AttributeProto::TYPE_PROTO:
      case AttributeProto::TYPE_PROTOS: return unsupported("a type");
      case AttributeProto::UNDEFINED: break;
    }
    return Error("FL1001", "attribute {} of {} does not say what it is", proto.name(), Describe(node));
  }

  // How deep graphs nest is bounded by what protobuf reads.
  Result<GraphPtr> DecodeNested(const onnx::GraphProto& proto, Names& outer) {
    auto graph = std::make_shared<Graph>(proto.name());
    Names names = {*graph, &outer};
    FL_RETURN_IF_ERROR(DecodeGraph(proto, names));
    return graph;
  }

  static std::string Describe(const onnx::NodeProto& node) {
    return node.name().empty() ? node.op_type() : fmt::format("{} ({})", node.op_type(), node.name());
  }

  TensorReader& tensors_;
};

Result<ModelHeader> ReadHeader(const onnx::ModelProto& proto) {
  ModelHeader header;
  if (proto.ir_version() < 1 || proto.ir_version() > INT16_MAX)
    return Error("FL1001", "its IR version is {}", proto.ir_version());
  header.ir_version = static_cast<int>(proto.ir_version());
  for (const auto& import : proto.opset_import()) {
    if (import.version() < 1 || import.version() > INT16_MAX)
      return Error("FL1001", "it imports opset {} of domain \"{}\"", import.version(), import.domain());
    header.opset_imports[IsOnnxDomain(import.domain()) ? "" : import.domain()] = static_cast<int>(import.version());
  }
  if (header.opset_imports.empty() && header.ir_version < 3) header.opset_imports[""] = 1;  // there was no other
  for (const auto& entry : proto.metadata_props()) header.metadata[entry.key()] = entry.value();
  header.producer_name = proto.producer_name();
  header.producer_version = proto.producer_version();
  header.doc = proto.doc_string();
  return header;
}

Result<DecodedModel> Decode(const std::shared_ptr<const MappedFile>& file) {
  FL_ASSIGN_OR_RETURN(SlimModel slim, ReadSlimModel(file->bytes()));
  FL_ASSIGN_OR_RETURN(ModelHeader header, ReadHeader(slim.model));
  FL_RETURN_IF_ERROR(InlineFunctions(&slim.model));
  TensorReader tensors(file, slim);
  DecodedModel model = {std::move(header), Graph(slim.model.graph().name())};
  Names names = {model.graph};
  FL_RETURN_IF_ERROR(Decoder(tensors).DecodeGraph(slim.model.graph(), names));
  return model;
}

}  // namespace

Result<DecodedModel> DecodeModel(const std::filesystem::path& path) {
  FL_ASSIGN_OR_RETURN(const std::shared_ptr<const MappedFile> file, MappedFile::Open(path));
  Result<DecodedModel> model = Decode(file);
  if (model.ok()) return model;
  ErrorInfo error = model.error();
  error.message = fmt::format("{}: {}", path.string(), error.message);
  return Status(std::move(error));
}

Result<std::vector<std::filesystem::path>> ExternalDataFiles(const std::filesystem::path& model) {
  FL_ASSIGN_OR_RETURN(const std::shared_ptr<const MappedFile> file, MappedFile::Open(model));
  FL_ASSIGN_OR_RETURN(const SlimModel slim, ReadSlimModel(file->bytes()));
  std::vector<std::filesystem::path> files;
  for (const std::string& location : slim.locations) files.push_back(model.parent_path() / location);
  return files;
}

}  // namespace fairlead::onnx_room
