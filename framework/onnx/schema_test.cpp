#include "onnx/schema.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "onnx/schema_registry.hpp"

namespace fairlead::onnx_room {
namespace {

using testing::HasSubstr;

const Type kFloats(DType::kFloat, Dims{2, 3});

NodeId Add(Graph& graph, Node node, const std::vector<Type>& outputs) {
  const NodeId id = graph.AddNode(std::move(node), outputs.size());
  for (std::size_t i = 0; i < outputs.size(); ++i) graph.value(graph.node(id).outputs[i]).type = outputs[i];
  return id;
}

std::string Why(const Graph& graph, NodeId node, int authored, int target) {
  return WhyIllegal(graph, graph.node(node), authored, target).value_or("legal");
}

TEST(SinceVersion, IsThatOfTheSchemaInForce) {
  EXPECT_EQ(SinceVersion("", "Add", 20), 14);
  EXPECT_EQ(SinceVersion("", "Cast", 18), 13);
  EXPECT_EQ(SinceVersion("ai.onnx", "Cast", 19), 19);
  EXPECT_EQ(SinceVersion("", "Attention", 22), 0);
  EXPECT_EQ(SinceVersion("", "NoSuchOperator", 20), 0);
  EXPECT_EQ(SinceVersion("com.acme", "Add", 20), 0);
}

TEST(SinceVersion, CountsDeprecatedOperatorsAsNone) {
  EXPECT_EQ(SinceVersion("", "GroupNormalization", 20), 0);
  EXPECT_EQ(SinceVersion("", "GroupNormalization", 21), 21);
  EXPECT_EQ(SinceVersion("", "Upsample", 18), 0);
}

TEST(SchemaRegistry, BuildsEverySchemaOfTheTableAsONNXDefinesIt) {
  int seen = 0;
  for (const onnx::OpSchema& theirs : onnx::OpSchemaRegistry::get_all_schemas_with_history()) {
    const Schema* const ours = FindSchema(theirs.domain(), theirs.Name(), theirs.SinceVersion());
    ASSERT_NE(ours, nullptr) << theirs.Name();
    EXPECT_EQ(ours->definition->SinceVersion(), theirs.SinceVersion()) << theirs.Name();
    EXPECT_EQ(ours->definition->deprecated(), theirs.deprecated()) << theirs.Name();
    EXPECT_EQ(ours->definition->attributes().size(), theirs.attributes().size()) << theirs.Name();
    EXPECT_EQ(ours->definition->max_input(), theirs.max_input()) << theirs.Name();
    ++seen;
  }
  EXPECT_GT(seen, 600);
}

TEST(WhyIllegal, NamesTheOpsetThatAnOperatorNeeds) {
  Graph graph;
  const ValueId x = graph.AddInput("x", kFloats);
  const NodeId gelu = Add(graph, {.op = {"", "Gelu", ""}, .inputs = {x}}, {kFloats});
  EXPECT_EQ(Why(graph, gelu, 20, 18), "Gelu exists since opset 20, the target is 18");
  EXPECT_EQ(Why(graph, gelu, 20, 20), "legal");
  EXPECT_EQ(Why(graph, gelu, 20, 26), "legal");
  const NodeId nonsense = Add(graph, {.op = {"", "Nonsense", ""}, .inputs = {x}}, {kFloats});
  EXPECT_EQ(Why(graph, nonsense, 20, 20), "ONNX has no operator Nonsense");
  const NodeId upsample = Add(graph, {.op = {"", "Upsample", ""}, .inputs = {x, x}}, {kFloats});
  EXPECT_EQ(Why(graph, upsample, 20, 20), "Upsample is deprecated since opset 10, the target is 20");
}

TEST(WhyIllegal, ChecksAttributesAgainstTheTargetSchema) {
  Graph graph;
  const ValueId x = graph.AddInput("x", kFloats);
  Node cast = {.op = {"", "Cast", ""}, .inputs = {x}};
  cast.Set("to", int64_t{7});
  cast.Set("round_mode", std::string("up"));
  const NodeId id = Add(graph, cast, {Type(DType::kInt64, Dims{2, 3})});
  EXPECT_EQ(Why(graph, id, 24, 24), "legal");
  EXPECT_EQ(Why(graph, id, 24, 20), "Cast of opset 20 has no attribute round_mode");
  graph.node(id).Remove("round_mode");
  EXPECT_EQ(Why(graph, id, 24, 20), "legal");
  graph.node(id).Set("to", 7.0);
  EXPECT_EQ(Why(graph, id, 20, 20), "attribute to of Cast is of kind INT at opset 20, the node has FLOAT");
  graph.node(id).Remove("to");
  EXPECT_EQ(Why(graph, id, 20, 20), "attribute to of Cast is required at opset 20");
}

TEST(WhyIllegal, ChecksInputsAgainstTheTargetSchema) {
  Graph graph;
  const ValueId x = graph.AddInput("x", kFloats);
  const ValueId i = graph.AddInput("i", Type(DType::kInt64, Dims{2, 3}));
  const auto why = [&](std::vector<ValueId> inputs, const char* op) {
    return Why(graph, Add(graph, {.op = {"", op, ""}, .inputs = std::move(inputs)}, {kFloats}), 20, 20);
  };
  EXPECT_EQ(why({x, x}, "Add"), "legal");
  EXPECT_EQ(why({x}, "Add"), "Add of opset 20 takes 2 to 2 inputs, the node has 1");
  EXPECT_EQ(why({x, kNoValue}, "Add"), "Add of opset 20 takes 2 to 2 inputs, the node has 1");
  EXPECT_EQ(why({kNoValue, x}, "Add"), "input A of Add is required at opset 20");
  EXPECT_EQ(why({x, i}, "Add"), "input B of Add is int64[2,3], which is not the type of A");
  EXPECT_EQ(why({x, kNoValue, x}, "Clip"), "legal");
  EXPECT_EQ(why({i}, "Sin"), "input input of Sin cannot be int64[2,3] at opset 20");
}

TEST(WhyIllegal, AcceptsATypeOnlyFromTheOpsetThatHasIt) {
  Graph graph;
  const Type half(DType::kBFloat16, Dims{2, 3});
  const ValueId x = graph.AddInput("x", half);
  const NodeId sin = Add(graph, {.op = {"", "Sin", ""}, .inputs = {x}}, {half});
  EXPECT_THAT(Why(graph, sin, 22, 20), HasSubstr("cannot be bfloat16[2,3] at opset 20"));
  EXPECT_EQ(Why(graph, sin, 22, 22), "legal");
}

TEST(WhyIllegal, RefusesWhatChangedItsMeaningInBothDirections) {
  Graph graph;
  const Type image(DType::kFloat, Dims{1, 4, 5, 5});
  const ValueId x = graph.AddInput("x", image);
  const ValueId scale = graph.AddInput("scale", Type(DType::kFloat, Dims{4}));
  Node norm = {.op = {"", "GroupNormalization", ""}, .inputs = {x, scale, scale}};
  norm.Set("num_groups", int64_t{2});
  const NodeId id = Add(graph, norm, {image});
  EXPECT_EQ(Why(graph, id, 21, 26), "legal");
  EXPECT_THAT(Why(graph, id, 18, 21), HasSubstr("changed at opset 21 (scale and bias are per channel"));
  EXPECT_EQ(Why(graph, id, 21, 20), "GroupNormalization exists since opset 21, the target is 20");
}

TEST(WhyIllegal, KnowsThatABreakTouchesOnlyNodesThatUseWhatChanged) {
  Graph graph;
  const Type image(DType::kFloat, Dims{1, 4, 5, 5});
  const ValueId x = graph.AddInput("x", image);
  Node pool = {.op = {"", "AveragePool", ""}, .inputs = {x}};
  pool.Set("kernel_shape", std::vector<int64_t>{2, 2});
  const NodeId id = Add(graph, pool, {image});
  EXPECT_EQ(Why(graph, id, 26, 18), "legal");
  graph.node(id).Set("ceil_mode", int64_t{1});
  EXPECT_THAT(Why(graph, id, 26, 18), HasSubstr("ceil_mode is computed differently"));
  EXPECT_EQ(Why(graph, id, 26, 20), "legal");
}

TEST(WhyIllegal, UsesTheGeneratedTableOfSchemaBreaks) {
  Graph graph;
  const Type signal(DType::kFloat, Dims{1, 8, 1});
  const ValueId x = graph.AddInput("x", signal);
  const NodeId dft = Add(graph, {.op = {"", "DFT", ""}, .inputs = {x}}, {Type(DType::kFloat, Dims{1, 8, 2})});
  EXPECT_THAT(Why(graph, dft, 20, 18), HasSubstr("DFT changed at opset 20 (attribute axis was removed)"));
  EXPECT_EQ(Why(graph, dft, 20, 26), "legal");
}

TEST(WhyIllegal, SaysNothingAboutOtherDomains) {
  Graph graph;
  const ValueId x = graph.AddInput("x", kFloats);
  EXPECT_EQ(Why(graph, Add(graph, {.op = {"com.acme", "Foo", ""}, .inputs = {x}}, {kFloats}), 20, 20), "legal");
  EXPECT_EQ(Why(graph, Add(graph, {.op = {"aten", "relu", "default"}, .inputs = {x}}, {kFloats}), 20, 20),
            "aten::relu.default is not an ONNX operator");
}

TEST(FirstOpset, IsTheFirstAtWhichOnnxsOwnSchemasTakeTheType) {
  for (int number = 1; number <= static_cast<int>(DType::kInt2); ++number) {
    const auto dtype = static_cast<DType>(number);
    if (dtype == DType::kString || IsComplex(dtype)) continue;  // Cast takes no complex number, and strings since 9
    int first = 1;
    while (first <= kNewestOpset && (FindSchema("", "Cast", first)->outputs[0].tensors & uint64_t{1} << number) == 0)
      ++first;
    EXPECT_EQ(FirstOpset(dtype), first) << Name(dtype);
    for (const int opset : {18, 19, 20, 21, 22, 23, 24, 25, 26})
      for (const char* const op : {"Constant", "Identity", "Cast"}) {
        const bool takes = (FindSchema("", op, opset)->outputs[0].tensors & uint64_t{1} << number) != 0;
        EXPECT_EQ(takes, FirstOpset(dtype) <= opset) << op << " " << Name(dtype) << " " << opset;
      }
  }
}

TEST(FindRefusedType, SaysWhichOpsetTakesAYoungType) {
  Graph graph;
  const Type bytes(DType::kFloat8E4M3FN, Dims{2, 3});
  const ValueId x = graph.AddInput("x", bytes), y = graph.AddInput("y", kFloats);
  const auto refused = [&](const char* op, ValueId input, int target) {
    const auto type = FindRefusedType(graph, {.op = {"", op, ""}, .inputs = {input}}, target);
    return type ? fmt::format("{} {}", Name(type->dtype), type->since) : "none";
  };
  EXPECT_EQ(refused("Transpose", x, 18), "float8e4m3fn 21");
  EXPECT_EQ(refused("Transpose", x, 20), "float8e4m3fn 21");
  EXPECT_EQ(refused("Transpose", x, 21), "none");
  EXPECT_EQ(refused("Concat", x, 20), "float8e4m3fn 0");
  EXPECT_EQ(refused("Not", y, 20), "none");  // a float is as old as ONNX: who gives one to Not is to blame
}

// The table of ONNX's docs/Versioning.md and the release notes of the types.
TEST(IrVersion, IsTheLowestThatOpsetAndTypesAllow) {
  Graph graph;
  graph.AddInput("x", kFloats);
  const std::vector<std::pair<int, int>> expected = {{18, 8},  {19, 9},  {20, 9},  {21, 10},
                                                     {22, 10}, {23, 11}, {24, 12}, {26, 13}};
  for (const auto& [opset, version] : expected) EXPECT_EQ(IrVersion(graph, opset), version) << opset;
  graph.AddInput("q", Type(DType::kFloat4E2M1, Dims{2}));
  EXPECT_EQ(IrVersion(graph, 18), 11);
}

}  // namespace
}  // namespace fairlead::onnx_room
