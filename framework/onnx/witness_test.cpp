// Per-node inference and legality against ONNX's own whole-model inference, on the models of ONNX's own tests.
#include <gtest/gtest.h>
#include <onnx/shape_inference/implementation.h>

#include <algorithm>

#include "onnx/from_proto.hpp"
#include "onnx/inline_functions.hpp"
#include "onnx/model_io.hpp"
#include "onnx/schema.hpp"
#include "onnx/schema_registry.hpp"
#include "onnx/testing/judge.hpp"

namespace fairlead::onnx_room {
namespace {

namespace fs = std::filesystem;

struct Constants : ConstantLookup {
  explicit Constants(const Graph& graph) : graph(graph) {}
  const Tensor* Find(ValueId value) const override {
    if (const Tensor* const initializer = graph.FindInitializer(value)) return initializer;
    const NodeId producer = graph.value(value).producer;
    if (producer == kNoNode || graph.node(producer).op != OpName{"", "Constant", ""}) return nullptr;
    const Attribute* const held = graph.node(producer).Find("value");
    return held == nullptr ? nullptr : std::get_if<Tensor>(&held->value);
  }
  const Graph& graph;
};

// Forgets the types of all results and finds them again, node by node.
void Retype(Graph& graph, int opset) {
  for (const NodeId id : graph.order())
    for (const ValueId output : graph.node(id).outputs)
      if (output != kNoValue) graph.value(output).type = Type();
  for (const Initializer& initializer : graph.initializers())
    graph.value(initializer.value).type = initializer.tensor.type();
  for (const NodeId id : graph.order()) {
    ForEachSubgraph(graph.node(id), [&](Graph& nested) {
      for (const Capture& capture : nested.captures()) nested.value(capture.inner).type = graph.value(capture.outer).type;
      Retype(nested, opset);
    });
    const auto types = InferTypes(graph, graph.node(id), opset, Constants(graph));
    ASSERT_TRUE(types.ok()) << types.error().message;
    for (std::size_t i = 0; i < types->size(); ++i)
      if (graph.node(id).outputs[i] != kNoValue) graph.value(graph.node(id).outputs[i]).type = (*types)[i];
  }
}

// A body of Loop or Scan whose inputs are typed only by the node around it. Ours are typed before.
bool HasUntypedBody(const Graph& graph) {
  bool untyped = false;
  for (const NodeId id : graph.order())
    ForEachSubgraph(graph.node(id), [&](const Graph& nested) {
      for (const ValueId input : nested.inputs()) untyped |= nested.value(input).type.rank() < 0;
      untyped |= HasUntypedBody(nested);
    });
  return untyped;
}

// ONNX's types of all values of the main graph, nothing but inputs and initializers given; empty where it refuses.
std::map<std::string, Type> TypesByONNX(const fs::path& path) {
  onnx::ModelProto model;
  EXPECT_TRUE(model.ParseFromString(testing_onnx::ReadBytes(path)));
  EXPECT_TRUE(InlineFunctions(&model).ok());
  model.mutable_graph()->clear_value_info();
  for (auto& output : *model.mutable_graph()->mutable_output()) output.clear_type();
  try {
    onnx::shape_inference::DataValueMap shapes;
    onnx::shape_inference::InferShapes(model, &LazyRegistry(), onnx::ShapeInferenceOptions(true, 1, true), &shapes);
  } catch (const std::exception&) {
    return {};
  }
  std::map<std::string, Type> types;
  for (const auto& value : model.graph().value_info()) types[value.name()] = ReadType(value.type());
  return types;
}

bool HoldsGraph(const Node& node) {
  bool holds = false;
  ForEachSubgraph(node, [&](const Graph&) { holds = true; });
  return holds;
}

// Types of optionals have no form of ours.
bool ReadsOptional(const Graph& graph, const Node& node) {
  return node.op.type.starts_with("Optional") && !node.inputs.empty() && node.inputs[0] != kNoValue &&
         graph.value(node.inputs[0]).type.kind == Type::Kind::kUnknown;
}

bool IsMade(const Dim& dim) { return dim.expression().starts_with("unk__"); }

// True when `ours` says everything that `theirs` says.
bool Covers(const Type& ours, const Type& theirs) {
  if (theirs.kind == Type::Kind::kUnknown) return true;
  if (ours.kind != theirs.kind || ours.dtype != theirs.dtype) return false;
  if (!theirs.dims) return true;
  if (!ours.dims || ours.dims->size() != theirs.dims->size()) return false;
  return std::ranges::equal(*ours.dims, *theirs.dims,
                            [](const Dim& a, const Dim& b) { return b.IsUnknown() || IsMade(b) || a == b; });
}

class Witness : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = new testing_onnx::Folder;
    ASSERT_TRUE(testing_onnx::Succeeds("onnx_corpus.py", "make " + folder_->path().string()));
  }
  static void TearDownTestSuite() { delete folder_; }
  // Models that are read; others are refused for reasons that decode_test looks at.
  template <class Visit> static void ForEachModel(const Visit& visit) {
    for (const auto& entry : fs::directory_iterator(folder_->path()))
      if (auto decoded = DecodeModel(entry.path()); decoded.ok()) visit(entry.path(), *decoded);
  }
  static testing_onnx::Folder* folder_;
};
testing_onnx::Folder* Witness::folder_ = nullptr;

TEST_F(Witness, InfersNodeByNodeWhatONNXInfersOfTheWholeModel) {
  int values = 0;
  ForEachModel([&](const fs::path& path, DecodedModel& model) {
    std::map<std::string, Type> theirs = TypesByONNX(path);
    if (theirs.empty() || HasUntypedBody(model.graph)) return;
    SCOPED_TRACE(path.filename());
    Retype(model.graph, model.header.opset_imports[""]);
    for (const NodeId id : model.graph.order())
      for (const ValueId output : model.graph.node(id).outputs) {
        if (output == kNoValue) continue;
        const Value& value = model.graph.value(output);
        const auto expected = theirs.find(value.name);
        if (expected == theirs.end() || ReadsOptional(model.graph, model.graph.node(id))) continue;
        // Bodies are typed by their declared inputs here, by the node's inputs there.
        if (HoldsGraph(model.graph.node(id))) expected->second.dims.reset();
        ++values;
        EXPECT_TRUE(Covers(value.type, expected->second))
            << ToString(model.graph.node(id).op) << ": " << ToString(value.type) << ", ONNX says "
            << ToString(expected->second);
      }
  });
  EXPECT_GT(values, 2000);
}

TEST_F(Witness, FindsEveryNodeOfONNXsModelsLegal) {
  int nodes = 0;
  ForEachModel([&](const fs::path& path, const DecodedModel& model) {
    const auto opset = model.header.opset_imports.find("");
    if (opset == model.header.opset_imports.end()) return;
    for (const NodeId id : model.graph.order()) {
      const auto why = WhyIllegal(model.graph, model.graph.node(id), opset->second, opset->second);
      EXPECT_FALSE(why.has_value()) << path.filename() << ": " << why.value_or("");
      ++nodes;
    }
  });
  EXPECT_GT(nodes, 2000);
}

}  // namespace
}  // namespace fairlead::onnx_room
