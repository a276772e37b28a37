// fold-constants, remove-identity, dedupe-initializers, dedupe-nodes and pack-weights, text in, text out.
#include <gmock/gmock.h>

#include "passes/passes.hpp"
#include "passes/test_program.hpp"

namespace fairlead {
namespace {

using testing::HasSubstr;
using testing::Not;

struct ModelPassesTest : testing::Test {
  Diagnostics diagnostics;
  PassContext context{.diagnostics = diagnostics};
  Model model;

  // What `text` becomes, nodes nobody reads left out.
  std::string After(const ModelPass& pass, std::string_view text) {
    model = ModelFrom(text);
    EXPECT_TRUE(RunPass(pass, model, context).ok());
    EXPECT_TRUE(RunPass(passes::ModelDeadCode(), model, context).ok());
    return Anonymous(model.graph);
  }
  std::string Folded(std::string_view text) { return After(passes::FoldConstants(), text); }
};

#define EXPECT_MODEL(actual, expected) EXPECT_EQ(actual, Anonymous(expected))

// ---- fold-constants --------------------------------------------------------------------------------------------------

TEST_F(ModelPassesTest, NodesOfConstantsBecomeConstants) {
  EXPECT_MODEL(Folded(R"(agraph (float[2,3] x) => (float[6] y) <int64[1] one = {-1}> {
    two = Constant<value = int64[1] {2}>()
    three = Mul(one, two)
    half = Div(three, two)
    y = Reshape(x, half)
  })"),
               R"(agraph (float[2,3] x) => (float[6] y) {
    shape = Constant<value = int64[1] {-1}>()
    y = Reshape(x, shape)
  })");
}

TEST_F(ModelPassesTest, AStaticSizeBesideASymbolicOneFolds) {
  EXPECT_MODEL(Folded(R"(agraph (float[batch,3] x) => (int64[] y, int64[1] z) <int64[] one = {1}, int64[1] zero = {0}> {
    s = Shape(x)
    y = Gather(s, one)
    t = Shape(x)
    z = Gather(t, zero)
  })"),
               R"(agraph (float[batch,3] x) => (int64[] y, int64[1] z) <int64[1] zero = {0}> {
    y = Constant<value = int64[] {3}>()
    t = Shape(x)
    z = Gather(t, zero)
  })");
}

TEST_F(ModelPassesTest, SizesAreFollowedThroughConcatSliceAndUnsqueeze) {
  EXPECT_MODEL(
      Folded(
          R"(agraph (float[n,3,4] x) => (int64[2] y) <int64[] one = {1}, int64[1] zero = {0}, int64[1] a = {1}, int64[1] b = {3}> {
    s = Shape(x)
    g = Gather(s, one)
    u = Unsqueeze(g, zero)
    c = Concat<axis = 0>(s, u)
    y = Slice(c, a, b)
  })"),
      R"(agraph (float[n,3,4] x) => (int64[2] y) { y = Constant<value = int64[2] {3, 4}>() })");
}

TEST_F(ModelPassesTest, ShapeTakesItsBounds) {
  EXPECT_MODEL(Folded("agraph (float[n,3,4] x) => (int64[2] y) { y = Shape<start = -2>(x) }"),
               "agraph (float[n,3,4] x) => (int64[2] y) { y = Constant<value = int64[2] {3, 4}>() }");
  EXPECT_THAT(Folded("agraph (float[n,3,4] x) => (int64[2] y) { y = Shape<end = 2>(x) }"), HasSubstr("Shape"));
  EXPECT_MODEL(Folded("agraph (float[2,3] x) => (int64[] y) { y = Size(x) }"),
               "agraph (float[2,3] x) => (int64[] y) { y = Constant<value = int64[] {6}>() }");
}

TEST_F(ModelPassesTest, DefaultsOfInputsAreNotConstants) {
  model = ModelFrom("agraph (int64[1] x) => (int64[1] y) <int64[1] state = {4}> { y = Neg(state) }");
  model.graph.mutable_inputs().push_back(model.graph.initializers()[0].value);
  ASSERT_TRUE(RunPass(passes::FoldConstants(), model, context).ok());
  EXPECT_THAT(TextOf(model.graph), HasSubstr("Neg"));
}

TEST_F(ModelPassesTest, CapturedConstantsFoldInNestedGraphs) {
  const std::string text = Folded(R"(agraph (bool[] p, float[2] x) => (int64[1] z) <int64[1] c = {3}> {
    z = If<then_branch = agraph t () => (int64[1] r) { r = Neg(c) },
           else_branch = agraph e () => (int64[1] s) { s = Shape(x) }>(p)
  })");
  EXPECT_THAT(text, HasSubstr("{-3}"));
  EXPECT_THAT(text, HasSubstr("{2}"));
  EXPECT_THAT(text, Not(HasSubstr("Neg")));
}

