#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "export/export_run.hpp"

namespace fairlead {
namespace {

using testing::HasSubstr;

std::string RuleOf(const ExportOptions& options) {
  const Result<ExportPlan> plan = PlanExport(options);
  return plan.ok() ? "" : plan.error().rule;
}

TEST(ExportPlan, TakesTheDefaults) {
  const Result<ExportPlan> plan = PlanExport({});
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->opset, 20);
  EXPECT_EQ(plan->weights, WeightPolicy::kEmbed);
  EXPECT_EQ(plan->state, StatePolicy::kIo);
  EXPECT_TRUE(plan->plugins.builtin);
}

TEST(ExportPlan, RefusesOpsetsThatCannotBeWritten) {
  for (const int opset : {-1, 0, 17, 27, 1000}) {
    ExportOptions options;
    options.opset = opset;
    EXPECT_EQ(RuleOf(options), "FL9004") << opset;
  }
}

TEST(ExportPlan, RefusesPoliciesThatThereAreNot) {
  ExportOptions weights, state;
  weights.weights = static_cast<ExportOptions::Weights>(77);
  state.state = static_cast<ExportOptions::State>(-1);
  EXPECT_EQ(RuleOf(weights), "FL9004");
  EXPECT_EQ(RuleOf(state), "FL9004");
  EXPECT_EQ(PlanExport(weights).error().message, "weights: 77 is none of the values there are");
}

TEST(ExportPlan, WithoutBuiltinPluginsNoneAreFoundByEnvironment) {
  ExportOptions options;
  options.builtin_plugins = false;
  const Result<ExportPlan> plan = PlanExport(options);
  ASSERT_TRUE(plan.ok());
  EXPECT_FALSE(plan->plugins.builtin);
  EXPECT_FALSE(plan->plugins.environment);
}

TEST(ExportPlan, RefusesUnknownPassesByName) {
  ExportOptions options;
  options.disabled_passes = {"no-such-pass"};
  const Result<ExportPlan> plan = PlanExport(options);
  ASSERT_FALSE(plan.ok());
  EXPECT_THAT(plan.error().message, HasSubstr("no-such-pass"));
  EXPECT_THAT(plan.error().hint, HasSubstr("name-outputs"));
}

TEST(ExportPlan, RefusesToSwitchOffAPassWithoutWhichThereIsNoModel) {
  ExportOptions options;
  options.disabled_passes = {"dead-code", "lift-weights"};
  const Result<ExportPlan> plan = PlanExport(options);
  ASSERT_FALSE(plan.ok());
  EXPECT_EQ(plan.error().rule, "FL9004");
  EXPECT_THAT(plan.error().message, HasSubstr("\"lift-weights\" cannot be switched off"));
  options.disabled_passes = {"dead-code"};
  EXPECT_EQ(RuleOf(options), "");
}

TEST(LoweringChoice, IsAnOperatorAndAPlugin) {
  const Result<LoweringChoice> all = ParseLoweringChoice("aten::add=com.acme.ops");
  ASSERT_TRUE(all.ok());
  EXPECT_EQ(all->op, (OpName{"aten", "add", ""}));
  EXPECT_EQ(all->plugin, "com.acme.ops");
  EXPECT_FALSE(all->forbid);
  const Result<LoweringChoice> one = ParseLoweringChoice("aten::add.Tensor=!fairlead.aten");
  ASSERT_TRUE(one.ok());
  EXPECT_EQ(one->op, (OpName{"aten", "add", "Tensor"}));
  EXPECT_TRUE(one->forbid);
}

TEST(LoweringChoice, OfAnotherFormIsRefused) {
  for (const char* text : {"", "=", "add=x", "aten::=x", "::add=x", "aten::add", "aten::add=", "aten::add=!",
                           "aten::add.=x", "aten::a.b.c=x", "aten add::b=x", "x=aten::add"}) {
    const Result<LoweringChoice> choice = ParseLoweringChoice(text);
    ASSERT_FALSE(choice.ok()) << text;
    EXPECT_EQ(choice.error().rule, "FL9004") << text;
  }
}

TEST(LoweringChoice, ThatContradictsAnotherIsRefused) {
  const auto rule = [](std::vector<std::string> lowerings) {
    ExportOptions options;
    options.lowerings = std::move(lowerings);
    return RuleOf(options);
  };
  EXPECT_EQ(rule({"aten::add=a", "aten::add=b"}), "FL9015");
  EXPECT_EQ(rule({"aten::add=a", "aten::add=!a"}), "FL9015");
  EXPECT_EQ(rule({"aten::add=a", "aten::add=!b", "aten::mul=b", "aten::add.Tensor=b"}), "");
}

}  // namespace
}  // namespace fairlead
