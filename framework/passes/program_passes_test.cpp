// drop-assertions, state, dead-code, lift-weights, name-outputs and the pipeline that orders them.
#include <gmock/gmock.h>

#include "passes/passes.hpp"
#include "passes/test_program.hpp"

namespace fairlead {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using InputKind = InputSpec::Kind;
using OutputKind = OutputSpec::Kind;

struct ProgramPassesTest : testing::Test {
  Diagnostics diagnostics;
  PassContext context{.diagnostics = diagnostics};

  std::vector<std::string> Rules() const {
    std::vector<std::string> out;
    for (const Finding& finding : diagnostics.findings()) out.push_back(finding.rule);
    return out;
  }
};

std::vector<std::string> OutputNames(const ExportedProgram& program) {
  std::vector<std::string> out;
  for (const OutputSpec& spec : program.outputs) out.push_back(spec.name);
  return out;
}

std::vector<std::string> ValueNames(const Graph& graph, const std::vector<ValueId>& values) {
  std::vector<std::string> out;
  for (const ValueId value : values) out.push_back(graph.value(value).name);
  return out;
}

// ---- canonical-names -------------------------------------------------------------------------------------------------

TEST_F(ProgramPassesTest, CanonicalNamesGoByPositionAndKeepTheirDefaults) {
  ExportedProgram program = ProgramFrom(R"(agraph (float[2,3] x) => (float[2,3] y, float[2] z) {
    a = aten::special_round.default(self=x)
    y = aten::arccos.default(self=a)
    z = aten::linalg_diagonal.default(A=x, offset=1)
  })");
  ASSERT_TRUE(RunPass(passes::CanonicalNames(), program, context).ok());
  EXPECT_EQ(TextOf(program.graph), Normal(R"(agraph (float[2,3] x) => (float[2,3] y, float[2] z) {
    a = aten::round.decimals(self=x, decimals=0)
    y = aten::acos.default(self=a)
    z = aten::diagonal.default(self=x, offset=1, dim1=-2, dim2=-1)
  })"));
}

// ---- dead-code -------------------------------------------------------------------------------------------------------

TEST_F(ProgramPassesTest, DeadCodeRemovesChainsNobodyReads) {
  ExportedProgram program = ProgramFrom(R"(agraph (float[2] x) => (float[2] z) {
    a = aten::neg.default(self=x)
    b = aten::neg.default(self=a)
    z = aten::relu.default(self=x)
  })");
  ASSERT_TRUE(RunPass(passes::ProgramDeadCode(), program, context).ok());
  EXPECT_EQ(TextOf(program.graph), Normal("agraph (float[2] x) => (float[2] z) { z = aten::relu.default(self=x) }"));
}

TEST_F(ProgramPassesTest, DeadCodeKeepsUnknownOperatorsWithoutResults) {
  ExportedProgram program = ProgramFrom(R"(agraph (float[2] x) => (float[2] z) {
    acme::log.default(x=x)
    z = aten::relu.default(self=x)
  })");
  ASSERT_TRUE(RunPass(passes::ProgramDeadCode(), program, context).ok());
  EXPECT_THAT(TextOf(program.graph), HasSubstr("acme::log.default"));
}

TEST_F(ProgramPassesTest, DeadCodeReachesNestedGraphsAndTheirCaptures) {
  Model model = ModelFrom(R"(agraph (bool[] p, float[2] x) => (float[2] z) {
    a = Neg(x)
    z = If<then_branch = agraph t () => (float[2] r) { dead = Neg(a) r = Relu(x) },
           else_branch = agraph e () => (float[2] s) { s = Abs(x) }>(p)
  })");
  ASSERT_TRUE(RunPass(passes::ModelDeadCode(), model, context).ok());
  EXPECT_EQ(model.graph.order().size(), 1u);
  EXPECT_THAT(TextOf(model.graph), testing::Not(HasSubstr("dead")));
}

TEST_F(ProgramPassesTest, DeadCodeDropsInitializersNobodyReadsButNotDefaultsOfInputs) {
  Model model = ModelFrom(R"(agraph (float[2] x) => (float[2] z) <float[2] unused = {1.0, 2.0}, float[2] w = {1.0, 2.0}> {
    z = Add(x, w)
  })");
  const ValueId state = model.graph.AddInitializer("state", Tensor::Ints(std::vector<int64_t>{1}));
  model.graph.mutable_inputs().push_back(state);
  ASSERT_TRUE(RunPass(passes::ModelDeadCode(), model, context).ok());
  std::vector<std::string> names;
  for (const Initializer& initializer : model.graph.initializers())
    names.push_back(model.graph.value(initializer.value).name);
  EXPECT_THAT(names, ElementsAre("w", "state"));
}

