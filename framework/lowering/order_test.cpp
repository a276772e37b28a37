#include "lowering/order.hpp"

#include <gtest/gtest.h>

#include "ir/text.hpp"

namespace fairlead {
namespace {

std::string Ordered(std::string_view text) {
  auto graph = ParseGraph(text);
  EXPECT_TRUE(graph.ok()) << graph.error().message;
  OrderFromResults(*graph);
  return Print(*graph);
}
std::string Normal(std::string_view text) { return Print(*ParseGraph(text)); }

TEST(OrderFromResults, PutsWhatANodeReadsBeforeItFirstInputFirst) {
  const std::string wanted = Normal(R"(agraph (float[2] x) => (float[2] z) {
    a = Relu(x)
    b = Neg(x)
    z = Add(a, b)
  })");
  EXPECT_EQ(Ordered(R"(agraph (float[2] x) => (float[2] z) {
    b = Neg(x)
    a = Relu(x)
    z = Add(a, b)
  })"),
            wanted);
  EXPECT_EQ(Ordered(wanted), wanted);
}

TEST(OrderFromResults, PutsWhatNoResultNeedsLast) {
  EXPECT_EQ(Ordered(R"(agraph (float[2] x) => (float[2] z) {
    dead = Neg(x)
    z = Relu(x)
  })"),
            Normal(R"(agraph (float[2] x) => (float[2] z) {
    z = Relu(x)
    dead = Neg(x)
  })"));
}

TEST(OrderFromResults, FollowsTheOrderOfResults) {
  EXPECT_EQ(Ordered("agraph (float[2] x) => (float[2] a, float[2] b) { b = Neg(x)\n a = Relu(x) }"),
            Normal("agraph (float[2] x) => (float[2] a, float[2] b) { a = Relu(x)\n b = Neg(x) }"));
}

// What the branches read from around comes after the condition, in the order in which the branches read it.
TEST(OrderFromResults, ReachesIntoNestedGraphs) {
  const auto program = [](std::string_view nodes) {
    return std::string("agraph (float[2] x, bool p) => (float[2] z) {\n") + std::string(nodes) + R"(
    z = If<then_branch = agraph t () => (float[2] r) { s = Abs(a) r = Add(s, a) },
           else_branch = agraph e () => (float[2] r) { r = Neg(b) }>(p)
  })";
  };
  EXPECT_EQ(Ordered(program("a = Relu(x)\n b = Neg(x)")), Ordered(program("b = Neg(x)\n a = Relu(x)")));
}

TEST(OrderFromResults, WalksChainsOfAnyLength) {
  Graph graph("chain");
  ValueId value = graph.AddInput("x", Type(DType::kFloat, Dims{}));
  for (int i = 0; i < 200'000; ++i)
    value = graph.node(graph.AddNode({.op = {"", "Relu", ""}, .inputs = {value}}, 1)).outputs[0];
  graph.AddOutput(value);
  const std::vector<NodeId> before = graph.order();
  OrderFromResults(graph);
  EXPECT_EQ(graph.order(), before);
}

}  // namespace
}  // namespace fairlead
