// Lowerings that misbehave while they run: each is one refused operator in a sentence that names the operator.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <fairlead/testing/lowering.hpp>

#include "ir/text.hpp"
#include "lowering/lowering.hpp"
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
  const char* sentence;
};
void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

class HostileLowering : public ::testing::TestWithParam<Case> {};

TEST_P(HostileLowering, IsRefusedWithItsReason) {
  const auto lowered = LowerWith(GetParam().name);
  ASSERT_FALSE(lowered.ok) << lowered.text;
  EXPECT_THAT(lowered.error, HasSubstr("acme::hostile"));
  EXPECT_THAT(lowered.error, HasSubstr(GetParam().sentence));
}

constexpr Case kCases[] = {
    {"behaviour_unknown_status", "returned status 12345, which the ABI does not have"},
    {"behaviour_declines", "declined"},
    {"behaviour_fails_silently", "INTERNAL"},
    {"behaviour_no_results", "returned no results"},
    {"behaviour_results_twice", ""},
    {"behaviour_too_many_results", "3"},
    {"behaviour_results_huge", "18446744073709551615"},
    {"behaviour_results_null", ""},
    {"behaviour_result_invalid", ""},
    {"behaviour_result_absent", ""},
    {"behaviour_random_handles", ""},
    {"behaviour_unknown_operator", "NoSuchOperator"},
    {"behaviour_operator_of_newer_opset", "Attention"},
    {"behaviour_operator_without_name", ""},
    {"behaviour_outputs_huge", ""},
    {"behaviour_inputs_huge", ""},
    {"behaviour_attributes_without_stride", ""},
    {"behaviour_attribute_of_unknown_kind", "77"},
    {"behaviour_attribute_list_huge", ""},
    {"behaviour_graph_from_thin_air", ""},
    {"behaviour_constant_sizes_overflow", ""},
    {"behaviour_constant_rank_huge", ""},
    {"behaviour_constant_size_negative", ""},
    {"behaviour_constant_of_unknown_type", ""},
    {"behaviour_constant_with_too_few_bytes", ""},
    {"behaviour_other_type_than_recorded", "double"},
    {"behaviour_subgraph_not_ended", "a nested graph was begun and not ended"},
    {"behaviour_subgraph_ended_twice", ""},
    {"behaviour_subgraphs_without_end", ""},
    {"behaviour_argument_unknown", "nobody"},
    {"behaviour_message_huge", "\xEF\xBF\xBD"},
    {"behaviour_memory_huge", "18446744073709551615 bytes"},
    {"throwing_lower_std_exception", "threw an exception: out of ideas"},
    {"throwing_lower_int", "threw an exception that is no std::exception"},
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
  EXPECT_FALSE(second.ok) << second.text;
}

TEST(HostileLowering, IsStoppedWhenItLowersItselfForEver) {
  const auto lowered = fairlead::testing::LowerText({(kZoo / "behaviour_lowers_itself.fairlead.so").string()},
                                                    "aten.relu(x: f32[2,3]) -> f32[2,3]", 20);
  ASSERT_FALSE(lowered.ok) << lowered.text;
  EXPECT_THAT(lowered.error, HasSubstr("lowerings call each other more than 64 deep"));
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
}

}  // namespace
}  // namespace fairlead