// ---- drop-assertions -------------------------------------------------------------------------------------------------

TEST_F(ProgramPassesTest, PrintsAreLeftOutWithAWord) {
  ExportedProgram program = ProgramFrom(R"(agraph (float[2] x) => (float[2] z) {
    aten::_print.default(s="hi")
    higher_order::print.default(arg0="x is {}", arg1=x)
    z = aten::relu.default(self=x)
  })");
  ASSERT_TRUE(RunPass(passes::DropAssertions(), program, context).ok());
  EXPECT_EQ(program.graph.order().size(), 1u);
  EXPECT_THAT(Rules(), ElementsAre("FL1008", "FL1008"));
}

TEST_F(ProgramPassesTest, AssertionsGoAndTheComparisonThatFedThemIsDead) {
  ExportedProgram program = ProgramFrom(R"(agraph (float[2] x) => (float[2] z) {
    n = aten::item.default(self=x)
    ok = python::ge.default(a=n, b=0)
    aten::_assert_scalar.default(self=ok, assert_msg="n >= 0")
    aten::sym_constrain_range_for_size.default(size=n)
    z = aten::relu.default(self=x)
  })");
  ASSERT_TRUE(RunPass(passes::DropAssertions(), program, context).ok());
  ASSERT_TRUE(RunPass(passes::ProgramDeadCode(), program, context).ok());
  EXPECT_EQ(TextOf(program.graph), Normal("agraph (float[2] x) => (float[2] z) { z = aten::relu.default(self=x) }"));
  EXPECT_THAT(Rules(), ElementsAre("FL1007"));
}

TEST_F(ProgramPassesTest, FunctionalAssertionsGoWithTheirTokens) {
  ExportedProgram program = ProgramFrom(R"(agraph (bool[] p) => (bool[] z) {
    t = aten::_make_dep_token.default()
    u = aten::_functional_assert_async.msg(self=p, assert_msg="p", dep_token=t)
    v = aten::_functional_assert_async.msg(self=p, assert_msg="p", dep_token=u)
    z = aten::logical_not.default(self=p)
  })");
  ASSERT_TRUE(RunPass(passes::DropAssertions(), program, context).ok());
  EXPECT_EQ(program.graph.order().size(), 1u);
  EXPECT_EQ(diagnostics.findings().size(), 1u);
}

TEST_F(ProgramPassesTest, MetadataChecksGoWithoutAWord) {
  ExportedProgram program = ProgramFrom(R"(agraph (float[2] x) => (float[2] z) {
    aten::_assert_tensor_metadata.default(a=x)
    z = aten::relu.default(self=x)
  })");
  ASSERT_TRUE(RunPass(passes::DropAssertions(), program, context).ok());
  EXPECT_EQ(program.graph.order().size(), 1u);
  EXPECT_THAT(Rules(), ElementsAre());
}

// ---- state and lift-weights ------------------------------------------------------------------------------------------

ExportedProgram Counter() {
  ExportedProgram program = ProgramFrom(R"(agraph (int64[] b_count, float[2] p_w, float[2] x) => (float[2] z) {
    next = aten::add.Tensor(self=b_count, other=1)
    z = aten::mul.Tensor(self=x, other=p_w)
  })");
  MakeWeight(program, "b_count", InputKind::kBuffer, "counter.count", Tensor::Scalar<int64_t>(DType::kInt64, 3));
  MakeWeight(program, "p_w", InputKind::kParameter, "w", Tensor::Owned(DType::kFloat, {2}, std::vector<std::byte>(8)));
  AddMutation(program, "next", OutputKind::kBufferMutation, "counter.count");
  return program;
}

