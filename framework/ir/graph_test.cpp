#include "ir/graph.hpp"

#include <gtest/gtest.h>

namespace fairlead {
namespace {

const Type kFloat23(DType::kFloat, Dims{2, 3});

TEST(Graph, TruncateToForgetsEverythingAddedAfterTheMark) {
  Graph graph;
  const ValueId x = graph.AddInput("x", kFloat23);
  const auto mark = graph.Mark();
  graph.AddNode({.op = {"", "Relu", ""}, .inputs = {x}}, 1);
  graph.AddInitializer("w", Tensor::Scalar(DType::kFloat, 1.0F));
  const SourceId source = graph.AddSource({"a", "A", ""});
  graph.TruncateTo(mark);
  EXPECT_EQ(graph.node_count(), 0U);
  EXPECT_EQ(graph.value_count(), 1U);
  EXPECT_TRUE(graph.order().empty());
  EXPECT_TRUE(graph.initializers().empty());
  EXPECT_EQ(graph.AddSource({"b", "B", ""}), source);
}

TEST(Graph, ReplaceValuesFollowsChainsAndReachesCapturesAndOutputs) {
  Graph graph;
  const ValueId a = graph.AddInput("a", kFloat23), b = graph.AddInput("b", kFloat23), c = graph.AddInput("c", kFloat23);
  auto nested = std::make_shared<Graph>("then");
  nested->AddOutput(nested->AddCapture(a, kFloat23));
  const NodeId branch = graph.AddNode({.op = {"", "If", ""}, .inputs = {a}, .attributes = {{"then_branch", nested}}}, 1);
  graph.AddOutput(a);
  std::vector<ValueId> replacement(graph.value_count(), kNoValue);
  replacement[a] = b;
  replacement[b] = c;
  ReplaceValues(graph, replacement);
  EXPECT_EQ(graph.node(branch).inputs[0], c);
  EXPECT_EQ(nested->captures()[0].outer, c);
  EXPECT_EQ(graph.outputs()[0], c);
}

TEST(Graph, CountUsesCountsCapturesOfNestedGraphs) {
  Graph graph;
  const ValueId a = graph.AddInput("a", kFloat23);
  auto nested = std::make_shared<Graph>("then");
  nested->AddOutput(nested->AddCapture(a, kFloat23));
  graph.AddNode({.op = {"", "If", ""}, .inputs = {}, .attributes = {{"then_branch", nested}}}, 1);
  EXPECT_EQ(CountUses(graph)[a], 1U);
}

TEST(Graph, NameValuesIsUniqueOverNestedGraphsAndCapturesReadTheOuterName) {
  Graph graph;
  const ValueId a = graph.AddInput("x", kFloat23);
  auto nested = std::make_shared<Graph>("then");
  const ValueId inner = nested->AddCapture(a, kFloat23, "y");
  const NodeId relu = nested->AddNode({.op = {"", "Relu", ""}, .inputs = {inner}}, 1);
  nested->value(nested->node(relu).outputs[0]).name = "x";
  nested->AddOutput(nested->node(relu).outputs[0]);
  const NodeId branch = graph.AddNode({.op = {"", "If", ""}, .inputs = {a}, .attributes = {{"then_branch", nested}}}, 1);
  graph.value(graph.node(branch).outputs[0]).name = "x";
  graph.AddOutput(graph.node(branch).outputs[0]);
  NameValues(graph);
  EXPECT_EQ(graph.value(a).name, "x");
  EXPECT_EQ(nested->value(inner).name, "x");
  EXPECT_EQ(graph.value(graph.outputs()[0]).name, "x_1");
  EXPECT_EQ(nested->value(nested->outputs()[0]).name, "x_2");
}

TEST(Tensor, DenseFollowsTheStridesOfATransposedView) {
  const std::vector<float> data = {1, 2, 3, 4, 5, 6};
  const Tensor transposed =
      Tensor::View(DType::kFloat, {3, 2}, {1, 3}, std::as_bytes(std::span(data)), nullptr, std::nullopt);
  EXPECT_EQ(transposed.Dense().AsDoubles(), (std::vector<double>{1, 4, 2, 5, 3, 6}));
}

TEST(Tensor, DenseRepeatsAnExpandedAxis) {
  const std::vector<int64_t> data = {7, 8};
  const Tensor expanded = Tensor::View(DType::kInt64, {2, 2, 2}, {0, 1, 0}, std::as_bytes(std::span(data)), nullptr, {});
  EXPECT_EQ(expanded.Dense().AsInts(), (std::vector<int64_t>{7, 7, 8, 8, 7, 7, 8, 8}));
}

TEST(Tensor, HalfAndBFloat16ReadAsTheirExactValues) {
  const std::vector<uint16_t> half = {0x3c00, 0xc000, 0x0001, 0x7bff};
  const auto bytes = std::as_bytes(std::span(half));
  EXPECT_EQ(Tensor::Owned(DType::kFloat16, {4}, {bytes.begin(), bytes.end()}).AsDoubles(),
            (std::vector<double>{1, -2, 0x1p-24, 65504}));
  EXPECT_EQ(Tensor::Owned(DType::kBFloat16, {4}, {bytes.begin(), bytes.end()}).AsDoubles()->at(1), -2);
}

TEST(Type, ElementCountIsEmptyForAnOverflowAndZeroForAnEmptyTensor) {
  EXPECT_EQ(Type(DType::kFloat, Dims{INT64_MAX, 2}).ElementCount(), std::nullopt);
  EXPECT_EQ(Type(DType::kFloat, Dims{INT64_MAX, 2, 0}).ElementCount(), 0);
  EXPECT_EQ(Type(DType::kFloat, Dims{2, Dim("n")}).ElementCount(), std::nullopt);
}

TEST(Type, PrintsDimsAndSymbols) {
  EXPECT_EQ(ToString(Type(DType::kFloat, Dims{Dim("batch"), 3, Dim()})), "float[batch,3,?]");
  EXPECT_EQ(ToString(Type(DType::kInt64, Dims{})), "int64[]");
  EXPECT_EQ(ToString(Type(DType::kBool, std::nullopt)), "bool[*]");
  EXPECT_EQ(ToString(SymIntType("2*n")), "symint(2*n)");
}

}  // namespace
}  // namespace fairlead
