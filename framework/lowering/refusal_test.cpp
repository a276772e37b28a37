// Whose fault a program that is not lowered is said to be: its own, the plugin's, the user's choice or the target's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/text.hpp"
#include "lowering/lowering.hpp"
#include "plugin/testing/fake_plugin.hpp"

namespace fairlead {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;

fl_str Text(std::string_view text) { return {text.data(), text.size()}; }

// ---- lowerings

// The first argument's Relu. Like most plugins it fails when it cannot make sense of an argument.
template <char const* kName, fl_arg_kind kKind> fl_status Reads(const fl_call& call) {
  fl_arg self{}, other{};
  self.size = other.size = sizeof(fl_arg);
  if (const fl_status status = call.aten->arg(call.ctx, call.node, Text("self"), &self); status != FL_OK) return status;
  if (const fl_status status = call.aten->arg(call.ctx, call.node, Text(kName), &other); status != FL_OK) return status;
  if (other.kind != kKind) return call.core->fail(call.ctx, FL_INTERNAL, Text("an argument of an unexpected kind"));
  fl_emit emit{};
  emit.size = sizeof emit;
  emit.op = Text("Relu");
  emit.inputs = &self.value;
  emit.n_inputs = emit.n_outputs = 1;
  fl_value result{};
  if (const fl_status status = call.build->emit(call.ctx, &emit, &result); status != FL_OK) return status;
  return call.build->results(call.ctx, &result, 1);
}
constexpr char kSelf[] = "self", kDim[] = "dim", kNobody[] = "nobody";

fl_status Refuses(const fl_call& call) { return call.core->fail(call.ctx, FL_UNIMPLEMENTED, Text("only on Sundays")); }

fl_status AsksForSiluOfNothing(const fl_call& call) {
  fl_aten_call silu{};
  silu.size = sizeof silu;
  silu.op = Text("aten::silu.default");
  silu.n_results = 1;
  fl_value result{};
  return call.build->aten(call.ctx, &silu, &result);
}

constexpr char kSilu[] = "aten::silu(Tensor self) -> Tensor";
constexpr char kSoftmax[] = "aten::softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor";

class RefusalTest : public testing::Test {
 protected:
  // The findings of lowering the program; empty when it was lowered.
  std::vector<Finding> Lower(std::string_view text, std::vector<LoweringChoice> choices = {}, int opset = 20) {
    Result<Graph> graph = ParseGraph(text);
    EXPECT_TRUE(graph.ok()) << graph.error().message;
    ExportedProgram program;
    program.graph = *std::move(graph);
    for (const ValueId output : program.graph.outputs()) program.outputs.push_back({.value = output});
    Diagnostics diagnostics;
    const auto registry = Registry::Make({plugin_.plugin()}, std::move(choices), diagnostics);
    EXPECT_TRUE(registry.ok()) << registry.error().message;
    const auto model = LowerProgram(program, *registry, {.opset = opset}, diagnostics);
    EXPECT_EQ(model.ok(), diagnostics.findings().empty());
    exit_code_ = diagnostics.exit_code();
    return diagnostics.findings();
  }
  static auto Is(std::string_view rule, std::string_view message) {
    return ElementsAre(testing::AllOf(Field(&Finding::rule, rule), Field(&Finding::level, Level::kError),
                                      Field(&Finding::message, HasSubstr(std::string(message)))));
  }