TEST_F(ProgramPassesTest, StateIoPairsAnOutputWithAnInputThatHasADefault) {
  ExportedProgram program = Counter();
  ASSERT_TRUE(RunProgramPasses(program, context, {}).ok());
  EXPECT_THAT(OutputNames(program), ElementsAre("output_0", "counter.count.next"));
  EXPECT_THAT(ValueNames(program.graph, program.graph.inputs()), ElementsAre("x", "counter.count"));
  EXPECT_THAT(program.dropped_state, ElementsAre());
  const Tensor* value = program.graph.FindInitializer(program.graph.inputs()[1]);
  ASSERT_NE(value, nullptr);
  EXPECT_EQ(value->AsInts()->front(), 3);
  EXPECT_THAT(Rules(), ElementsAre("FL5002"));
}

TEST_F(ProgramPassesTest, StateDropLosesTheUpdateWithAWarning) {
  ExportedProgram program = Counter();
  context.state = StatePolicy::kDrop;
  ASSERT_TRUE(RunProgramPasses(program, context, {}).ok());
  EXPECT_THAT(OutputNames(program), ElementsAre("output_0"));
  EXPECT_THAT(ValueNames(program.graph, program.graph.inputs()), ElementsAre("x"));
  EXPECT_EQ(program.graph.initializers().size(), 1u);
  EXPECT_EQ(program.graph.order().size(), 1u);
  EXPECT_THAT(program.dropped_state, ElementsAre("counter.count"));
  ASSERT_THAT(Rules(), ElementsAre("FL5001"));
  EXPECT_EQ(diagnostics.worst(), Level::kWarning);
}

TEST_F(ProgramPassesTest, AProgramWithoutAnOutputIsRefused) {
  ExportedProgram program = ProgramFrom("agraph (float[2] x) => () {\n  z = aten::neg.default(self=x)\n}");
  ASSERT_TRUE(RunProgramPasses(program, context, {}).ok());
  ASSERT_FALSE(context.refused.ok());
  EXPECT_EQ(context.refused.error().rule, "FL5010");
  EXPECT_EQ(ExitCode(context.refused), 11);
}

TEST_F(ProgramPassesTest, StepsOfTrainingAreRefused) {
  ExportedProgram program = Counter();
  AddMutation(program, "next", OutputKind::kGradient, "w");
  const Status status = RunPass(passes::State(), program, context);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().rule, "FL1005");
  EXPECT_EQ(ExitCode(status), 11);
  EXPECT_THAT(status.error().message, HasSubstr("\"w\""));
}

TEST_F(ProgramPassesTest, StateErrorRefusesWithExitElevenWhereTheNewValueIsMade) {
  ExportedProgram program = Counter();
  context.state = StatePolicy::kError;
  ASSERT_TRUE(RunProgramPasses(program, context, {}).ok());  // for the sake of what else there is to say
  ASSERT_FALSE(context.refused.ok());
  EXPECT_EQ(context.refused.error().rule, "FL5001");
  EXPECT_EQ(ExitCode(context.refused), 11);
  const Finding finding = diagnostics.findings().front();
  EXPECT_EQ(finding.level, Level::kError);
  EXPECT_THAT(finding.message, HasSubstr("counter.count"));
  ASSERT_EQ(finding.locations.size(), 1u);
  EXPECT_EQ(finding.locations[0].node, "next");
}

TEST_F(ProgramPassesTest, MutatedInputsComeAfterBuffersEachInPlaceholderOrder) {
  ExportedProgram program = ProgramFrom(R"(agraph (float[2] b1, float[2] x, float[2] b0, float[2] y) => (float[2] z) {
    a = aten::neg.default(self=y)
    b = aten::neg.default(self=b0)
    c = aten::neg.default(self=b1)
    d = aten::neg.default(self=x)
    z = aten::add.Tensor(self=x, other=y)
  })");
  const Tensor two = Tensor::Owned(DType::kFloat, {2}, std::vector<std::byte>(8));
  MakeWeight(program, "b1", InputKind::kBuffer, "m.b1", two);
  MakeWeight(program, "b0", InputKind::kBuffer, "m.b0", two);
  AddMutation(program, "a", OutputKind::kInputMutation, "y");
  AddMutation(program, "b", OutputKind::kBufferMutation, "m.b0");
  AddMutation(program, "d", OutputKind::kInputMutation, "x");
  AddMutation(program, "c", OutputKind::kBufferMutation, "m.b1");
  ASSERT_TRUE(RunProgramPasses(program, context, {}).ok());
  EXPECT_THAT(OutputNames(program), ElementsAre("output_0", "m.b1.next", "m.b0.next", "x.next", "y.next"));
  EXPECT_THAT(ValueNames(program.graph, program.graph.inputs()), ElementsAre("x", "y", "m.b1", "m.b0"));
  EXPECT_THAT(Rules(), ElementsAre("FL5002", "FL5003"));
}

