#include "ir/text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "ir/verifier.hpp"

namespace fairlead {
namespace {

using testing::HasSubstr;

// Parses, expects a valid graph, prints.
std::string Reprinted(std::string_view text, const PrintOptions& options = {}) {
  const auto graph = ParseGraph(text);
  if (!graph.ok()) return "error: " + graph.error().message;
  if (const Status status = VerifyGraph(*graph); !status.ok()) return "invalid: " + std::string(status.message());
  return Print(*graph, options);
}

// The text is what Print writes for what it says.
void ExpectFixedPoint(std::string_view text, const PrintOptions& options = {}) {
  EXPECT_EQ(Reprinted(text, options), text);
}

std::string ErrorOf(std::string_view text) {
  const auto graph = ParseGraph(text);
  if (graph.ok()) return "no error";
  EXPECT_EQ(graph.error().rule, "FL1001");
  return graph.error().message;
}

// One ATen node whose argument `a` is `value`.
std::string WithArgument(const std::string& value) {
  return "agraph (float[2] x, symint(n) n, symint(m) m) => () {\n  aten::f.default(a=" + value + ")\n}";
}

TEST(Text, ReadsAndWritesTheExampleOfTheHeader) {
  ExpectFixedPoint(
      "agraph (float[2,3] x, int64[3] y, bool[] p, symint(s0) n) => (float[2,3] z, float[n,3] v, float[2] c)\n"
      "<float[4] weight = {1.0, 2.0, 3.0, 4.0}, float[64,3] big = <absent>>\n"
      "{\n"
      "  y_f = Cast<to=1>(y)\n"
      "  a, b = Split<axis=0, num_outputs=2>(y_f)\n"
      "  z = aten::add.Tensor(self=x, other=y_f, alpha=2)\n"
      "  s = aten::cat.default(tensors=[x, none, x], dim=1)\n"
      "  v = aten::view.default(self=x, size=[n, 3])\n"
      "  c = If<then_branch=agraph then () => (float[2] r) {\n"
      "    r = Relu(x)\n"
      "  }, else_branch=agraph else () => (float[2] q) {\n"
      "    q = Sigmoid(a)\n"
      "  }>(p)\n"
      "}");
}

TEST(Text, SkipsBlanksAndComments) {
  EXPECT_EQ(Reprinted("# first\nagraph(float[ 2 , 3 ]x)=>(float[2,3]z) // inputs\n{\n\n z=Relu( x )# done\n} // end"),
            "agraph (float[2,3] x) => (float[2,3] z) {\n  z = Relu(x)\n}");
}

TEST(Text, KeepsTheTypesOfIntermediateValuesInARemark) {
  const char* const text =
      "agraph (float[2,3] x) => (float[2,3] z) {\n"
      "  a, b = Split<num_outputs=2>(x)  # float[1,3], float[s0//2,Max(1, s1)]\n"
      "  n = aten::sym_size.int(self=a, dim=0)  # symint(2*s77)\n"
      "  z = Relu(b)\n"
      "}";
  ExpectFixedPoint(text);
  EXPECT_EQ(Reprinted(text, {.types = false}),
            "agraph (float[2,3] x) => (float[2,3] z) {\n  a, b = Split<num_outputs=2>(x)\n"
            "  n = aten::sym_size.int(self=a, dim=0)\n  z = Relu(b)\n}");
}

TEST(Text, TakesARemarkThatIsNoListOfTypesForAComment) {
  for (const char* remark : {"# the first half", "# float[2], float[2]", "# float[2] or so", "# float[", "#"}) {
    const auto graph =
        ParseGraph("agraph (float[2] x) => (z) {\n  y = Relu(x)  " + std::string(remark) + "\n  z = Relu(y)\n}");
    ASSERT_TRUE(graph.ok()) << graph.error().message;
    EXPECT_EQ(graph->value(graph->node(0).outputs[0]).type.kind, Type::Kind::kUnknown) << remark;
  }
}

TEST(Text, WritesModulePathsOnDemand) {
  Graph graph;
  const ValueId x = graph.AddInput("x", Type(DType::kFloat, Dims{2}));
  const NodeId relu =
      graph.AddNode({.op = {"", "Relu", ""}, .inputs = {x}, .source = graph.AddSource({"encoder.attn", "", ""})}, 1);
  graph.AddOutput(graph.node(relu).outputs[0]);
  EXPECT_THAT(Print(graph, {.sources = true}), HasSubstr("%0 = Relu(x)  // encoder.attn\n"));
  EXPECT_TRUE(ParseGraph(Print(graph, {.sources = true})).ok());
}

TEST(Text, PrintsOneNode) {
  const auto graph = ParseGraph("agraph (float[2] x, float[2] y) => () { z = aten::add.Tensor(self=x, other=y, alpha=2) }");
  EXPECT_EQ(PrintNode(*graph, 0), "aten::add.Tensor(self=x, other=y, alpha=2)");
}

// ---- types

TEST(Text, TypesReadAsToStringWritesThem) {
  Type strided(DType::kFloat, Dims{2, Dim("s0")});
  for (const char* text : {"float[batch,3]",
                           "float[]",
                           "float[*]",
                           "float[?,2]",
                           "int64[2*s77,s0//2 + 1]",
                           "float[Max(1, s0),Mod(s1, 2)]",
                           "symint(2*s77)",
                           "symint()",
                           "symfloat(s0/2)",
                           "symbool(s0 < (s1 + 2))",
                           "seq(float[2])",
                           "seq(float[*])",
                           "none",
                           "unknown",
                           "bfloat16[0]",
                           "uint4[3]",
                           "float8e4m3fnuz[1]",
                           "complex64[2]",
                           "string[2]",
                           "undefined[2]"}) {
    const auto graph = ParseGraph("agraph (" + std::string(text) + " x) => () {}");
    ASSERT_TRUE(graph.ok()) << text << ": " << graph.error().message;
    EXPECT_EQ(ToString(graph->value(0).type), text);
    EXPECT_EQ(Print(*graph), "agraph (" + std::string(text) + " x) => () {\n}");
  }
}

TEST(Text, AScalarMayStandWithoutBrackets) {
  EXPECT_EQ(Reprinted("agraph (float x) => () {}"), "agraph (float[] x) => () {\n}");
}

TEST(Text, StridesOffsetAndWrappedNumbersSurvive) {
  ExpectFixedPoint("agraph (float[2,3]@[1,2] x, float[2]@[s0]+[4] y, wrapped double[] two) => () {\n}", {.strides = true});
  EXPECT_EQ(Reprinted("agraph (float[2,3]@[1,2] x) => () {}"), "agraph (float[2,3] x) => () {\n}");
}

TEST(Text, SymbolicSizesThatLookLikeSomethingElseAreQuoted) {
  Graph graph;
  for (const char* size : {"3", "-1", "?", "*", "a]b", "a,b", "f(", " x", "line\nbreak", "größe", "`", "#"})
    graph.AddInput("x", Type(DType::kFloat, Dims{Dim(std::string(size))}));
  const std::string text = Print(graph);
  const auto parsed = ParseGraph(text);
  ASSERT_TRUE(parsed.ok()) << text << parsed.error().message;
  for (ValueId i = 0; i < graph.value_count(); ++i) EXPECT_EQ(parsed->value(i).type, graph.value(i).type) << text;
}

// ---- names

TEST(Text, NamesThatMeanSomethingElseStandInBackquotes) {
  ExpectFixedPoint(
      "agraph `my graph` (float[2] `0.weight`, float[2] `none`, float[2] `float`, float[2] input, float[2] complex, "
      "float[2] `a\\`b\\n`) => "
      "(float[2] `x/y:0`) {\n"
      "  [`node 1`] `x/y:0` = Sum(`0.weight`, `none`, `float`, input, complex, `a\\`b\\n`)\n"
      "  aten::f.default(a=input, b=complex, c=`none`)\n"
      "}");
}

TEST(Text, ValuesWithoutNameAreNumberedInOrderOfPrinting) {
  Graph graph;
  const ValueId x = graph.AddInput("", Type(DType::kFloat, Dims{2}));
  const NodeId first = graph.AddNode({.op = {"", "Relu", ""}, .inputs = {x}}, 1);
  const NodeId second = graph.AddNode({.op = {"", "Relu", ""}, .inputs = {graph.node(first).outputs[0]}}, 1);
  graph.AddOutput(graph.node(second).outputs[0]);
  const std::string text = Print(graph);
  EXPECT_EQ(text, "agraph (float[2] %0) => (unknown %1) {\n  %2 = Relu(%0)\n  %1 = Relu(%2)\n}");
  ExpectFixedPoint(text);
  EXPECT_EQ(ParseGraph(text)->value(0).name, "");
}

TEST(Text, ValuesOfTheSameNameAreToldApart) {
  Graph graph;
  const ValueId x = graph.AddInput("x", Type(DType::kFloat, Dims{2}));
  const NodeId relu = graph.AddNode({.op = {"", "Relu", ""}, .inputs = {x}}, 1);
  graph.value(graph.node(relu).outputs[0]).name = "x";
  graph.AddOutput(graph.node(relu).outputs[0]);
  const std::string text = Print(graph);
  EXPECT_EQ(text, "agraph (float[2] x) => (unknown x%0) {\n  x%0 = Relu(x)\n}");
  ExpectFixedPoint(text);
  const auto parsed = ParseGraph(text);
  EXPECT_EQ(parsed->value(parsed->outputs()[0]).name, "x");
}

TEST(Text, OperatorsOfEveryKindKeepTheirNames) {
  ExpectFixedPoint(
      "agraph () => () {\n"
      "  Foo()\n"
      "  com.acme::Foo()\n"
      "  acme::foo.default()\n"
      "  higher_order::cond.default()\n"
      "  `a b`::`c.d`()\n"
      "  ``::`t`.`o`()\n"
      "  `a`::`t.u`.`o p`()\n"
      "}");
}

// ---- values of attributes

TEST(Text, ReadsAndWritesEveryKindOfArgument) {
  for (const char* value : {"none",
                            "absent",
                            "1",
                            "-9223372036854775808",
                            "9223372036854775807",
                            "1.0",
                            "-0.0",
                            "1e-07",
                            "inf",
                            "-inf",
                            "nan",
                            "nan(0x7ff0000000000001)",
                            "true",
                            "false",
                            "\"\"",
                            "\"a \\\"b\\\" \\\\ \\n\\t\\x01\\xff größe\"",
                            "[]",
                            "[1, -2]",
                            "floats[]",
                            "[1.0, nan, inf]",
                            "bools[]",
                            "[true, false]",
                            "strings[]",
                            "[\"a\", \"\"]",
                            "tensors[]",
                            "[float[2] {1.0, 2.0}, int64 {3}]",
                            "graphs[]",
                            "x",
                            "[x, none, x]",
                            "[none]",
                            "values[]",
                            "[n, 3]",
                            "[3, none, n]",
                            "symints[n, m]",
                            "symints[1, 2]",
                            "symints[]",
                            "symints[none]",
                            "float",
                            "bfloat16",
                            "undefined",
                            "torch.channels_last",
                            "torch.contiguous_format",
                            "torch.channels_last_3d",
                            "torch.preserve_format",
                            "memory_format(9)",
                            "torch.strided",
                            "layout(3)",
                            "device(\"cuda:0\")",
                            "complex(1.0, -2.5)",
                            "complex(nan, -inf)",
                            "op(aten::add.Tensor)",
                            "op(Relu)",
                            "input(7)",
                            "[x, input(-2)]"}) {
    const std::string text = WithArgument(value);
    const auto graph = ParseGraph(text);
    ASSERT_TRUE(graph.ok()) << value << ": " << graph.error().message;
    EXPECT_EQ(Print(*graph), text);
  }
}

TEST(Text, ListsOfValuesAreSizesOnlyWhereANumberOrAWordSaysSo) {
  const auto kind = [](const std::string& value) {
    return ParseGraph(WithArgument(value))->node(0).attributes[0].value.index();
  };
  EXPECT_EQ(kind("[n, m]"), AttributeValue(ValueRefs()).index());
  EXPECT_EQ(kind("symints[n, m]"), AttributeValue(SymInts()).index());
  EXPECT_EQ(kind("[n, 1]"), AttributeValue(SymInts()).index());
}

TEST(Text, ArgumentsReferToInputsInOrderOfAppearance) {
  const auto graph = ParseGraph(WithArgument("[x, none, x], b=[n, 3], c=n"));
  ASSERT_TRUE(graph.ok());
  const Node& node = graph->node(0);
  EXPECT_EQ(node.inputs, (std::vector<ValueId>{0, 0, 1, 1}));
  EXPECT_EQ(std::get<ValueRefs>(node.attributes[0].value).items, (std::vector<ValueRef>{{0}, {-1}, {1}}));
  EXPECT_EQ(std::get<SymInts>(node.attributes[1].value), (SymInts{{ValueRef{2}, int64_t{3}}}));
  EXPECT_EQ(std::get<ValueRef>(node.attributes[2].value), ValueRef{3});
}

TEST(Text, AttributesOfOnnxNodesHoldGraphsAndTensors) {
  ExpectFixedPoint(
      "agraph (int64[] n) => () {\n"
      "  two = Constant<value=float {2.0}>()\n"
      "  com.acme::Foo<a=1, b=1.5, c=\"s\", d=[1], e=[1.0], f=[\"s\"], g=[int8[1] {-1}], h=[agraph one () => () {\n"
      "  }, agraph () => () {\n"
      "  }]>(two, \"\", n)\n"
      "}");
}

// ---- outputs

TEST(Text, OutputsMayBeListsOrLeftOut) {
  ExpectFixedPoint(
      "agraph (float[2] x) => () {\n"
      "  a, [b, none], [] = aten::f.default(self=x)\n"
      "  [c] = aten::g.default(self=x)\n"
      "  (d) = aten::h.default(self=x)\n"
      "  none, e = aten::i.default(self=x)\n"
      "  \"\", f = LSTM(x)\n"
      "  [] = aten::j.default(self=x)\n"
      "  [k] [l] = aten::k.default(self=x)\n"
      "  [m] Print(x)\n"
      "}");
  const auto graph = ParseGraph("agraph (float[2] x) => () { a, [b, none], [] = aten::f.default(self=x) }");
  EXPECT_EQ(graph->node(0).output_lists, (std::vector<int32_t>{-1, 2, 0}));
  EXPECT_EQ(graph->node(0).outputs[2], kNoValue);
}

TEST(Text, AnOutputOfTheGraphMayBeLeftOut) {
  const std::string text = "agraph (none x) => (none x, none) {\n}";
  EXPECT_EQ(Print(*ParseGraph(text)), text);
}

TEST(Text, AnOutputMayBeAnInputOrAnInitializer) {
  ExpectFixedPoint("agraph (float[2] x) => (float[2] x, float[1] w)\n<float[1] w = {1.0}>\n{\n}");
}

// ---- tensors

TEST(Text, TensorsOfEveryTypeKeepTheirBits) {
  ExpectFixedPoint(
      "agraph () => ()\n<\n"
      "  float[5] f32 = {0.1, -0.0, inf, nan, nan(0xffc00001)},\n"
      "  double[2] f64 = {0.1, 1e-320},\n"
      "  float16[3] f16 = {0.1, 65500.0, nan},\n"
      "  bfloat16[2] bf16 = {0.1, 3.39e+38},\n"
      "  float8e4m3fn[2] e4 = {450.0, nan},\n"
      "  float8e5m2[2] e5 = {-inf, 0.09},\n"
      "  float8e8m0[2] e8 = {1.0, nan},\n"
      "  float4e2m1[3] f4 = {0.5, -6.0, -0.0},\n"
      "  bool[3] b = {1, 0, 2},\n"
      "  int4[3] i4 = {-8, 7, 0},\n"
      "  uint2[5] u2 = {0, 1, 2, 3, 0},\n"
      "  uint64[1] u64 = {18446744073709551615},\n"
      "  int64[1] i64 = {-9223372036854775808},\n"
      "  complex64[2] c = {complex(1.0, -2.0), complex(nan, 0.1)},\n"
      "  int8[0,3] none_at_all = {},\n"
      "  wrapped double[] scalar = {2.0},\n"
      "  float[9223372036854775807] absent_and_huge = <absent>\n"
      ">\n{\n}");
}

TEST(Text, LargeTensorsAreCountedAndHashedAndDoNotReadBack) {
  Graph graph;
  graph.AddInitializer("w", Tensor::Owned(DType::kFloat, {17}, std::vector<std::byte>(68)));
  const std::string text = Print(graph);
  EXPECT_THAT(text, testing::ContainsRegex("float\\[17\\] w = <68 bytes, [0-9a-f]{16}>"));
  EXPECT_THAT(ErrorOf(text), HasSubstr("has no elements to read"));
  EXPECT_TRUE(ParseGraph(Print(graph, {.max_elements = 17})).ok());
}

TEST(Text, StridedTensorsAreShownInRowMajorOrder) {
  static const float kData[] = {1, 2, 3, 4, 5, 6};
  Graph graph;
  graph.AddInitializer("w",
                       Tensor::View(DType::kFloat, {3, 2}, {1, 3}, std::as_bytes(std::span(kData)), nullptr, std::nullopt));
  EXPECT_THAT(Print(graph), HasSubstr("float[3,2] w = {1.0, 4.0, 2.0, 5.0, 3.0, 6.0}"));
}

// ---- nested graphs

TEST(Text, NestedGraphsCaptureValuesThroughEveryGraphBetween) {
  const char* const text =
      "agraph (float[2] x, bool[] p) => () {\n"
      "  y = Relu(x)  # float[2]\n"
      "  If<then_branch=agraph then () => () {\n"
      "    If<then_branch=agraph inner () => (float[2] z) {\n"
      "      z = Add(x, y)\n"
      "    }>(p)\n"
      "  }, else_branch=agraph else () => (float[2] y) {\n"
      "  }>(p)\n"
      "}";
  ExpectFixedPoint(text);
  const auto graph = ParseGraph(text);
  const Graph& then = *std::get<GraphPtr>(graph->node(1).attributes[0].value);
  EXPECT_EQ(then.captures().size(), 3U);  // p, and x and y on their way inwards
  const Graph& inner = *std::get<GraphPtr>(then.node(0).attributes[0].value);
  ASSERT_EQ(inner.captures().size(), 2U);
  EXPECT_EQ(then.value(inner.captures()[0].outer).name, "x");
  EXPECT_EQ(inner.value(inner.captures()[1].inner).type, Type(DType::kFloat, Dims{2}));
}

TEST(Text, NestedGraphsMayUseNamesOfGraphsAroundThemThatTheyDoNotRead) {
  ExpectFixedPoint(
      "agraph (bool[] p) => (float[2] r) {\n"
      "  r = If<then_branch=agraph then () => (float[2] r) {\n"
      "    r = A()\n"
      "  }, else_branch=agraph else (float[2] p%0) => (float[2] q) {\n"
      "    q = B(p, p%0)\n"
      "  }>(p)\n"
      "  c = If<then_branch=agraph then () => (float[2] q) {\n"
      "    q = A()\n"
      "  }>(p)\n"
      "}");
}

// ---- errors

TEST(ParseGraph, SaysLineAndColumn) {
  EXPECT_EQ(ErrorOf("agraph (float[2] x) => () {\n  y = Relu(z)\n}"),
            "line 2, column 12: z is not defined before it is read");
  EXPECT_EQ(ErrorOf(""), "line 1, column 1: expected 'agraph'");
  EXPECT_EQ(ErrorOf("agraph (float[2] x) => () {\n  y = Relu(x\n}"), "line 3, column 1: expected ',', found '}'");
  EXPECT_EQ(ErrorOf("agraph (float[2] x"), "line 1, column 19: expected ',', found the end of the text");
}

TEST(ParseGraph, RefusesWhatIsNotTheForm) {
  const std::pair<const char*, const char*> cases[] = {
      {"agraph (float[2] x, float[2] x) => () {}", "x is defined twice"},
      {"agraph (float[2] x) => () { x = Relu(x) }", "x is defined twice"},
      {"agraph () => (float[2] z) {}", "no node gives the output z"},
      {"agraph (float[2] x) => (float[3] x) {}", "output x is float[3] here and float[2] where it is made"},
      {"agraph (float[2] x) => () { y = Relu(y) }", "y is not defined before it is read"},
      {"agraph (flaot[2] x) => () {}", "expected a type"},
      {"agraph (float[-2] x) => () {}", "'-2' is not a size"},
      {"agraph (float[99999999999999999999] x) => () {}", "is not a size"},
      {"agraph (float[2 x) => () {}", "the expression does not end in its line"},
      {"agraph (float[a]b] x) => () {}", "expected ',', found ']'"},
      {"agraph (float[2] none) => () {}", "none has a meaning of its own"},
      {"agraph (float[2] x) => () { Relu(true) }", "true has a meaning of its own"},
      {"agraph () => () {} x", "expected the end of the text"},
      {"agraph () => () { Foo.bar() }", "an operator with an overload needs a domain"},
      {"agraph () => () { a::f.g(x=[1, 2.0]) }", "not all of one kind"},
      {"agraph () => () { a::f.g(x=[1, \"a\"]) }", "not all of one kind"},
      {"agraph () => () { a::f.g(x=floats[1]) }", "not all floats"},
      {"agraph () => () { a::f.g(x=[[1]]) }", "expected a name"},
      {"agraph () => () { a::f.g(x=9223372036854775808) }", "is not a 64-bit integer"},
      {"agraph () => () { a::f.g(x=1e999) }", "is not a number"},
      {"agraph () => () { a::f.g(x=\"abc) }", "does not end in its line"},
      {"agraph () => () { a::f.g(x=\"\\q\") }", "unknown escape"},
      {"agraph () => () { a::f.g(x=\"\\x1", "unknown escape"},
      {"agraph () => () { a::f.g(x=complex(1.0)) }", "expected ','"},
      {"agraph () => () { a::f.g(x=layout(1.0)) }", "expected a 32-bit integer"},
      {"agraph () => () { a::f.g(x=memory_format(4294967296)) }", "expected a 32-bit integer"},
      {"agraph () => () <float[2] w = {1.0}> {}", "float[2] has 2 elements, 1 are given"},
      {"agraph () => () <float[1] w = {x}> {}", "'x' is not a float"},
      {"agraph () => () <uint8[1] w = {256}> {}", "'256' is not a uint8"},
      {"agraph () => () <float[n] w = {1.0}> {}", "needs a static shape"},
      {"agraph () => () <float[4294967296,4294967296] w = <absent>> {}", "needs a static shape"},
      {"agraph () => () <float[9223372036854775807] w = {1.0}> {}", "cannot be written as text"},
      {"agraph () => () <string[1] w = {1}> {}", "cannot be written as text"},
      {"agraph () => () { y = Constant<value=x>() }", "expected the value of an attribute"},
      {"agraph () => () { y, Relu() }", "expected ','"},
      {"agraph (float[2] %) => () {}", "expected a number after %"},
  };
  for (const auto& [text, message] : cases) EXPECT_THAT(ErrorOf(text), HasSubstr(message)) << text;
}

TEST(ParseGraph, BoundsTheNestingOfGraphs) {
  std::string open = "agraph () => () { ", close = " }";
  std::string text;
  for (int i = 0; i < 100; ++i) text += "agraph () => () { If<a=";
  EXPECT_THAT(ErrorOf(text), HasSubstr("nested deeper than 64"));
  std::string good = "agraph () => () {}";
  for (int i = 1; i < 64; ++i) good = "agraph () => () { If<a=" + good + ">() }";
  EXPECT_TRUE(ParseGraph(good).ok());
  EXPECT_FALSE(ParseGraph("agraph () => () { If<a=" + good + ">() }").ok());
}

TEST(ParseGraph, BoundsTheSizeOfTheText) {
  EXPECT_THAT(ErrorOf(std::string((std::size_t{64} << 20) + 1, ' ')), HasSubstr("at most"));
}

TEST(ParseGraph, TakesLinearTimeForTextsMadeToBeSlow) {
  // Each would take minutes if a step looked back to the start of the text or at all values so far.
  std::string lists = "agraph () => () {\n", labels = lists, positional = lists;
  for (int i = 0; i < 30000; ++i) {
    lists += "[] = a::f.g()\n";
    labels += "[a] F()\n";
    positional += "%" + std::to_string(i) + " = a::f.g(" + (i > 0 ? "%" + std::to_string(i - 1) : "") + ")\n";
  }
  for (const std::string& text : {lists, labels, positional}) EXPECT_TRUE(ParseGraph(text + "}").ok());
  std::string captures = "agraph () => () {\n", nested, outputs;
  for (int i = 0; i < 20000; ++i) {
    const std::string name = "v" + std::to_string(i);
    captures += name + " = F()\n";
    nested += " G(" + name + ")\n";
    outputs += (i > 0 ? ", float[2] " : "float[2] ") + name;
  }
  const auto whole = ParseGraph(captures + "If<a=agraph () => (" + outputs + ") {" + nested + "}>()\n}");
  ASSERT_TRUE(whole.ok()) << whole.error().message;
  EXPECT_TRUE(VerifyGraph(*whole).ok());
  EXPECT_GT(Print(*whole).size(), captures.size());
}

}  // namespace
}  // namespace fairlead
