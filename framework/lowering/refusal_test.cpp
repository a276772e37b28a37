// Whose fault a program that is not lowered is said to be: its own, the plugin's, the user's choice or the target's.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ir/text.hpp"
#include "lowering/lowering.hpp"

namespace fairlead {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;

fl_str Text(std::string_view text) { return {text.data(), text.size()}; }

using Body = fl_status (*)(const fl_call*, const fl_lowering*);

// ---- lowerings

// The first argument's Relu. Like most plugins it fails when it cannot make sense of an argument.
template <char const* kName, fl_arg_kind kKind> fl_status Reads(const fl_call* call, const fl_lowering*) {
  fl_arg self{}, other{};
  self.size = other.size = sizeof(fl_arg);
  if (const fl_status status = call->aten->arg(call->ctx, call->node, Text("self"), &self); status != FL_OK) return status;
  if (const fl_status status = call->aten->arg(call->ctx, call->node, Text(kName), &other); status != FL_OK) return status;
  if (other.kind != kKind) return call->core->fail(call->ctx, FL_INTERNAL, Text("an argument of an unexpected kind"));
  fl_emit emit{};
  emit.size = sizeof emit;
  emit.op = Text("Relu");
  emit.inputs = &self.value;
  emit.n_inputs = emit.n_outputs = 1;
  fl_value result{};
  if (const fl_status status = call->build->emit(call->ctx, &emit, &result); status != FL_OK) return status;
  return call->build->results(call->ctx, &result, 1);
}
constexpr char kSelf[] = "self", kDim[] = "dim", kNobody[] = "nobody";

fl_status Refuses(const fl_call* call, const fl_lowering*) {
  return call->core->fail(call->ctx, FL_UNIMPLEMENTED, Text("only on Sundays"));
}

fl_status AsksForSiluOfNothing(const fl_call* call, const fl_lowering*) {
  fl_aten_call silu{};
  silu.size = sizeof silu;
  silu.op = Text("aten::silu.default");
  silu.n_results = 1;
  fl_value result{};
  return call->build->aten(call->ctx, &silu, &result);
}

// ---- a plugin of one row or two, in this process

class OnePlugin {
 public:
  OnePlugin() {
    library_.manifest.id = "com.acme";
    library_.self = this;
    library_.table = [](void* self, fl_str) -> const void* {
      asked = static_cast<OnePlugin*>(self);
      return &kTable;
    };
  }
  void Add(const char* schema, Body lower, uint32_t since = 0, uint32_t until = 0) {
    fl_lowering row{};
    row.size = sizeof row;
    row.authored_opset = 18;
    row.since_opset = since;
    row.until_opset = until;
    row.schema = Text(schema);
    row.lower = lower;
    rows_.push_back(row);
  }
  PluginPtr plugin() const { return std::make_shared<const Plugin>(library_, std::map<std::string, std::string>{}); }

 private:
  static fl_status Family(uint32_t, fl_lowering_family* out) {
    *out = {sizeof(fl_lowering_family), sizeof(fl_lowering), Text("f"), asked->rows_.data(), asked->rows_.size()};
    return FL_OK;
  }
  static constexpr fl_p_lowering kTable = {sizeof(fl_p_lowering), 1, Family};
  static inline OnePlugin* asked = nullptr;

  std::vector<fl_lowering> rows_;
  PluginLibrary library_;
};

constexpr char kSilu[] = "aten::silu(Tensor self) -> Tensor";
constexpr char kSoftmax[] = "aten::softmax.int(Tensor self, int dim, ScalarType? dtype=None) -> Tensor";

class RefusalTest : public testing::Test {
 protected:
  // The findings of lowering the program at opset 20; empty when it was lowered.
  std::vector<Finding> Lower(std::string_view text, std::vector<LoweringChoice> choices = {}) {
    Result<Graph> graph = ParseGraph(text);
    EXPECT_TRUE(graph.ok()) << graph.error().message;
    ExportedProgram program;
    program.graph = *std::move(graph);
    for (const ValueId output : program.graph.outputs()) program.outputs.push_back({.value = output});
    Diagnostics diagnostics;
    const auto registry = Registry::Make({plugin_.plugin()}, std::move(choices), diagnostics);
    EXPECT_TRUE(registry.ok()) << registry.error().message;
    const auto model = LowerProgram(program, *registry, {.opset = 20}, diagnostics);
    EXPECT_EQ(model.ok(), diagnostics.findings().empty());
    exit_code_ = diagnostics.exit_code();
    return diagnostics.findings();
  }
  static auto Is(std::string_view rule, std::string_view message) {
    return ElementsAre(testing::AllOf(Field(&Finding::rule, rule), Field(&Finding::level, Level::kError),
                                      Field(&Finding::message, HasSubstr(std::string(message)))));
  }