TEST_F(ProgramPassesTest, AMutationOfNoInputIsRefused) {
  ExportedProgram program = Counter();
  program.outputs.back().target = "nothing";
  const Status status = RunProgramPasses(program, context, {});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().rule, "FL1001");
}

TEST_F(ProgramPassesTest, UnreadWeightsGoAndUnreadUserInputsStay) {
  ExportedProgram program = ProgramFrom(R"(agraph (float[2] p_w, float[2] x, float[2] y) => (float[2] z) {
    z = aten::relu.default(self=y)
  })");
  MakeWeight(program, "p_w", InputKind::kParameter, "w", Tensor::Owned(DType::kFloat, {2}, std::vector<std::byte>(8)));
  ASSERT_TRUE(RunProgramPasses(program, context, {}).ok());
  EXPECT_THAT(ValueNames(program.graph, program.graph.inputs()), ElementsAre("x", "y"));
  EXPECT_TRUE(program.graph.initializers().empty());
}

TEST_F(ProgramPassesTest, AWeightThatTheArchiveLacksIsNamed) {
  ExportedProgram program = Counter();
  program.weights.erase("w");
  const Status status = RunProgramPasses(program, context, {});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().rule, "FL1009");
  EXPECT_THAT(status.error().message, HasSubstr("\"w\""));
}

TEST_F(ProgramPassesTest, ACustomObjectThatIsReadIsRefused) {
  ExportedProgram program = ProgramFrom("agraph (float[2] obj) => (float[2] z) { z = aten::relu.default(self=obj) }");
  program.inputs[0].kind = InputKind::kCustomObject;
  program.inputs[0].target = "acme::Packed";
  const Status status = RunProgramPasses(program, context, {});
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(status.error().message, HasSubstr("acme::Packed"));
}

// ---- name-outputs ----------------------------------------------------------------------------------------------------

TEST_F(ProgramPassesTest, OutputsAreCalledByTheirPathElseByTheirNumber) {
  ExportedProgram program = ProgramFrom(R"(agraph (float[2] x) => (float[2] a, float[2] b) {
    a = aten::relu.default(self=x)
    b = aten::neg.default(self=x)
  })");
  program.outputs[0].name = "past.0.key";
  ASSERT_TRUE(RunPass(passes::NameOutputs(), program, context).ok());
  EXPECT_THAT(OutputNames(program), ElementsAre("past.0.key", "output_1"));
}

TEST_F(ProgramPassesTest, ANameThatIsTakenGetsANumber) {
  ExportedProgram program = ProgramFrom("agraph (float[2] x) => (float[2] a) { a = aten::relu.default(self=x) }");
  program.outputs[0].name = "x";
  ASSERT_TRUE(RunPass(passes::NameOutputs(), program, context).ok());
  EXPECT_THAT(OutputNames(program), ElementsAre("x_1"));
  EXPECT_THAT(Rules(), ElementsAre("FL7001"));
}

// ---- pipeline --------------------------------------------------------------------------------------------------------

TEST_F(ProgramPassesTest, UnknownPassNamesAreUsageErrors) {
  ExportedProgram program = Counter();
  const Status status = RunProgramPasses(program, context, std::vector<std::string>{"no-such-pass"});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().rule, "FL9004");
  EXPECT_EQ(ExitCode(status), 2);
  EXPECT_THAT(status.error().message, HasSubstr("dead-code"));
}

TEST_F(ProgramPassesTest, RequiredPassesCannotBeSwitchedOff) {
  ExportedProgram program = Counter();
  const Status status = RunProgramPasses(program, context, std::vector<std::string>{"lift-weights"});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().rule, "FL9004");
}

TEST_F(ProgramPassesTest, ADisabledPassIsSkipped) {
  ExportedProgram program = Counter();
  context.state = StatePolicy::kDrop;
  ASSERT_TRUE(RunProgramPasses(program, context, std::vector<std::string>{"dead-code"}).ok());
  EXPECT_EQ(program.graph.order().size(), 2u);
}

}  // namespace
}  // namespace fairlead
