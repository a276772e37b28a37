#include "ir/verifier.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/text.hpp"

namespace fairlead {
namespace {

using testing::HasSubstr;

constexpr const char* kWhole =
    "agraph (float[2] x, symint(n) n, bool[] p) => (float[2] z)\n"
    "<float[1] w = {1.0}>\n"
    "{\n"
    "  y = Relu(x)\n"
    "  [a, b] = aten::split.Tensor(self=y, size=[n, 1], more=[y, none])\n"
    "  c = If<then_branch=agraph then () => (float[2] r) { r = Add(y, w) }>(p)\n"
    "  z = Add(y, w)\n"
    "}";

// The whole graph, for a test to break.
Graph Whole() { return *ParseGraph(kWhole); }
constexpr NodeId kRelu = 0, kSplit = 1, kIf = 2, kAdd = 3;

Graph& Then(Graph& graph) { return *std::get<GraphPtr>(graph.node(kIf).attributes[0].value); }

std::string ErrorOf(const Graph& graph) {
  const Status status = VerifyGraph(graph);
  if (status.ok()) return "no error";
  EXPECT_EQ(status.error().rule, "FL7012");
  return status.error().message;
}

TEST(VerifyGraph, AcceptsAWholeGraph) { EXPECT_EQ(ErrorOf(Whole()), "no error"); }

TEST(VerifyGraph, AcceptsInitializersThatAreDefaultsOfInputs) {
  Graph graph = Whole();
  graph.mutable_inputs().push_back(graph.initializers()[0].value);
  EXPECT_EQ(ErrorOf(graph), "no error");
}

TEST(VerifyGraph, AcceptsErasedNodesAndTheirValues) {
  Graph graph = Whole();
  graph.Erase(kIf);
  EXPECT_EQ(ErrorOf(graph), "no error");
}

TEST(VerifyGraph, RefusesIdsOutOfRange) {
  Graph input = Whole();
  input.node(kRelu).inputs[0] = 999;
  EXPECT_THAT(ErrorOf(input), HasSubstr("node 0 (Relu → y) reads value 999"));
  Graph output = Whole();
  output.node(kRelu).outputs[0] = 999;
  EXPECT_THAT(ErrorOf(output), HasSubstr("makes value 999"));
  Graph graph_input = Whole();
  graph_input.mutable_inputs().push_back(999);
  EXPECT_THAT(ErrorOf(graph_input), HasSubstr("input 999 is out of range"));
  Graph initializer = Whole();
  initializer.mutable_initializers()[0].value = 999;
  EXPECT_THAT(ErrorOf(initializer), HasSubstr("initializer 999 is out of range"));
  Graph capture = Whole();
  Then(capture).mutable_captures()[0].inner = 999;
  EXPECT_THAT(ErrorOf(capture), HasSubstr("capture 999 is out of range"));
  Graph producer = Whole();
  producer.value(producer.AddValue({})).producer = 999;
  EXPECT_THAT(ErrorOf(producer), HasSubstr("names node 999 as its producer"));
}

TEST(VerifyGraph, RefusesASourceOfAnotherGraph) {
  Graph graph = Whole();
  Then(graph).node(0).source = graph.AddSource({"encoder.attn", "", ""});
  EXPECT_THAT(ErrorOf(graph), HasSubstr("stands at source 1, the graph has 1"));
}

TEST(VerifyGraph, RefusesANodeThatStandsTwiceInTheOrder) {
  Graph graph = Whole();
  graph.SetOrder({kRelu, kSplit, kIf, kAdd, kRelu});
  EXPECT_THAT(ErrorOf(graph), HasSubstr("node 0 (Relu → y) stands twice in the order"));
}

TEST(VerifyGraph, RefusesAValueWithTwoProducers) {
  Graph graph = Whole();
  graph.node(kAdd).outputs[0] = graph.node(kRelu).outputs[0];
  EXPECT_THAT(ErrorOf(graph), HasSubstr("node 3 (Add → y) makes y, which is defined already"));
}

TEST(VerifyGraph, RefusesAProducerThatDoesNotListItsValue) {
  Graph graph = Whole();
  graph.value(graph.AddValue({}, "stray")).producer = kRelu;
  EXPECT_THAT(ErrorOf(graph), HasSubstr("does not list stray, which names it as its producer"));
}

TEST(VerifyGraph, RefusesAnOutputWhoseValueNamesAnotherPlace) {
  Graph graph = Whole();
  graph.value(graph.node(kSplit).outputs[1]).output = 0;
  EXPECT_THAT(ErrorOf(graph), HasSubstr("makes b as output 1, which says it is output 0 of node 1"));
  Graph other = Whole();
  other.value(other.node(kRelu).outputs[0]).producer = kNoNode;
  EXPECT_THAT(ErrorOf(other), HasSubstr("which says it is output 0 of node none"));
}

TEST(VerifyGraph, RefusesAnInputThatHasAProducer) {
  Graph graph = Whole();
  graph.mutable_inputs().push_back(graph.node(kAdd).outputs[0]);
  EXPECT_THAT(ErrorOf(graph), HasSubstr("input z has a producer, node 3"));
}

TEST(VerifyGraph, RefusesAValueThatIsDefinedTwice) {
  Graph graph = Whole();
  graph.mutable_inputs().push_back(graph.inputs()[0]);
  EXPECT_THAT(ErrorOf(graph), HasSubstr("input x is defined twice"));
  Graph initializers = Whole();
  initializers.mutable_initializers().push_back(initializers.initializers()[0]);
  EXPECT_THAT(ErrorOf(initializers), HasSubstr("initializer w is given twice"));
}

TEST(VerifyGraph, RefusesAnInputThatIsReadBeforeItIsDefined) {
  Graph graph = Whole();
  graph.SetOrder({kSplit, kRelu, kIf, kAdd});
  EXPECT_THAT(ErrorOf(graph), HasSubstr("node 1 (aten::split.Tensor → a) reads y, which is not defined before it"));
  Graph erased = Whole();
  erased.Erase(kRelu);
  EXPECT_THAT(ErrorOf(erased), HasSubstr("reads y, which is not defined before it"));
}

TEST(VerifyGraph, RefusesReferencesBeyondTheInputs) {
  Graph graph = Whole();
  graph.node(kSplit).Set("self", ValueRef{17});
  EXPECT_THAT(ErrorOf(graph), HasSubstr("refers to input 17 in argument self, it has 3"));
  graph.node(kSplit).Set("self", ValueRef{-2});
  EXPECT_THAT(ErrorOf(graph), HasSubstr("refers to input -2"));
  Graph list = Whole();
  list.node(kSplit).Set("more", ValueRefs{{{2}, {3}}});
  EXPECT_THAT(ErrorOf(list), HasSubstr("refers to input 3 in argument more"));
  Graph sizes = Whole();
  sizes.node(kSplit).Set("size", SymInts{{int64_t{1}, ValueRef{5}}});
  EXPECT_THAT(ErrorOf(sizes), HasSubstr("refers to input 5 in argument size"));
}

TEST(VerifyGraph, RefusesAnInputThatNoArgumentRefersTo) {
  Graph graph = Whole();
  graph.node(kSplit).inputs.push_back(graph.inputs()[0]);
  EXPECT_THAT(ErrorOf(graph), HasSubstr("has input 3 that no argument refers to"));
}

TEST(VerifyGraph, RefusesAReferenceInAnOnnxNode) {
  Graph graph = Whole();
  graph.node(kRelu).Set("axis", ValueRef{0});
  EXPECT_THAT(ErrorOf(graph), HasSubstr("refers to an input in attribute axis, which only ATen nodes do"));
}

TEST(VerifyGraph, RefusesResultsThatDoNotMakeTheOutputs) {
  Graph graph = Whole();
  graph.node(kSplit).output_lists = {3};
  EXPECT_THAT(ErrorOf(graph), HasSubstr("has 2 outputs, its results make 3"));
  graph.node(kSplit).output_lists = {-7, 2};
  EXPECT_THAT(ErrorOf(graph), HasSubstr("has a result of -7 values"));
}

TEST(VerifyGraph, RefusesAGraphOutputThatDoesNotExist) {
  Graph graph = Whole();
  graph.AddOutput(graph.AddValue({}, "nothing"));
  EXPECT_THAT(ErrorOf(graph), HasSubstr("output nothing is not defined"));
  Graph out_of_range = Whole();
  out_of_range.AddOutput(kNoValue);
  EXPECT_THAT(ErrorOf(out_of_range), HasSubstr("is out of range"));
}

TEST(VerifyGraph, RefusesANestedGraphThatIsBroken) {
  Graph graph = Whole();
  Then(graph).node(0).inputs[0] = 99;
  EXPECT_THAT(ErrorOf(graph),
              HasSubstr("node 2 (If → c) nests in attribute then_branch graph then: node 0 (Add → r) reads value 99"));
  Graph missing = Whole();
  missing.node(kIf).Set("then_branch", GraphPtr());
  EXPECT_THAT(ErrorOf(missing), HasSubstr("has no graph in attribute then_branch"));
  Graph in_list = Whole();
  in_list.node(kIf).Set("branches", std::vector<GraphPtr>{GraphPtr()});
  EXPECT_THAT(ErrorOf(in_list), HasSubstr("has no graph in attribute branches"));
}

TEST(VerifyGraph, RefusesACaptureOfWhatIsNotDefinedBeforeTheNode) {
  Graph graph = Whole();
  Then(graph).mutable_captures()[0].outer = graph.node(kAdd).outputs[0];
  EXPECT_THAT(ErrorOf(graph),
              HasSubstr("capture y stands for z of the outer graph, which is not defined before the node that nests it"));
  Then(graph).mutable_captures()[0].outer = 999;
  EXPECT_THAT(ErrorOf(graph), HasSubstr("stands for value 999 of the outer graph"));
}

TEST(VerifyGraph, RefusesACaptureInAGraphThatIsNotNested) {
  Graph graph = Whole();
  graph.AddCapture(0, {}, "outside");
  EXPECT_THAT(ErrorOf(graph), HasSubstr("capture outside stands in a graph that is not nested"));
}

}  // namespace
}  // namespace fairlead