  OnePlugin plugin_;
  int exit_code_ = 0;
};

constexpr char kSiluOfX[] = "agraph (float[2] x) => (float[2] z) { z = aten::silu.default(self=x)  # float[2]\n}";

// ---- by whose choice there is no lowering

TEST_F(RefusalTest, IsTheOpsetsWhereANewerOneWouldDo) {
  plugin_.Add(kSilu, Reads<kSelf, FL_ARG_VALUE>, 23);
  EXPECT_THAT(Lower(kSiluOfX), Is("FL2005", "aten::silu.default has no lowering for opset 20"));
}

TEST_F(RefusalTest, IsNotTheOpsetsWhereTheUserForbidsTheLowering) {
  plugin_.Add(kSilu, Reads<kSelf, FL_ARG_VALUE>);
  const auto findings = Lower(kSiluOfX, {{.op = {"aten", "silu", ""}, .plugin = "com.acme", .forbid = true}});
  EXPECT_THAT(findings, Is("FL2001", "no lowering of aten::silu.default is taken at opset 20"));
  EXPECT_THAT(findings.front().hint, HasSubstr("com.acme: not taken: forbidden by --lowering"));
}

TEST_F(RefusalTest, IsNotTheOpsetsWhereTheLoweringIsOfOlderOnes) {
  plugin_.Add(kSilu, Reads<kSelf, FL_ARG_VALUE>, 18, 19);
  EXPECT_THAT(Lower(kSiluOfX), Is("FL2001", "no lowering of aten::silu.default is taken"));
}

TEST_F(RefusalTest, IsNotTheOpsetsWhereOnlyForbiddenLoweringsNeedANewerOne) {
  plugin_.Add(kSilu, Reads<kSelf, FL_ARG_VALUE>, 23);
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
  plugin_.Add(kSilu, Refuses);
  EXPECT_THAT(Lower("agraph (complex64[2] x) => (complex64[2] z) { z = aten::silu.default(self=x)  # complex64[2]\n}"),
              Is("FL2014", "operator aten::silu.default works on complex tensors: aten::silu.default: only on Sundays"));
  EXPECT_THAT(Lower(kSiluOfX), Is("FL2003", "only on Sundays"));
}

TEST_F(RefusalTest, IsOfTheOperatorWhereItIsCustomOrWorksOnRealTensorsToo) {
  plugin_.Add(kSilu, Reads<kSelf, FL_ARG_VALUE>);
  EXPECT_THAT(Lower("agraph (complex64[2] x) => (complex64[2] z) { z = acme::turn.default(self=x)  # complex64[2]\n}"),
              Is("FL2004", "acme::turn.default"));
  const auto findings = Lower(
      "agraph (float[2] x, complex64[2] c) => (float[2] y, complex64[2] z) {\n"
      "  y = aten::erfinv.default(self=x)  # float[2]\n"
      "  z = aten::erfinv.default(self=c)  # complex64[2]\n}");
  EXPECT_THAT(findings, ElementsAre(Field(&Finding::rule, "FL2001"), Field(&Finding::rule, "FL2014")));
}

// ---- arguments

TEST_F(RefusalTest, IsTheProgramsWhereItLacksAnArgument) {
  plugin_.Add(kSoftmax, Reads<kDim, FL_ARG_I64>);
  EXPECT_THAT(Lower("agraph (float[2] x) => (float[2] z) { z = aten::softmax.int(self=x)  # float[2]\n}"),
              Is("FL1001", "aten::softmax.int: argument dim is missing in the program"));
  EXPECT_EQ(exit_code_, 10);
}

TEST_F(RefusalTest, IsTheProgramsWhereAnArgumentIsOfAnotherType) {
  plugin_.Add(kSoftmax, Reads<kDim, FL_ARG_I64>);
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
  plugin_.Add(kSoftmax, Reads<kDim, FL_ARG_BOOL>);
  EXPECT_THAT(Lower("agraph (float[2] x) => (float[2] z) { z = aten::softmax.int(self=x, dim=true)  # float[2]\n}"),
              ElementsAre());
}

TEST_F(RefusalTest, IsThePluginsWhereItAsksForWhatTheSchemaDoesNotHave) {
  plugin_.Add(kSilu, Reads<kNobody, FL_ARG_VALUE>);
  EXPECT_THAT(Lower(kSiluOfX), Is("FL2012", "aten::silu.default has no parameter nobody"));
  EXPECT_EQ(exit_code_, 15);
}

TEST_F(RefusalTest, IsThePluginsWhereItAsksForAnOperatorWithoutItsArguments) {
  plugin_.Add(kSilu, Reads<kSelf, FL_ARG_VALUE>);
  plugin_.Add("aten::relu(Tensor self) -> Tensor", AsksForSiluOfNothing);
  EXPECT_THAT(Lower("agraph (float[2] x) => (float[2] z) { z = aten::relu.default(self=x)  # float[2]\n}"),
              Is("FL2012", "argument self was not given"));
  EXPECT_EQ(exit_code_, 15);
}

}  // namespace
}  // namespace fairlead
