// inline-wrappers, autocast, unwrap-effects and identity-removal.
#include <gmock/gmock.h>

#include "passes/passes.hpp"
#include "passes/test_program.hpp"

namespace fairlead {
namespace {

using testing::HasSubstr;

struct WrappersTest : testing::Test {
  Diagnostics diagnostics;
  PassContext context{.diagnostics = diagnostics};
  ExportedProgram program;

  std::string After(const ProgramPass& pass) {
    const Status status = RunPass(pass, program, context);
    EXPECT_TRUE(status.ok()) << status.message();
    return Anonymous(program.graph);
  }
  std::string After(const ProgramPass& pass, std::string_view text) {
    program = ProgramFrom(text);
    return After(pass);
  }
};

#define EXPECT_PROGRAM(actual, expected) EXPECT_EQ(actual, Anonymous(expected))

// The graph nested in the program's `index`-th node.
Graph& NestedIn(ExportedProgram& program, std::size_t index) {
  Graph* found = nullptr;
  ForEachSubgraph(program.graph.node(program.graph.order()[index]), [&](Graph& nested) { found = &nested; });
  return *found;
}

void SetType(Graph& graph, std::string_view name, DType dtype) {
  graph.value(ValueNamed(graph, name)).type = Type(dtype, Dims{2, 2});
}

// ---- inline-wrappers -------------------------------------------------------------------------------------------------

TEST_F(WrappersTest, ARegionBecomesItsNodes) {
  EXPECT_PROGRAM(After(passes::InlineWrappers(), R"(agraph (float[2] x, float[2] y) => (float[2] z, float[2] w) {
    [a, b] = higher_order::wrap_with_set_grad_enabled.default(enabled=false, graph=agraph g (float[2] p, float[2] q) => (float[2] r, float[2] q) {
      r = aten::add.Tensor(self=q, other=p)
    }, operands=[y, x])
    z = aten::relu.default(self=a)
    w = aten::neg.default(self=b)
  })"),
                 R"(agraph (float[2] x, float[2] y) => (float[2] z, float[2] w) {
    a = aten::add.Tensor(self=x, other=y)
    z = aten::relu.default(self=a)
    w = aten::neg.default(self=x)
  })");
}

TEST_F(WrappersTest, RegionsInRegionsAndResultsOfTheProgramAreFollowed) {
  EXPECT_PROGRAM(After(passes::InlineWrappers(), R"(agraph (float[2] x) => (float[2] z) {
    [z] = higher_order::tag_activation_checkpoint.default(graph=agraph outer (float[2] p) => (float[2] r) {
      [r] = higher_order::wrap_with_set_grad_enabled.default(enabled=true, graph=agraph inner (float[2] q) => (float[2] s) {
        s = aten::relu.default(self=q)
      }, operands=[p])
    }, operands=[x])
  })"),
                 "agraph (float[2] x) => (float[2] s) { s = aten::relu.default(self=x) }");
  EXPECT_EQ(program.outputs[0].value, program.graph.outputs()[0]);
}

TEST_F(WrappersTest, RegionsInsideOfBranchesAreInlinedThere) {
  const std::string text = After(passes::InlineWrappers(), R"(agraph (bool[] p, float[2] x) => (float[2] z) {
    [z] = higher_order::cond.default(pred=p, true_graph=agraph t (float[2] a) => (float[2] b) {
      [b] = higher_order::strict_mode.default(graph=agraph s (float[2] c) => (float[2] d) { d = aten::relu.default(self=c) }, operands=[a])
    }, false_graph=agraph f (float[2] e) => (float[2] e) {}, operands=[x])
  })");
  EXPECT_THAT(text, HasSubstr("cond"));
  EXPECT_THAT(text, testing::Not(HasSubstr("strict_mode")));
}

TEST_F(WrappersTest, ARegionThatDoesNotPairWithItsOperandsIsRefused) {
  program = ProgramFrom(R"(agraph (float[2] x) => (float[2] z) {
    [z] = higher_order::wrap_with_set_grad_enabled.default(enabled=false, graph=agraph g (float[2] p, float[2] q) => (float[2] p) {}, operands=[x])
  })");
  const Status status = passes::InlineWrappers().Run(program, context);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().rule, "FL1001");
}

// ---- autocast --------------------------------------------------------------------------------------------------------