TEST_F(ModelPassesTest, WhatReadsAnUnknownValueStays) {
  const std::string text = "agraph (int64[1] x) => (int64[1] y) <int64[1] c = {3}> { y = Add(x, c) }";
  EXPECT_MODEL(Folded(text), text);
}

// ---- remove-identity -------------------------------------------------------------------------------------------------

TEST_F(ModelPassesTest, IdentitiesGoAndOutputsKeepTheirNames) {
  model = ModelFrom(R"(agraph (float[2] x) => (float[2] y) {
    a = Identity(x)
    b = Relu(a)
    c = Identity(b)
    y = Identity(c)
  })");
  ASSERT_TRUE(RunPass(passes::RemoveIdentity(), model, context).ok());
  EXPECT_EQ(TextOf(model.graph), Normal("agraph (float[2] x) => (float[2] y) { y = Relu(x) }"));
}

TEST_F(ModelPassesTest, OutputsThatWouldBeInputsOrTheSameKeepTheirIdentity) {
  const std::string text = R"(agraph (float[2] x) => (float[2] y, float[2] r, float[2] s) {
    y = Identity(x)
    r = Relu(x)
    s = Identity(r)
  })";
  EXPECT_MODEL(After(passes::RemoveIdentity(), text), text);
}

TEST_F(ModelPassesTest, CastsAndReshapesToTheSameTypeGo) {
  model = ModelFrom(
      R"(agraph (float[2,3] x, float[n] v) => (float[2,3] y, float[n] w) <int64[2] s = {2, 3}, int64[1] t = {-1}> {
    a = Cast<to = 1>(x)
    b = Reshape(a, s)
    y = Relu(b)
    c = Reshape(v, t)
    w = Relu(c)
  })");
  for (const std::string_view name : {"a", "b"})
    model.graph.value(ValueNamed(model.graph, name)).type = Type(DType::kFloat, Dims{2, 3});
  model.graph.value(ValueNamed(model.graph, "c")).type = Type(DType::kFloat, Dims{Dim("n")});
  ASSERT_TRUE(RunPass(passes::RemoveIdentity(), model, context).ok());
  EXPECT_THAT(TextOf(model.graph), HasSubstr("y = Relu(x)"));
  EXPECT_THAT(TextOf(model.graph), HasSubstr("w = Relu(c)"));
}

TEST_F(ModelPassesTest, BranchesKeepTheIdentityOfACapture) {
  const std::string text = R"(agraph (bool[] p, float[2] x) => (float[2] z) {
    z = If<then_branch = agraph t () => (float[2] r) { r = Identity(x) },
           else_branch = agraph e () => (float[2] s) { s = Relu(x) }>(p)
  })";
  EXPECT_MODEL(After(passes::RemoveIdentity(), text), text);
}

// ---- dedupe ----------------------------------------------------------------------------------------------------------

TEST_F(ModelPassesTest, SmallEqualInitializersBecomeOne) {
  EXPECT_MODEL(
      After(passes::DedupeInitializers(), R"(agraph (float[2] x) => (float[2] y)
    <float[2] a = {1.0, 2.0}, float[2] b = {1.0, 2.0}, float[1,2] c = {1.0, 2.0}, float[2] d = {1.0, 2.5}> {
    e = Add(x, a)
    f = Add(e, b)
    g = Add(f, c)
    y = Add(g, d)
  })"),
      R"(agraph (float[2] x) => (float[2] y) <float[2] a = {1.0, 2.0}, float[1,2] c = {1.0, 2.0}, float[2] d = {1.0, 2.5}> {
    e = Add(x, a)
    f = Add(e, a)
    g = Add(f, c)
    y = Add(g, d)
  })");
}

TEST_F(ModelPassesTest, LargeInitializersAreOneWhenTheyReadTheSameMemory) {
  Graph& graph = model.graph;
  const Tensor large = Tensor::Owned(DType::kFloat, {2000}, std::vector<std::byte>(8000));
  const Tensor other = Tensor::Owned(DType::kFloat, {2000}, std::vector<std::byte>(8000));
  const ValueId a = graph.AddInitializer("a", large), b = graph.AddInitializer("b", large),
                c = graph.AddInitializer("c", other);
  for (const ValueId value : {a, b, c})
    graph.AddOutput(graph.node(graph.AddNode({.op = {"", "Relu", ""}, .inputs = {value}}, 1)).outputs[0]);
  ASSERT_TRUE(RunPass(passes::DedupeInitializers(), model, context).ok());
  EXPECT_EQ(graph.initializers().size(), 2u);
  EXPECT_EQ(graph.node(graph.order()[1]).inputs[0], a);
  EXPECT_EQ(graph.node(graph.order()[2]).inputs[0], c);
}

TEST_F(ModelPassesTest, DefaultsOfInputsAreNotMerged) {
  model = ModelFrom(
      "agraph (float[1] x) => (float[1] y) <float[1] a = {1.0}, float[1] b = {1.0}> { s = Add(a, b) y = Add(s, x) }");
  for (const Initializer& initializer : model.graph.initializers())
    model.graph.mutable_inputs().push_back(initializer.value);
  ASSERT_TRUE(RunPass(passes::DedupeInitializers(), model, context).ok());
  EXPECT_EQ(model.graph.initializers().size(), 2u);
}

