// Lowerings that misbehave while they run: each is one refused operator in a sentence that names the operator.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <fairlead/testing/lowering.hpp>

#include "ir/text.hpp"
#include "lowering/lowering.hpp"
#include "passes/test_program.hpp"
#include "plugin/rules.hpp"
#include "zoo.hpp"

namespace fairlead {
namespace {

using ::testing::HasSubstr;

constexpr char kCall[] = "acme.hostile(x: f32[2,3]) -> f32[2,3]";

fairlead::testing::Lowered LowerWith(const std::string& name) {
  return fairlead::testing::LowerText({(kZoo / (name + ".fairlead.so")).string()}, kCall, 20);
}

struct Case {
  const char* name;
  const char* rule;
  const char* sentence;
};
void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

class HostileLowering : public ::testing::TestWithParam<Case> {};

TEST_P(HostileLowering, IsRefusedWithItsReason) {
  const auto lowered = LowerWith(GetParam().name);
  ASSERT_FALSE(lowered.ok) << lowered.text;
  EXPECT_EQ(lowered.rule, GetParam().rule);
  EXPECT_THAT(lowered.error, HasSubstr("acme::hostile"));
  EXPECT_THAT(lowered.error, HasSubstr(GetParam().sentence));
}

constexpr Case kCases[] = {
    {"behaviour_unknown_status", "FL2012", "returned status 12345, which the ABI does not have"},
    {"behaviour_declines", "FL2001", "acme::hostile.default: declined"},
    {"behaviour_fails_silently", "FL2012", "by plugin com.acme.behaviour failed: INTERNAL"},
    {"behaviour_no_results", "FL2012", "it returned no results"},
    {"behaviour_results_twice", "FL2012", "malformed call: results were given twice"},
    {"behaviour_too_many_results", "FL2012", "returned 3 results, the operator has 1"},
    {"behaviour_results_huge", "FL2012", "a list of values has 18446744073709551615 elements, the limit is 65536"},
    {"behaviour_results_null", "FL2012", "a list of values is null and has 1 elements"},
    {"behaviour_result_invalid", "FL2012", "a value handle is not from this call"},
    {"behaviour_result_absent", "FL2012", "result 0 is absent"},
    {"behaviour_random_handles", "FL2012", "a value handle is not from this call"},
    {"behaviour_unknown_operator", "FL2012", "ONNX has no operator NoSuchOperator"},
    {"behaviour_operator_of_newer_opset", "FL2012", "Attention exists since opset 23, the target is 20"},
    {"behaviour_operator_without_name", "FL2012", "malformed call: an operator without a name"},
    {"behaviour_outputs_huge", "FL2012", "malformed call: 18446744073709551615 outputs"},
    {"behaviour_inputs_huge", "FL2012", "a list of values has 18446744073709551615 elements, the limit is 65536"},
    {"behaviour_attributes_without_stride", "FL2012", "malformed call: attributes with stride 0"},
    {"behaviour_attributes_huge", "FL2012", "malformed call: 4294967295 attributes"},
    {"behaviour_attribute_of_unknown_kind", "FL2012", "malformed call: attribute kind 77"},
    {"behaviour_attribute_list_huge", "FL2012", "an integer list has 2305843009213693951 elements, the limit is 16777216"},
    {"behaviour_graph_from_thin_air", "FL2012", "a graph attribute names no graph that was ended in this call"},
    {"behaviour_constant_sizes_overflow", "FL2012", "dims of a constant are out of range"},
    {"behaviour_constant_rank_huge", "FL2012", "dims of a constant has 18446744073709551615 elements, the limit is 64"},
    {"behaviour_constant_size_negative", "FL2012", "dims of a constant are out of range"},
    {"behaviour_constant_of_unknown_type", "FL2012", "a constant has data type 4711"},
    {"behaviour_constant_with_too_few_bytes", "FL2012", "a constant of 1000 elements of float has 4 bytes"},
    {"behaviour_other_type_than_recorded", "FL4011", "was captured as float[2,3] but ONNX infers double[2,3]"},
    {"behaviour_other_shape_than_recorded", "FL4010", "was captured as float[2,3] but ONNX infers float[3,2]"},
    {"behaviour_other_rank_than_recorded", "FL4010", "was captured as float[2,3] but ONNX infers float[2]"},
    {"behaviour_subgraph_not_ended", "FL2012", "a nested graph was begun and not ended"},
    {"behaviour_subgraph_ended_twice", "FL2012", "malformed call: subgraph_end without subgraph_begin"},
    {"behaviour_subgraphs_without_end", "FL2012", "graphs are nested more than 64 deep"},
    {"behaviour_argument_unknown", "FL2012", "acme::hostile.default has no parameter nobody"},
    {"behaviour_message_huge", "FL2003", "acme::hostile.default: \xEF\xBF\xBD"},
    {"behaviour_memory_huge", "FL2012", "allocate: 18446744073709551615 bytes after 0, a call may have 268435456"},
    {"throwing_lower_std_exception", "FL2012", "threw an exception: out of ideas"},
    {"throwing_lower_int", "FL2012", "threw an exception that is no std::exception"},
};
INSTANTIATE_TEST_SUITE_P(Zoo, HostileLowering, ::testing::ValuesIn(kCases),
                         [](const auto& param) { return std::string(param.param.name); });

TEST(HostileLowering, IsHarmlessWhereItsWrongCallsAreRefusedAndItsResultIsRight) {
  for (const char* name : {"behaviour_good", "behaviour_context_on_other_thread", "behaviour_context_from_thin_air",
                           "behaviour_null_pointers"}) {
    const auto lowered = LowerWith(name);
    EXPECT_TRUE(lowered.ok) << name << ": " << lowered.error;
  }
}

TEST(HostileLowering, IsRefusedHandlesOfAnEarlierCall) {
  EXPECT_TRUE(LowerWith("behaviour_handle_of_earlier_call").ok);
  const auto second = LowerWith("behaviour_handle_of_earlier_call");
  ASSERT_FALSE(second.ok) << second.text;
  EXPECT_EQ(second.rule, "FL2012");
  EXPECT_THAT(second.error, HasSubstr("a value handle is not from this call"));
}

TEST(HostileLowering, IsStoppedWhenItLowersItselfForEver) {
  const auto lowered = fairlead::testing::LowerText({(kZoo / "behaviour_lowers_itself.fairlead.so").string()},
                                                    "aten.relu(x: f32[2,3]) -> f32[2,3]", 20);
  ASSERT_FALSE(lowered.ok) << lowered.text;
  EXPECT_EQ(lowered.rule, "FL2012");
  EXPECT_THAT(lowered.error, HasSubstr("lowerings call each other more than 64 deep"));
}

// What exporting a graph with this plugin alone comes to: the rule, or nothing.
std::string RuleOf(const std::string& plugin, std::string_view graph) {
  PluginPtr loaded;
  EXPECT_EQ(LoadFile(kZoo / (plugin + ".fairlead.so"), &loaded).message, "");
  Diagnostics diagnostics;
  const Result<Registry> registry = Registry::Make({loaded}, {}, diagnostics);
  const ExportedProgram program = ProgramFrom(graph);
  const Result<Model> model = LowerProgram(program, *registry, {}, diagnostics);
  return model.ok() ? "" : model.error().rule;
}

TEST(HostileLowering, MayDisagreeWithTypesOfResultsThatNobodyReads) {
  const struct {
    const char* plugin;
    const char* rule;
  } cases[] = {{"behaviour_other_type_than_recorded", "FL4011"},
               {"behaviour_other_shape_than_recorded", "FL4010"},
               {"behaviour_other_rank_than_recorded", "FL4010"}};
  for (const auto& [plugin, rule] : cases) {
    EXPECT_EQ(RuleOf(plugin, "agraph (float[2,3] x) => (float[2,3] y) {\n  y = acme::hostile.default(x=x)\n}"), rule);
    EXPECT_EQ(
        RuleOf(plugin, "agraph (float[2,3] x) => (float[2,3] x) {\n  y = acme::hostile.default(x=x)  # float[2,3]\n}"), "");
    // An operator reads it, whose own result nobody reads.
    EXPECT_EQ(RuleOf(plugin,
                     "agraph (float[2,3] x) => (float[2,3] x) {\n  y = acme::hostile.default(x=x)  # float[2,3]\n"
                     "  z = acme::hostile.default(x=y)  # float[2,3]\n}"),
              rule);
  }
}

TEST(HostileLowering, MayInferSizesWherePyTorchRecordedSymbolsOrNothing) {
  for (const char* recorded : {"f32[n,3]", "f32[2,n]", "f32[n,m]"}) {
    const auto lowered = fairlead::testing::LowerText({(kZoo / "behaviour_good.fairlead.so").string()},
                                                      "acme.hostile(x: f32[2,3]) -> " + std::string(recorded), 20);
    EXPECT_TRUE(lowered.ok) << recorded << ": " << lowered.error;
  }
  EXPECT_EQ(fairlead::testing::LowerText({(kZoo / "behaviour_good.fairlead.so").string()},
                                         "acme.hostile(x: f32[2,3]) -> f32[n,4]", 20)
                .rule,
            "FL4010");
}

TEST(HostileRule, IsToldThatItMayNotBuild) {
  PluginSources sources;
  sources.files = {kZoo / "behaviour_rule_builds.fairlead.so"};
  sources.builtin = sources.environment = false;
  Diagnostics diagnostics;
  const auto plugins = PluginLoader(LoweringTables()).Load(sources, FL_KIND_RULE, diagnostics);
  ASSERT_TRUE(plugins.ok()) << plugins.error().message;
  const auto graph = ParseGraph("agraph (float[2] x) => (float[2] y) { y = Relu(x) }");
  ASSERT_TRUE(graph.ok());
  RunRules(*graph, {{"", 20}}, *plugins, diagnostics);
  ASSERT_EQ(diagnostics.findings().size(), 1u);
  EXPECT_EQ(diagnostics.findings()[0].rule, "FL9001");
  EXPECT_THAT(diagnostics.findings()[0].message, HasSubstr("failed with FAILED_PRECONDITION"));
  EXPECT_EQ(diagnostics.exit_code(), 15);
}

}  // namespace
}  // namespace fairlead