constexpr std::string_view kAutocast = R"(agraph (float[2,2] x, float[2,2] w) => (bfloat16[2,2] z) {
    [z] = higher_order::wrap_with_autocast.default(device_type="cpu", dtype=bfloat16, enabled=ENABLED, cache_enabled=none,
      graph=agraph g (float[2,2] a, float[2,2] b) => (bfloat16[2,2] d) {
        c = aten::mm.default(self=a, mat2=b)
        e = aten::mm.default(self=a, mat2=c)
        s = aten::softmax.int(self=e, dim=1)
        d = aten::mm.default(self=s, mat2=e)
      }, operands=[x, w])
  })";

ExportedProgram Autocast(std::string_view enabled, DType products) {
  std::string text(kAutocast);
  text.replace(text.find("ENABLED"), 7, enabled);
  ExportedProgram program = ProgramFrom(text);
  Graph& region = NestedIn(program, 0);
  for (const std::string_view name : {"c", "e", "d"}) SetType(region, name, products);
  SetType(region, "s", DType::kFloat);
  return program;
}

TEST_F(WrappersTest, AutocastCastsToTheRecordedTypeOncePerValue) {
  program = Autocast("true", DType::kBFloat16);
  EXPECT_PROGRAM(After(passes::InlineWrappers()), R"(agraph (float[2,2] x, float[2,2] w) => (bfloat16[2,2] d) {
    a = aten::to.dtype(self=x, dtype=bfloat16)
    b = aten::to.dtype(self=w, dtype=bfloat16)
    c = aten::mm.default(self=a, mat2=b)
    e = aten::mm.default(self=a, mat2=c)
    f = aten::to.dtype(self=e, dtype=float)
    s = aten::softmax.int(self=f, dim=1)
    t = aten::to.dtype(self=s, dtype=bfloat16)
    d = aten::mm.default(self=t, mat2=e)
  })");
}

TEST_F(WrappersTest, AutocastThatIsOffCastsNothing) {
  program = Autocast("false", DType::kFloat);
  EXPECT_THAT(After(passes::InlineWrappers()), testing::Not(HasSubstr("aten::to")));
}

TEST_F(WrappersTest, TypesFromBeforeAutocastAreRefusedByName) {
  program = Autocast("true", DType::kFloat);
  const Status status = passes::InlineWrappers().Run(program, context);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().rule, "FL2021");
  EXPECT_THAT(status.error().message, HasSubstr("aten::mm.default"));
}

// ---- unwrap-effects --------------------------------------------------------------------------------------------------

TEST_F(WrappersTest, WithEffectsBecomesTheOperatorAndTokensAreJoined) {
  program = ProgramFrom(R"(agraph (float[0] token, float[2] x) => (float[0] u, float[2] r) {
    [t, none] = higher_order::with_effects.default(token=token, op=op(aten::_print.default), s="hi")
    [u, r] = higher_order::with_effects.default(token=t, op=op(acme::log.default), x=x)
  })");
  EXPECT_PROGRAM(After(passes::UnwrapEffects()), R"(agraph (float[0] token, float[2] x) => (float[0] token, float[2] r) {
    aten::_print.default(s="hi")
    r = acme::log.default(x=x)
  })");
}

TEST_F(WrappersTest, TokensLeaveTheInterface) {
  program = ProgramFrom(R"(agraph (float[0] token, float[2] x) => (float[0] t, float[2] r) {
    [t, none] = higher_order::with_effects.default(token=token, op=op(aten::_print.default), s="hi")
    r = aten::relu.default(self=x)
  })");
  program.inputs[0].kind = InputSpec::Kind::kToken;
  program.outputs[0].kind = OutputSpec::Kind::kToken;
  ASSERT_TRUE(RunProgramPasses(program, context, {}).ok());
  EXPECT_EQ(TextOf(program.graph), Normal("agraph (float[2] x) => (float[2] r) { r = aten::relu.default(self=x) }"));
}

TEST_F(WrappersTest, AutoFunctionalizedBecomesTheFunctionalTwin) {
  EXPECT_PROGRAM(After(passes::UnwrapEffects(), R"(agraph (float[2] x) => (float[2] y) {
    [none, y] = higher_order::auto_functionalized.default(op=op(acme::scale_.default), x=x, k=3)
  })"),
                 "agraph (float[2] x) => (float[2] y) { y = acme::scale_.default(x=x, k=3) }");
  EXPECT_PROGRAM(After(passes::UnwrapEffects(), R"(agraph (float[2] x) => (float[2] y) {
    [none, y] = higher_order::auto_functionalized.default(op=op(aten::add_.Tensor), self=x, other=3)
  })"),
                 "agraph (float[2] x) => (float[2] y) { y = aten::add.Tensor(self=x, other=3) }");
}

