#include "serialize/serializer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <unordered_set>

#include "onnx/model_io.hpp"
#include "onnx/schema.hpp"
#include "serialize/output_file.hpp"
#include "serialize/weight_plan.hpp"

namespace fairlead {
namespace fs = std::filesystem;
using onnx_room::EncodedModel;
using onnx_room::ModelHeader;

namespace {

constexpr uint64_t kProtobufLimit = INT32_MAX;  // no reader takes a larger message

ModelHeader HeaderOf(const Model& model) {
  const auto opset = model.opset_imports.find("");
  const int version = opset == model.opset_imports.end() ? onnx_room::kOldestOpset : opset->second;
  return {.ir_version = onnx_room::IrVersion(model.graph, version),
          .opset_imports = model.opset_imports,
          .metadata = model.metadata,
          .producer_name = "fairlead",
          .producer_version = FAIRLEAD_VERSION,
          .doc = {}};
}

// Weights as plain inputs, after the model's own. The default of a state input is dropped.
Graph WithWeightsAsInputs(const Graph& graph) {
  Graph weightless = graph;
  const std::unordered_set<ValueId> present(graph.inputs().begin(), graph.inputs().end());
  for (const Initializer& initializer : graph.initializers()) {
    if (present.contains(initializer.value)) continue;
    weightless.value(initializer.value).type = initializer.tensor.type();
    weightless.mutable_inputs().push_back(initializer.value);
  }
  weightless.mutable_initializers().clear();
  return weightless;
}

struct Encoded {
  WeightPlan plan;
  EncodedModel model;
};

Result<Encoded> Encode(const ModelHeader& header, const Graph& graph, WeightPolicy policy, const fs::path& output) {
  FL_ASSIGN_OR_RETURN(WeightPlan plan, PlanWeights(graph, policy, output));
  FL_ASSIGN_OR_RETURN(EncodedModel model, onnx_room::EncodeModel(header, graph, [&](const Initializer& initializer) {
                        return plan.Of(initializer);
                      }));
  return Encoded{std::move(plan), std::move(model)};
}

// Goes outside where a model with embedded weights would be too large for protobuf.
Result<Encoded> EncodeWithinLimits(const ModelHeader& header, const Graph& graph, const SerializeOptions& options,
                                   Diagnostics& diagnostics) {
  FL_ASSIGN_OR_RETURN(Encoded encoded, Encode(header, graph, options.weights, options.output));
  const uint64_t size = encoded.model.total_size;
  if (size <= kProtobufLimit) return encoded;
  if (options.weights == WeightPolicy::kEmbed) {
    FL_ASSIGN_OR_RETURN(encoded, Encode(header, graph, WeightPolicy::kExternal, options.output));
    if (encoded.model.total_size <= kProtobufLimit) {
      diagnostics.Report({.rule = "FL6007",
                          .message = fmt::format(
                              "the model with its weights has {} bytes, an ONNX file can hold {}; the weights are in {}",
                              size, kProtobufLimit, encoded.plan.data_file),
                          .locations = {},
                          .hint = {},
                          .level = Level::kNote,
                          .plugin = {}});
      return encoded;
    }
  }
  return Error("FL6007", "the model has {} bytes without its weights, an ONNX file can hold {}", encoded.model.total_size,
               kProtobufLimit);
}

Status WriteModelFile(const Encoded& encoded, const Graph& graph, const fs::path& path, const SerializeOptions& options,
                      uint64_t* bytes) {
  FL_ASSIGN_OR_RETURN(OutputFile file, OutputFile::Create(path, options.interrupted));
  const EncodedModel& model = encoded.model;
  for (std::size_t i = 0; i < model.pieces.size(); ++i) {
    FL_RETURN_IF_ERROR(file.Write(model.pieces[i]));
    if (i < model.streamed.size()) FL_RETURN_IF_ERROR(file.WriteTensor(*graph.FindInitializer(model.streamed[i])));
  }
  FL_CHECK(file.size() == model.total_size, "a weight has the size its type says");
  *bytes += file.size();
  return file.Close();
}

Status WriteDataFile(const WeightPlan& plan, const Graph& graph, const fs::path& path, const SerializeOptions& options,
                     uint64_t* bytes) {
  FL_ASSIGN_OR_RETURN(OutputFile file, OutputFile::Create(path, options.interrupted));
  for (const ValueId value : plan.external) {
    FL_RETURN_IF_ERROR(file.WriteZeros(plan.placements.at(value).offset - file.size()));
    FL_RETURN_IF_ERROR(file.WriteTensor(*graph.FindInitializer(value)));
  }
  *bytes += file.size();
  return file.Close();
}

// The last guard of the user's program, whoever asks for the writing.
Status CheckProgramStays(const Model& model, const Encoded& encoded, const fs::path& output) {
  if (model.program == nullptr) return Ok();
  std::vector<fs::path> written = {output};
  if (!encoded.plan.data_file.empty()) written.push_back(DataFileOf(output));
  for (const fs::path& path : written) {
    if (!model.program->IsAt(path)) continue;
    return Error("FL6015", "{} cannot be written: it is the program that the model was made of", path.string())
        .WithHint("Give the model another name.");
  }
  return Ok();
}

Result<WrittenFiles> WriteFiles(const Encoded& encoded, const Graph& graph, const SerializeOptions& options) {
  const fs::path folder = options.output.parent_path();
  const std::string name = options.output.filename().string();
  FL_RETURN_IF_ERROR(CheckInterruption(options.interrupted));  // who ends the process may not wait for a folder to go
  FL_ASSIGN_OR_RETURN(Staging staging, Staging::Open(folder));
  WrittenFiles written = {.model = options.output, .data = {}, .bytes = 0};
  std::vector<std::string> names;
  if (!encoded.plan.data_file.empty()) {
    FL_RETURN_IF_ERROR(
        WriteDataFile(encoded.plan, graph, staging.folder() / encoded.plan.data_file, options, &written.bytes));
    names.push_back(encoded.plan.data_file);
    written.data.push_back(folder / encoded.plan.data_file);
  }
  names.push_back(name);  // last: a model is there only when its data is
  FL_RETURN_IF_ERROR(WriteModelFile(encoded, graph, staging.folder() / name, options, &written.bytes));
  if (options.check) {
    // Referenced weights stand where the model will be, written ones still beside it.
    const bool referenced = options.weights == WeightPolicy::kReference;
    const fs::path destination = folder.empty() ? fs::path(".") : folder;
    FL_RETURN_IF_ERROR(onnx_room::CheckFile(staging.folder() / name, referenced ? destination : staging.folder()));
  }
  FL_RETURN_IF_ERROR(CheckInterruption(options.interrupted));
  FL_RETURN_IF_ERROR(staging.Publish(names));
  return written;
}

}  // namespace

fs::path DataFileOf(const fs::path& output) { return fs::path(output) += ".data"; }

Result<WrittenFiles> WriteModel(const Model& model, const SerializeOptions& options, Diagnostics& diagnostics) {
  if (!options.output.has_filename()) return Error("FL6015", "{} is not the name of a file", options.output.string());
  const ModelHeader header = HeaderOf(model);
  std::optional<Graph> weightless;
  if (options.weights == WeightPolicy::kNone) weightless = WithWeightsAsInputs(model.graph);
  const Graph& graph = weightless ? *weightless : model.graph;
  FL_ASSIGN_OR_RETURN(const Encoded encoded, EncodeWithinLimits(header, graph, options, diagnostics));
  FL_RETURN_IF_ERROR(CheckProgramStays(model, encoded, options.output));
  if (options.check) FL_RETURN_IF_ERROR(onnx_room::CheckModel(header, graph));
  return WriteFiles(encoded, graph, options);
}

}  // namespace fairlead
