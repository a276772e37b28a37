#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "onnx/model_io.hpp"
#include "onnx/schema.hpp"
#include "onnx/testing/judge.hpp"
#include "onnx/testing/random_graph.hpp"

namespace fairlead::onnx_room {
namespace {

using testing::HasSubstr;
using testing_onnx::Folder;
using testing_onnx::JudgedValid;
using testing_onnx::RandomGraph;
using testing_onnx::WriteBytes;

ModelHeader HeaderFor(const Graph& graph, int opset = 20) {
  return {.ir_version = IrVersion(graph, opset),
          .opset_imports = {{"", opset}},
          .metadata = {{"b", "2"}, {"a", "1"}},
          .producer_name = "fairlead",
          .producer_version = "0.1.0",
          .doc = "a test"};
}

Placement Inline(const Initializer&) { return {}; }

std::string Encode(const Graph& graph, const std::function<Placement(const Initializer&)>& placement = Inline) {
  auto encoded = EncodeModel(HeaderFor(graph), graph, placement);
  EXPECT_TRUE(encoded.ok()) << encoded.error().message;
  std::string file;
  for (std::size_t i = 0; i < encoded->pieces.size(); ++i) {
    file += encoded->pieces[i];
    if (i == encoded->streamed.size()) break;
    const Tensor dense = graph.FindInitializer(encoded->streamed[i])->Dense();
    file.append(reinterpret_cast<const char*>(dense.bytes().data()), dense.bytes().size());
  }
  EXPECT_EQ(file.size(), encoded->total_size);
  return file;
}

void WriteWeights(const Graph& graph, const std::filesystem::path& folder) {
  for (const Initializer& initializer : graph.initializers()) {
    const Tensor dense = initializer.tensor.Dense();
    WriteBytes(folder / graph.value(initializer.value).name,
               {reinterpret_cast<const char*>(dense.bytes().data()), dense.bytes().size()});
  }
}

TEST(EncodeModel, WritesRandomGraphsThatONNXAccepts) {
  const Folder folder;
  for (uint32_t seed = 0; seed < 40; ++seed) {
    const Graph graph = RandomGraph(seed);
    const std::string stem = "m" + std::to_string(seed);
    WriteBytes(folder.path() / (stem + ".onnx"), Encode(graph));
    WriteWeights(graph, folder.path() / (stem + ".weights"));
    EXPECT_TRUE(CheckModel(HeaderFor(graph), graph).ok()) << CheckModel(HeaderFor(graph), graph).error().message;
    const Status checked = CheckFile(folder.path() / (stem + ".onnx"));
    EXPECT_TRUE(checked.ok()) << checked.error().message;
  }
  EXPECT_TRUE(JudgedValid(folder.path()));
}

TEST(EncodeModel, GivesTheSameBytesStreamedOrInlineAndTwice) {
  const Graph graph = RandomGraph(7);
  const std::string once = Encode(graph);
  EXPECT_EQ(once, Encode(RandomGraph(7)));
  EXPECT_EQ(once, Encode(graph, [](const Initializer&) { return Placement{Placement::Kind::kStreamed, {}, 0, 0}; }));
  EXPECT_NE(once, Encode(RandomGraph(8)));
}

TEST(EncodeModel, PlacesInitializersInAnotherFile) {
  const Folder folder;
  const Graph graph = RandomGraph(3);
  std::string data(100, '\0');
  const auto place = [&](const Initializer& initializer) {
    // ONNX's inference must read axes; it does not open other files.
    if (initializer.tensor.dtype() == DType::kInt64) return Placement{};
    const Tensor dense = initializer.tensor.Dense();
    const Placement placement = {Placement::Kind::kExternal, "weights.bin", data.size(), dense.bytes().size()};
    data.append(reinterpret_cast<const char*>(dense.bytes().data()), dense.bytes().size());
    return placement;
  };
  WriteBytes(folder.path() / "m.onnx", Encode(graph, place));
  WriteBytes(folder.path() / "weights.bin", data);
  WriteWeights(graph, folder.path() / "m.weights");
  EXPECT_TRUE(JudgedValid(folder.path()));
  EXPECT_TRUE(CheckFile(folder.path() / "m.onnx").ok());
}

// A buffer that the model changes: an input whose default is the weight.
TEST(EncodeModel, WritesAnInputThatHasADefault) {
  const Folder folder;
  Graph graph;
  const ValueId state = graph.AddInput("state", Type(DType::kInt64, Dims{2}));
  graph.mutable_initializers().push_back({state, Tensor::Ints(std::vector<int64_t>{1, 2})});
  const NodeId next = graph.AddNode({.op = {"", "Neg", ""}, .inputs = {state}}, 1);
  graph.value(graph.node(next).outputs[0]).type = Type(DType::kInt64, Dims{2});
  graph.AddOutput(graph.node(next).outputs[0]);
  NameValues(graph);
  WriteBytes(folder.path() / "m.onnx", Encode(graph));
  WriteWeights(graph, folder.path() / "m.weights");
  EXPECT_TRUE(JudgedValid(folder.path()));
  EXPECT_TRUE(CheckModel(HeaderFor(graph), graph).ok());
}

TEST(EncodeModel, RefusesWhatONNXCannotSay) {
  Graph graph;
  const ValueId x = graph.AddInput("x", Type(DType::kFloat, Dims{2}));
  const NodeId relu = graph.AddNode({.op = {"aten", "relu", "default"}, .inputs = {x}}, 1);
  graph.AddOutput(graph.node(relu).outputs[0]);
  const auto error = [&] { return EncodeModel(HeaderFor(graph), graph, Inline).error(); };
  EXPECT_EQ(error().rule, "FL7012");
  EXPECT_THAT(error().message, HasSubstr("aten::relu.default is not an ONNX operator"));
  graph.node(relu).op = {"", "Relu", ""};
  EXPECT_THAT(error().message, HasSubstr("has no name"));
  NameValues(graph);
  graph.node(relu).Set("device", Device{"cpu"});
  EXPECT_THAT(error().message, HasSubstr("attribute device has no ONNX form"));
  graph.node(relu).Remove("device");
  graph.AddInitializer("w", Tensor::Absent(DType::kFloat, {2}));
  EXPECT_EQ(error().rule, "FL1009");
}

TEST(EncodeModel, RefusesGraphsThatNestWithoutEnd) {
  auto inner = std::make_shared<Graph>("innermost");
  for (int i = 0; i < 100; ++i) {
    auto outer = std::make_shared<Graph>("outer");
    outer->AddNode({.op = {"", "If", ""}, .attributes = {{"then_branch", inner}}}, 0);
    inner = outer;
  }
  EXPECT_THAT(EncodeModel(HeaderFor(*inner), *inner, Inline).error().message, HasSubstr("nest too deep"));
}

TEST(CheckModel, ReportsTheNodeAndTheTextOfTheChecker) {
  Graph graph;
  const ValueId x = graph.AddInput("x", Type(DType::kFloat, Dims{2, 3}));
  const NodeId product = graph.AddNode({.op = {"", "MatMul", ""}, .inputs = {x, x}, .name = "scores"}, 1);
  graph.value(graph.node(product).outputs[0]).type = Type(DType::kFloat, Dims{2, 3});
  graph.AddOutput(graph.node(product).outputs[0]);
  NameValues(graph);
  const Status status = CheckModel(HeaderFor(graph), graph);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().rule, "FL7004");
  EXPECT_THAT(status.error().message, HasSubstr("scores"));
  EXPECT_THAT(status.error().message, HasSubstr("Incompatible dimensions"));
}

TEST(CheckModel, SeesATypeThatTheGraphRecordsWrongly) {
  Graph graph;
  const ValueId x = graph.AddInput("x", Type(DType::kFloat, Dims{2, 3}));
  const NodeId relu = graph.AddNode({.op = {"", "Relu", ""}, .inputs = {x}}, 1);
  graph.value(graph.node(relu).outputs[0]).type = Type(DType::kFloat, Dims{2, 4});
  graph.AddOutput(graph.node(relu).outputs[0]);
  NameValues(graph);
  EXPECT_THAT(CheckModel(HeaderFor(graph), graph).error().message, HasSubstr("differ in dimension 1: (3) vs (4)"));
}

TEST(CheckModel, LetsOperatorsOfOtherDomainsPassAndWantsTheirImport) {
  Graph graph;
  const ValueId x = graph.AddInput("x", Type(DType::kFloat, Dims{2, 3}));
  const NodeId custom = graph.AddNode({.op = {"com.acme", "Foo", ""}, .inputs = {x}}, 1);
  const NodeId relu = graph.AddNode({.op = {"", "Relu", ""}, .inputs = {graph.node(custom).outputs[0]}}, 1);
  for (const NodeId id : {custom, relu}) graph.value(graph.node(id).outputs[0]).type = Type(DType::kFloat, Dims{5});
  graph.AddOutput(graph.node(relu).outputs[0]);
  NameValues(graph);
  ModelHeader header = HeaderFor(graph);
  EXPECT_THAT(CheckModel(header, graph).error().message, HasSubstr("No opset import for domain 'com.acme'"));
  header.opset_imports["com.acme"] = 1;
  const Status status = CheckModel(header, graph);
  EXPECT_TRUE(status.ok()) << status.error().message;
}

TEST(CheckModel, NeverTouchesLargeWeights) {
  Graph graph;
  const ValueId x = graph.AddInput("x", Type(DType::kFloat, Dims{2, 3}));
  const ValueId w = graph.AddInitializer("w", Tensor::Absent(DType::kFloat, {3, int64_t{1} << 40}));
  const NodeId product = graph.AddNode({.op = {"", "MatMul", ""}, .inputs = {x, w}}, 1);
  graph.value(graph.node(product).outputs[0]).type = Type(DType::kFloat, Dims{2, int64_t{1} << 40});
  graph.AddOutput(graph.node(product).outputs[0]);
  NameValues(graph);
  const Status status = CheckModel(HeaderFor(graph), graph);
  EXPECT_TRUE(status.ok()) << status.error().message;
}

TEST(CheckFile, RefusesEveryTruncation) {
  const Folder folder;
  const std::string file = Encode(RandomGraph(1));
  for (std::size_t size = 0; size < file.size(); size += file.size() / 50 + 1) {
    WriteBytes(folder.path() / "m.onnx", std::string_view(file).substr(0, size));
    EXPECT_FALSE(CheckFile(folder.path() / "m.onnx").ok()) << size;
  }
}

TEST(CheckFile, RefusesExternalDataThatIsNotThere) {
  const Folder folder;
  const Graph graph = RandomGraph(3);
  WriteBytes(folder.path() / "m.onnx", Encode(graph, [](const Initializer& initializer) {
               return Placement{Placement::Kind::kExternal, "weights.bin", 0, initializer.tensor.dense_size()};
             }));
  EXPECT_EQ(CheckFile(folder.path() / "m.onnx").error().rule, "FL6009");
  WriteBytes(folder.path() / "weights.bin", "short");
  EXPECT_EQ(CheckFile(folder.path() / "m.onnx").error().rule, "FL6009");
}

}  // namespace
}  // namespace fairlead::onnx_room