TEST_F(ModelPassesTest, EqualNodesBecomeOneAndSoDoTheirReaders) {
  EXPECT_MODEL(After(passes::DedupeNodes(), R"(agraph (float[2] x) => (float[2] y) {
    a = Constant<value = float[] {2.0}>()
    b = Constant<value = float[] {2.0}>()
    c = Mul(x, a)
    d = Mul(x, b)
    e = Softmax<axis = 0>(c)
    f = Softmax<axis = -1>(d)
    y = Add(e, f)
  })"),
               R"(agraph (float[2] x) => (float[2] y) {
    a = Constant<value = float[] {2.0}>()
    c = Mul(x, a)
    e = Softmax<axis = 0>(c)
    f = Softmax<axis = -1>(c)
    y = Add(e, f)
  })");
}

TEST_F(ModelPassesTest, RandomNodesAndOutputsAreNotMerged) {
  const std::string text = R"(agraph (float[2] x) => (float[2] y, float[2] z, float[2] w) {
    y = Relu(x)
    z = Relu(x)
    a = RandomNormalLike(x)
    b = RandomNormalLike(x)
    w = Add(a, b)
  })";
  EXPECT_MODEL(After(passes::DedupeNodes(), text), text);
}

TEST_F(ModelPassesTest, TheWholePipelineIsAFixedPoint) {
  const std::string text =
      R"(agraph (float[n,3] x) => (float[n,3] y) <float[3] a = {1.0, 2.0, 3.0}, float[3] b = {1.0, 2.0, 3.0}, int64[] one = {1}> {
    s = Shape(x)
    k = Gather(s, one)
    f = Cast<to = 1>(k)
    c = Add(x, a)
    d = Mul(c, b)
    e = Identity(d)
    y = Mul(e, f)
  })";
  model = ModelFrom(text);
  ASSERT_TRUE(RunModelPasses(model, context, {}).ok());
  const std::string once = TextOf(model.graph);
  ASSERT_TRUE(RunModelPasses(model, context, {}).ok());
  EXPECT_EQ(TextOf(model.graph), once);
  EXPECT_THAT(once, Not(HasSubstr("Shape")));
  EXPECT_EQ(model.graph.initializers().size(), 1u);
}

// ---- pack-weights ----------------------------------------------------------------------------------------------------

struct PackWeightsTest : ModelPassesTest {
  PackWeightsTest() { context.opset = 21; }
  std::string Packed(std::string_view text) { return After(passes::PackWeights(), text); }
};

TEST_F(PackWeightsTest, WeightsThatFitIntoFourBitsAreStoredSo) {
  EXPECT_MODEL(Packed(R"(agraph (float x) => (float[3] y, float[2] z)
    <int8[3] w = {-8, 7, 0}, uint8[2] v = {0, 15}, float s = {0.5}, uint8 zero = {8}> {
    y = DequantizeLinear(w, s)
    z = DequantizeLinear(v, s, zero)
  })"),
               R"(agraph (float x) => (float[3] y, float[2] z)
    <float s = {0.5}, int4[3] w = {-8, 7, 0}, uint4[2] v = {0, 15}, uint4 zero = {8}> {
    y = DequantizeLinear(w, s)
    z = DequantizeLinear(v, s, zero)
  })");
}

TEST_F(PackWeightsTest, WeightsOrZeroPointsThatDoNotFitStayBytes) {
  for (const char* tensors : {"int8[2] w = {0, 8}, int8 z = {0}", "int8[2] w = {-9, 0}, int8 z = {0}",
                              "uint8[2] w = {16, 0}, uint8 z = {0}", "int8[2] w = {1, 2}, int8 z = {-9}"}) {
    const std::string text = fmt::format(
        "agraph (float x) => (float[2] y) <{}, float s = {{0.5}}> {{ y = DequantizeLinear(w, s, z) }}", tensors);
    EXPECT_MODEL(Packed(text), text);
  }
}

TEST_F(PackWeightsTest, WhatTheModelComputesOrIsGivenIsNotPacked) {
  const std::string text =
      "agraph (int8[2] x) => (float[2] y, float[2] z) <int8[2] w = {1, 2}, float s = {0.5}> {\n"
      "  y = DequantizeLinear(x, s)\n"
      "  v = Identity(w)\n"
      "  z = DequantizeLinear(v, s)\n}";
  EXPECT_MODEL(Packed(text), text);
}

TEST_F(PackWeightsTest, OpsetsWithoutFourBitsKeepBytes) {
  context.opset = 20;
  const std::string text =
      "agraph (float x) => (float[1] y) <int8[1] w = {1}, float s = {0.5}> { y = DequantizeLinear(w, s) }";
  EXPECT_MODEL(Packed(text), text);
}

}  // namespace
}  // namespace fairlead