  FakePlugin plugin_{"com.acme"};
  int exit_code_ = 0;
};

constexpr char kSiluOfX[] = "agraph (float[2] x) => (float[2] z) { z = aten::silu.default(self=x)  # float[2]\n}";

// ---- by whose choice there is no lowering

TEST_F(RefusalTest, IsTheOpsetsWhereANewerOneWouldDo) {
  plugin_.Add({.schema = kSilu, .body = Reads<kSelf, FL_ARG_VALUE>, .since = 23, .authored = 18});
  EXPECT_THAT(Lower(kSiluOfX), Is("FL2005", "aten::silu.default has no lowering for opset 20"));
}

TEST_F(RefusalTest, IsNotTheOpsetsWhereTheUserForbidsTheLowering) {
  plugin_.Add({.schema = kSilu, .body = Reads<kSelf, FL_ARG_VALUE>, .authored = 18});
  const auto findings = Lower(kSiluOfX, {{.op = {"aten", "silu", ""}, .plugin = "com.acme", .forbid = true}});
  EXPECT_THAT(findings, Is("FL2001", "no lowering of aten::silu.default is taken at opset 20"));
  EXPECT_THAT(findings.front().hint, HasSubstr("com.acme: not taken: forbidden by --lowering"));
}

TEST_F(RefusalTest, IsNotTheOpsetsWhereTheLoweringIsOfOlderOnes) {
  plugin_.Add({.schema = kSilu, .body = Reads<kSelf, FL_ARG_VALUE>, .since = 18, .until = 19, .authored = 18});
  EXPECT_THAT(Lower(kSiluOfX), Is("FL2001", "no lowering of aten::silu.default is taken"));
}

TEST_F(RefusalTest, IsNotTheOpsetsWhereOnlyForbiddenLoweringsNeedANewerOne) {
  plugin_.Add({.schema = kSilu, .body = Reads<kSelf, FL_ARG_VALUE>, .since = 23, .authored = 18});
  EXPECT_THAT(Lower(kSiluOfX, {{.op = {"aten", "silu", ""}, .plugin = "com.acme", .forbid = true}}), Is("FL2001", ""));
}

// ---- complex tensors

TEST_F(RefusalTest, IsOfComplexTensorsWhereThereIsNoLowering) {
  const auto findings = Lower(
      "agraph (float[2,2] x) => (float[2,2] z) {\n"
      "  y = aten::view_as_complex.default(self=x)  # complex64[2]\n"
      "  z = aten::view_as_real.default(self=y)  # float[2,2]\n}");
  ASSERT_EQ(findings.size(), 2u);
  for (const Finding& finding : findings) EXPECT_EQ(finding.rule, "FL2014") << finding.message;
  EXPECT_THAT(findings[0].message, HasSubstr("aten::view_as_complex.default"));
  EXPECT_EQ(exit_code_, 11);
}

TEST_F(RefusalTest, IsOfComplexTensorsWhereTheLoweringRefusesThem) {
  plugin_.Add({.schema = kSilu, .body = Refuses, .authored = 18});
  EXPECT_THAT(Lower("agraph (complex64[2] x) => (complex64[2] z) { z = aten::silu.default(self=x)  # complex64[2]\n}"),
              Is("FL2014", "operator aten::silu.default works on complex tensors: aten::silu.default: only on Sundays"));
  EXPECT_THAT(Lower(kSiluOfX), Is("FL2003", "only on Sundays"));
}

TEST_F(RefusalTest, IsOfTheOperatorWhereItIsCustomOrWorksOnRealTensorsToo) {
  plugin_.Add({.schema = kSilu, .body = Reads<kSelf, FL_ARG_VALUE>, .authored = 18});
  EXPECT_THAT(Lower("agraph (complex64[2] x) => (complex64[2] z) { z = acme::turn.default(self=x)  # complex64[2]\n}"),
              Is("FL2004", "acme::turn.default"));
  const auto findings = Lower(
      "agraph (float[2] x, complex64[2] c) => (float[2] y, complex64[2] z) {\n"
      "  y = aten::erfinv.default(self=x)  # float[2]\n"
      "  z = aten::erfinv.default(self=c)  # complex64[2]\n}");
  EXPECT_THAT(findings, ElementsAre(Field(&Finding::rule, "FL2001"), Field(&Finding::rule, "FL2014")));
}

// ---- data types that the target does not have

// Float8 in an input, a weight and in between; the last node has no lowering.
constexpr char kFloat8[] =
    "agraph (float8e4m3fn[2] x, float8e4m3fn[2] unread) => (float[2] z)\n<float8e5m2[2] weight = {1.0, 2.0}> {\n"
    "  a = aten::silu.default(self=x)  # float8e4m3fn[2]\n"
    "  b = aten::silu.default(self=weight)  # float8e5m2[2]\n"
    "  z = acme::join.default(self=a, other=b)  # float[2]\n}";

TEST_F(RefusalTest, IsTheOpsetsWhereItLacksATypeAndNamesAllOfThem) {
  plugin_.Add({.schema = kSilu, .body = Reads<kSelf, FL_ARG_VALUE>, .authored = 18});
  const auto findings = Lower(kFloat8, {}, 18);
  ASSERT_EQ(findings.size(), 3u);
  EXPECT_EQ(findings[0].rule, "FL2004");
  EXPECT_EQ(findings[1].rule, "FL3004");
  EXPECT_EQ(findings[1].message, "float8e4m3fn is a type of ONNX since opset 19, the target is 18: input \"x\"");
  EXPECT_EQ(findings[1].locations.size(), 2u);
  EXPECT_EQ(findings[2].message, "float8e5m2 is a type of ONNX since opset 19, the target is 18: weight \"weight\"");
  EXPECT_THAT(findings[2].hint, HasSubstr("Raise --opset to 19"));
  EXPECT_EQ(exit_code_, 11);
}

TEST_F(RefusalTest, IsNotTheOpsetsForATypeThatNobodyReads) {
  plugin_.Add({.schema = kSilu, .body = Reads<kSelf, FL_ARG_VALUE>, .authored = 18});
  EXPECT_THAT(
      Lower("agraph (float[2] x, float8e5m2[2] y) => (float[2] z) { z = aten::silu.default(self=x)  # float[2]\n}", {}, 18),
      ElementsAre());
}

TEST_F(RefusalTest, IsTheOperatorsWhereItDoesNotTakeAYoungTypeYet) {
  plugin_.Add({.schema = kSilu, .body = Reads<kSelf, FL_ARG_VALUE>, .authored = 18});
  const auto findings =
      Lower("agraph (float8e5m2[2] x) => (float8e5m2[2] z) { z = aten::silu.default(self=x)  # float8e5m2[2]\n}");
  EXPECT_THAT(findings, Is("FL3004", "aten::silu.default: input X of Relu cannot be float8e5m2[2] at opset 20"));
  EXPECT_EQ(findings.front().hint, "Cast around the operation in the model: Relu takes float8e5m2 at no opset.");
  EXPECT_EQ(exit_code_, 11);
}

// ---- arguments

TEST_F(RefusalTest, IsTheProgramsWhereItLacksAnArgument) {
  plugin_.Add({.schema = kSoftmax, .body = Reads<kDim, FL_ARG_I64>, .authored = 18});
  EXPECT_THAT(Lower("agraph (float[2] x) => (float[2] z) { z = aten::softmax.int(self=x)  # float[2]\n}"),
              Is("FL1001", "aten::softmax.int: argument dim is missing in the program"));
  EXPECT_EQ(exit_code_, 10);
}

TEST_F(RefusalTest, IsTheProgramsWhereAnArgumentIsOfAnotherType) {
  plugin_.Add({.schema = kSoftmax, .body = Reads<kDim, FL_ARG_I64>, .authored = 18});
  for (const char* dim : {"\"one\"", "true", "0.5", "[1, 2]"}) {
    const std::string text =
        fmt::format("agraph (float[2] x) => (float[2] z) {{ z = aten::softmax.int(self=x, dim={})  # float[2]\n}}", dim);
    const auto findings = Lower(text);
    ASSERT_EQ(findings.size(), 1u) << dim;
    EXPECT_THAT(findings[0].rule, testing::AnyOf("FL1001", "FL2003")) << dim << findings[0].message;
    EXPECT_THAT(findings[0].message, HasSubstr("dim=")) << dim;
  }
}

TEST_F(RefusalTest, IsNotTheProgramsWhereALoweringMakesSenseOfTheArgument) {
  plugin_.Add({.schema = kSoftmax, .body = Reads<kDim, FL_ARG_BOOL>, .authored = 18});
  EXPECT_THAT(Lower("agraph (float[2] x) => (float[2] z) { z = aten::softmax.int(self=x, dim=true)  # float[2]\n}"),
              ElementsAre());
}

TEST_F(RefusalTest, IsThePluginsWhereItAsksForWhatTheSchemaDoesNotHave) {
  plugin_.Add({.schema = kSilu, .body = Reads<kNobody, FL_ARG_VALUE>, .authored = 18});
  EXPECT_THAT(Lower(kSiluOfX), Is("FL2012", "aten::silu.default has no parameter nobody"));
  EXPECT_EQ(exit_code_, 15);
}

TEST_F(RefusalTest, IsThePluginsWhereItAsksForAnOperatorWithoutItsArguments) {
  plugin_.Add({.schema = kSilu, .body = Reads<kSelf, FL_ARG_VALUE>, .authored = 18});
  plugin_.Add({.schema = "aten::relu(Tensor self) -> Tensor", .body = AsksForSiluOfNothing, .authored = 18});
  EXPECT_THAT(Lower("agraph (float[2] x) => (float[2] z) { z = aten::relu.default(self=x)  # float[2]\n}"),
              Is("FL2012", "argument self was not given"));
  EXPECT_EQ(exit_code_, 15);
}

}  // namespace
}  // namespace fairlead