TEST_F(WrappersTest, AutoFunctionalizedV2WritesIntoItsBases) {
  EXPECT_PROGRAM(After(passes::UnwrapEffects(), R"(agraph (float[4] b, float[2] x) => (float[2] r, float[4] y) {
    [r, y] = higher_order::auto_functionalized_v2.default(op=op(acme::scale_.default), k=3, _x_base_index=0, _x_slice_dim=0,
                                                          _x_slice_start=1, _x_slice_end=3, _all_bases=[b])
  })"),
                 R"(agraph (float[4] b, float[2] x) => (float[2] r, float[4] y) {
    v = aten::slice.Tensor(self=b, dim=0, start=1, end=3)
    r, w = acme::scale_.default(k=3, x=v)
    y = aten::slice_scatter.default(self=b, src=w, dim=0, start=1, end=3)
  })");
  EXPECT_PROGRAM(After(passes::UnwrapEffects(), R"(agraph (float[4] b) => (float[4] y) {
    [none, y] = higher_order::auto_functionalized_v2.default(op=op(acme::scale_.default), _x_base_index=0, _all_bases=[b])
  })"),
                 "agraph (float[4] b) => (float[4] y) { y = acme::scale_.default(x=b) }");
}

TEST_F(WrappersTest, ABaseThatDoesNotExistIsRefused) {
  program = ProgramFrom(R"(agraph (float[4] b) => (float[4] y) {
    [none, y] = higher_order::auto_functionalized_v2.default(op=op(acme::scale_.default), _x_base_index=1, _all_bases=[b])
  })");
  const Status status = passes::UnwrapEffects().Run(program, context);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().rule, "FL1001");
}

// ---- identity-removal ------------------------------------------------------------------------------------------------

TEST_F(WrappersTest, IdentitiesByTypeGoAndChangesOfTypeStay) {
  program = ProgramFrom(R"(agraph (float[2,n] x) => (float[2,n] z) {
    a = aten::clone.default(self=x)
    b = aten::to.dtype(self=a, dtype=float16)
    c = aten::expand.default(self=b, size=[2, -1])
    d = aten::slice.Tensor(self=c, dim=0, start=0, end=9223372036854775807)
    e = aten::dropout.default(input=d, p=0.5, train=true)
    f = aten::dropout.default(input=e, p=0.5, train=false)
    g = aten::permute.default(self=f, dims=[0, 1])
    z = aten::to.dtype(self=g, dtype=float)
  })");
  Graph& graph = program.graph;
  for (const std::string_view name : {"a", "b", "c", "d", "e", "f", "g"})
    graph.value(ValueNamed(graph, name)).type = Type(name == "a" ? DType::kFloat : DType::kFloat16, Dims{2, Dim("n")});
  EXPECT_PROGRAM(After(passes::IdentityRemoval()), R"(agraph (float[2,n] x) => (float[2,n] z) {
    b = aten::to.dtype(self=x, dtype=float16)
    e = aten::dropout.default(input=b, p=0.5, train=true)
    z = aten::to.dtype(self=e, dtype=float)
  })");
}

TEST_F(WrappersTest, UnknownSizesAndReversedSlicesStay) {
  const std::string text = R"(agraph (float[2] x) => (float[2] z) {
    a = aten::expand.default(self=x, size=[2])
    b = aten::slice.Tensor(self=x, dim=0, step=2)
    c = aten::view.dtype(self=x, dtype=float)
    d = aten::add.Tensor(self=a, other=b)
    z = aten::add.Tensor(self=d, other=c)
  })";
  program = ProgramFrom(text);
  program.graph.value(ValueNamed(program.graph, "b")).type = Type(DType::kFloat, Dims{2});
  program.graph.value(ValueNamed(program.graph, "c")).type = Type(DType::kFloat, Dims{2});
  EXPECT_PROGRAM(After(passes::IdentityRemoval()), text);
}

}  // namespace
}  // namespace fairlead
