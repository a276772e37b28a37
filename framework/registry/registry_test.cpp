#include "registry/registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fairlead {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

fl_str Text(std::string_view text) { return {text.data(), text.size()}; }
fl_status Lower(const fl_call*, const fl_lowering*) { return FL_OK; }

struct RowSpec {
  const char* schema;
  int priority = 0, since = 0, until = 0;
};

// A plugin whose table lies in this process. Tables have no context, so that one plugin is asked at a time.
class FakePlugin {
 public:
  FakePlugin(std::string id, std::vector<RowSpec> specs) {
    for (const RowSpec& spec : specs) {
      fl_lowering row{};
      row.size = sizeof row;
      row.priority = spec.priority;
      row.authored_opset = 18;
      row.since_opset = static_cast<uint32_t>(spec.since);
      row.until_opset = static_cast<uint32_t>(spec.until);
      row.schema = Text(spec.schema);
      row.lower = Lower;
      rows_.push_back(row);
    }
    library_.manifest.id = std::move(id);
    library_.self = this;
    library_.table = [](void* self, fl_str) -> const void* {
      asked = static_cast<FakePlugin*>(self);
      return &kTable;
    };
    plugin_ = std::make_shared<const Plugin>(library_, std::map<std::string, std::string>{});
  }
  const PluginPtr& plugin() const { return plugin_; }
  fl_lowering& row(std::size_t i) { return rows_[i]; }

 private:
  static fl_status Family(uint32_t, fl_lowering_family* out) {
    *out = {sizeof(fl_lowering_family), sizeof(fl_lowering), Text("f"), asked->rows_.data(), asked->rows_.size()};
    return FL_OK;
  }
  static constexpr fl_p_lowering kTable = {sizeof(fl_p_lowering), 1, Family};
  static inline FakePlugin* asked = nullptr;

  std::vector<fl_lowering> rows_;
  PluginLibrary library_;
  PluginPtr plugin_;
};

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
  const FakePlugin low("a.low", {{kSilu, 0}}), high("z.high", {{kSilu, 100}});
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
  const FakePlugin plugin("a", {{kSilu, 0, 0, 0}, {kSilu, 0, 22, 0}});
  const Registry registry = Make({&plugin});
  EXPECT_EQ(registry.Choose(kSiluOp, 23).front()->since, 22);
  EXPECT_EQ(registry.Choose(kSiluOp, 21).front()->since, 0);
  EXPECT_THAT(Reasons(registry, kSiluOp, 21),
              ElementsAre("a taken: the only one that fits", "a not taken: since opset 22, the target is 21"));
}

TEST_F(RegistryTest, TakesUntilAsInclusive) {
  const FakePlugin plugin("a", {{kSilu, 0, 19, 21}});
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
  const FakePlugin a("a", {{kSilu, 0, 0, 21}}), b("b", {{kSilu, 0, 22, 0}});
  (void)Make({&a, &b});
  EXPECT_TRUE(diagnostics_.findings().empty());
}

TEST_F(RegistryTest, FollowsTheUsersChoice) {
  const FakePlugin a("a", {{kSilu, 500}}), b("b", {{kSilu}});
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
  FakePlugin plugin("a", {{"aten::gelu(*, str approximate='none', Tensor self) -> Tensor"}});
  plugin.row(0).unused = 1;  // approximate
  const Registry registry = Make({&plugin});
  ASSERT_EQ(registry.Rows().size(), 1u);
  EXPECT_EQ(registry.Rows()[0]->unused, 2u);
}

TEST_F(RegistryTest, ListsRowsByOperator) {
  const FakePlugin plugin("a", {{kSilu}, {"aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor"}});
  const Registry registry = Make({&plugin});
  std::vector<std::string> ops;
  for (const LoweringRow* row : registry.Rows()) ops.push_back(ToString(row->schema.op));
  EXPECT_THAT(ops, ElementsAre("aten::add.Tensor", "aten::silu.default"));
}

}  // namespace
}  // namespace fairlead
