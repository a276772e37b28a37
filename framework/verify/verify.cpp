#include "verify/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "ir/verifier.hpp"
#include "onnx/schema.hpp"

namespace fairlead {
namespace {

// Walks a model's graphs, the nested ones with the node that holds them, and collects what is wrong.
class ModelVerifier {
 public:
  ModelVerifier(const Model& model, Diagnostics& diagnostics) : model_(model), diagnostics_(diagnostics) {
    const auto opset = model.opset_imports.find("");
    opset_ = opset == model.opset_imports.end() ? 0 : opset->second;
  }

  Status Verify() {
    FL_RETURN_IF_ERROR(VerifyGraph(model_.graph));
    if (opset_ < onnx_room::kOldestOpset || opset_ > onnx_room::kNewestOpset)
      Fail(fmt::format("the model imports opset {}, {} to {} are written", opset_, onnx_room::kOldestOpset,
                       onnx_room::kNewestOpset),
           {});
    CheckGraph(model_.graph);
    ReportUnknownRanks();
    return std::move(first_);
  }

 private:
  void CheckGraph(const Graph& graph) {
    for (const ValueId input : graph.inputs()) CheckValue(graph, input, {});
    for (const Initializer& initializer : graph.initializers())
      if (std::ranges::find(graph.inputs(), initializer.value) == graph.inputs().end())
        CheckName(graph, initializer.value, {});
    for (const NodeId id : graph.order()) {
      const Node& node = graph.node(id);
      const Location location = LocationOf(graph.source(node.source), node.name);
      CheckNode(graph, node, location);
      for (const ValueId output : node.outputs)
        if (output != kNoValue) CheckValue(graph, output, location);
      ForEachSubgraph(node, [&](const Graph& nested) { CheckGraph(nested); });
    }
  }

  void CheckNode(const Graph& graph, const Node& node, const Location& location) {
    if (!node.op.IsOnnx()) return Fail(fmt::format("{} was not lowered", ToString(node.op)), location);
    const bool imported = model_.opset_imports.contains(node.op.domain == "ai.onnx" ? "" : node.op.domain);
    if (!imported)
      Fail(fmt::format("{} is of domain {}, which the model does not import", ToString(node.op), node.op.domain), location);
    if (const auto why = onnx_room::WhyIllegal(graph, node, opset_, opset_)) Fail(*why, location);
  }

  void CheckValue(const Graph& graph, ValueId value, const Location& location) {
    CheckName(graph, value, location);
    const Type& type = graph.value(value).type;
    const bool ranked =
        type.IsTensor() ? type.dims.has_value() : type.IsSymbolicNumber() || type.kind == Type::Kind::kSequence;
    if (ranked && (type.IsSymbolicNumber() || type.dtype != DType::kUndefined)) return;
    ++unranked_;
    if (unranked_ <= kNamed) unranked_names_ += (unranked_ == 1 ? "" : ", ") + graph.value(value).name;
    if (unranked_places_.size() < kPlaces) unranked_places_.push_back(location);
  }

  void CheckName(const Graph& graph, ValueId value, const Location& location) {
    const std::string& name = graph.value(value).name;
    if (name.empty()) return Fail(fmt::format("value {} of graph {} has no name", value, graph.name()), location);
    if (!names_.insert(name).second) Fail(fmt::format("two values are called {}", name), location);
  }

  void ReportUnknownRanks() {
    if (unranked_ == 0) return;
    diagnostics_.Report({.rule = "FL4009",
                         .message = fmt::format("{} {} no known type or rank: {}{}", unranked_,
                                                unranked_ == 1 ? "value has" : "values have", unranked_names_,
                                                unranked_ > kNamed ? ", …" : ""),
                         .locations = std::move(unranked_places_),
                         .hint = {},
                         .level = Level::kNone,
                         .plugin = {}});
  }

  void Fail(std::string message, const Location& location) {
    if (first_.ok()) first_ = Error("FL7012", "{}", message);
    diagnostics_.Report({.rule = "FL7012",
                         .message = std::move(message),
                         .locations = {location},
                         .hint = {},
                         .level = Level::kNone,
                         .plugin = {}});
  }

  static constexpr std::size_t kNamed = 10, kPlaces = 100;
  const Model& model_;
  Diagnostics& diagnostics_;
  int opset_ = 0;
  Status first_;
  std::unordered_set<std::string> names_;
  std::size_t unranked_ = 0;
  std::string unranked_names_;
  std::vector<Location> unranked_places_;
};

}  // namespace

Status VerifyModel(const Model& model, Diagnostics& diagnostics) { return ModelVerifier(model, diagnostics).Verify(); }

}  // namespace fairlead
