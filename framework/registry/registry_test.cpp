#include "registry/registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugin/testing/fake_plugin.hpp"

namespace fairlead {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kSilu[] = "aten::silu(Tensor self) -> Tensor";
const OpName kSiluOp{"aten", "silu", "default"};

class RegistryTest : public testing::Test {
 protected:
  Registry Make(std::vector<const FakePlugin*> plugins, std::vector<LoweringChoice> choices = {}) {
    std::vector<PluginPtr> loaded;
    for (const FakePlugin* plugin : plugins) loaded.push_back(plugin->plugin());
    auto registry = Registry::Make(loaded, std::move(choices), diagnostics_);
    EXPECT_TRUE(registry.ok()) << registry.error().message;
    return *std::move(registry);
  }
  static std::vector<std::string> Ids(const std::vector<const LoweringRow*>& rows) {
    std::vector<std::string> ids;
    for (const LoweringRow* row : rows) ids.push_back(row->plugin->id());
    return ids;
  }
  static std::vector<std::string> Reasons(const Registry& registry, const OpName& op, int opset) {
    std::vector<std::string> reasons;
    for (const Candidate& candidate : registry.Candidates(op, opset)) {
      reasons.push_back(candidate.row->plugin->id() + " " + candidate.reason);
    }
    return reasons;
  }
  Diagnostics diagnostics_;
};

TEST_F(RegistryTest, PutsPriorityFirst) {
  const FakePlugin low("a.low", {{.schema = kSilu, .priority = 0}}), high("z.high", {{.schema = kSilu, .priority = 100}});
  const Registry registry = Make({&low, &high});
  EXPECT_THAT(Ids(registry.Choose(kSiluOp, 20)), ElementsAre("z.high", "a.low"));
  EXPECT_THAT(Reasons(registry, kSiluOp, 20), ElementsAre("z.high taken before a.low: priority 100 before 0",
                                                          "a.low tried if z.high declines: priority 100 before 0"));
}

TEST_F(RegistryTest, PutsARowForTheOverloadBeforeOneForAny) {
  const FakePlugin any("a.any", {{"acme::f.*(Tensor x) -> Tensor"}}),
      exact("z.exact", {{"acme::f.Tensor(Tensor x) -> Tensor"}});
  const Registry registry = Make({&any, &exact});
  EXPECT_THAT(Ids(registry.Choose({"acme", "f", "Tensor"}, 20)), ElementsAre("z.exact", "a.any"));
  EXPECT_THAT(Ids(registry.Choose({"acme", "f", "Scalar"}, 20)), ElementsAre("a.any"));
  EXPECT_TRUE(registry.Choose({"acme", "g", "Tensor"}, 20).empty());
  EXPECT_EQ(registry.Candidates({"acme", "f", "Tensor"}, 20)[0].reason,
            "taken before a.any: a row for this overload before one for any");
}

TEST_F(RegistryTest, PutsTheNewestOpsetBeforeOlderOnes) {
  const FakePlugin plugin("a", {{.schema = kSilu}, {.schema = kSilu, .since = 22}});
  const Registry registry = Make({&plugin});
  EXPECT_EQ(registry.Choose(kSiluOp, 23).front()->since, 22);
  EXPECT_EQ(registry.Choose(kSiluOp, 21).front()->since, 0);
  EXPECT_THAT(Reasons(registry, kSiluOp, 21),
              ElementsAre("a taken: the only one that fits", "a not taken: since opset 22, the target is 21"));
}

TEST_F(RegistryTest, TakesUntilAsInclusive) {
  const FakePlugin plugin("a", {{.schema = kSilu, .since = 19, .until = 21}});
  const Registry registry = Make({&plugin});
  for (const auto& [opset, fits] : {std::pair(18, 0u), {19, 1u}, {21, 1u}, {22, 0u}}) {
    EXPECT_EQ(registry.Choose(kSiluOp, opset).size(), fits) << opset;
  }
}

TEST_F(RegistryTest, DoesNotDependOnTheOrderOfLoading) {
  const FakePlugin a("a", {{kSilu}}), b("b", {{kSilu}}), c("c", {{kSilu}});
  EXPECT_THAT(Ids(Make({&a, &b, &c}).Choose(kSiluOp, 20)), ElementsAre("a", "b", "c"));
  EXPECT_THAT(Ids(Make({&c, &a, &b}).Choose(kSiluOp, 20)), ElementsAre("a", "b", "c"));
}

TEST_F(RegistryTest, SaysWhereOnlyTheIdsOfPluginsDecide) {
  const FakePlugin a("a", {{kSilu}, {"aten::relu(Tensor self) -> Tensor"}}),
      b("b", {{kSilu}, {"aten::relu(Tensor self) -> Tensor"}});
  (void)Make({&a, &b});
  ASSERT_EQ(diagnostics_.findings().size(), 1u) << "one for the two plugins, not one for each operator";
  EXPECT_EQ(diagnostics_.findings()[0].rule, "FL2011");
  EXPECT_EQ(diagnostics_.findings()[0].level, Level::kNote);
  EXPECT_THAT(diagnostics_.findings()[0].message, HasSubstr("aten::relu.default (and 1 more) is lowered by a and by b"));
}

TEST_F(RegistryTest, IsSilentWhereRowsDoNotMeet) {
  const FakePlugin a("a", {{.schema = kSilu, .until = 21}}), b("b", {{.schema = kSilu, .since = 22}});
  (void)Make({&a, &b});
  EXPECT_TRUE(diagnostics_.findings().empty());
}

TEST_F(RegistryTest, FollowsTheUsersChoice) {
  const FakePlugin a("a", {{.schema = kSilu, .priority = 500}}), b("b", {{kSilu}});
  const Registry named = Make({&a, &b}, {{.op = {"aten", "silu", ""}, .plugin = "b"}});
  EXPECT_THAT(Ids(named.Choose(kSiluOp, 20)), ElementsAre("b"));
  EXPECT_THAT(Reasons(named, kSiluOp, 20),
              ElementsAre("b taken: the only one that fits", "a not taken: --lowering names b"));
  const Registry forbidden = Make({&a, &b}, {{.op = kSiluOp, .plugin = "a", .forbid = true}});
  EXPECT_THAT(Ids(forbidden.Choose(kSiluOp, 20)), ElementsAre("b"));
}

TEST_F(RegistryTest, RefusesChoicesThatNameNobody) {
  const FakePlugin a("a", {{kSilu}});
  for (const LoweringChoice& choice :
       {LoweringChoice{kSiluOp, "nobody"}, LoweringChoice{{"aten", "relu", ""}, "a"},
        LoweringChoice{{"aten", "relu", ""}, "a", true}, LoweringChoice{kSiluOp, "nobody", true}}) {
    const auto registry = Registry::Make({a.plugin()}, {choice}, diagnostics_);
    ASSERT_FALSE(registry.ok());
    EXPECT_EQ(registry.error().rule, "FL9004");
  }
}

TEST_F(RegistryTest, TranslatesMasksToPyTorchsParameters) {
  // PyTorch: gelu(Tensor self, *, str approximate='none'); the row has its parameters the other way round.
  const FakePlugin plugin("a", {{.schema = "aten::gelu(*, str approximate='none', Tensor self) -> Tensor", .unused = 1}});
  const Registry registry = Make({&plugin});
  ASSERT_EQ(registry.Rows().size(), 1u);
  EXPECT_EQ(registry.Rows()[0]->unused, 2u);
}

TEST_F(RegistryTest, ListsRowsByOperator) {
  const FakePlugin plugin("a", {{kSilu}, {"aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor"}});
  const Registry registry = Make({&plugin});
  std::vector<std::string> ops;
  for (const LoweringRow* row : registry.Rows()) ops.push_back(ToString(row->op));
  EXPECT_THAT(ops, ElementsAre("aten::add.Tensor", "aten::silu.default"));
}

}  // namespace
}  // namespace fairlead
