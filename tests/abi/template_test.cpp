// The templates do what their texts say: built out of tree by build_template.py, loaded and called by the real host.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <fairlead/testing/lowering.hpp>

#include "ir/text.hpp"
#include "lowering/lowering.hpp"
#include "plugin/rules.hpp"

namespace fairlead {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Language {
  const char* id;
  const char* file;
};
void PrintTo(const Language& language, std::ostream* out) { *out << language.id; }

class Template : public ::testing::TestWithParam<Language> {
 protected:
  std::filesystem::path file() const { return std::filesystem::path(TEMPLATE_FOLDER) / GetParam().file; }
  PluginPtr Load() const {
    PluginSources sources;
    sources.files = {file()};
    sources.builtin = sources.environment = false;
    Diagnostics diagnostics;
    auto plugins = PluginLoader(LoweringTables()).Load(sources, 0, diagnostics);
    EXPECT_TRUE(plugins.ok()) << plugins.error().message;
    return plugins.ok() ? plugins->front() : nullptr;
  }
  void ExpectLowers(const char* call, const char* wanted) const {
    const auto lowered = fairlead::testing::LowerText({file()}, call, 20);
    ASSERT_TRUE(lowered.ok) << lowered.error;
    std::string difference;
    EXPECT_TRUE(fairlead::testing::SameGraph(lowered.text, wanted, &difference)) << difference;
  }
};
INSTANTIATE_TEST_SUITE_P(Languages, Template,
                         ::testing::Values(Language{"com.acme.c", "c/build/acme_c.fairlead.so"},
                                           Language{"com.acme.cxx", "cxx/build/acme.fairlead.so"}),
                         [](const auto& param) { return std::string(param.param.id).substr(9); });

TEST_P(Template, HasAManifest) {
  const Result<Manifest> manifest = ReadManifest(file());
  ASSERT_TRUE(manifest.ok()) << manifest.error().message;
  EXPECT_EQ(manifest->id, GetParam().id);
  EXPECT_EQ(manifest->version, "1.0.0");
  EXPECT_EQ(manifest->kinds, uint32_t{FL_KIND_LOWERING | FL_KIND_RULE});
}

TEST_P(Template, LowersAnOperatorOfItsOwn) {
  const auto lowered = fairlead::testing::LowerText({file()}, "acme.scaled_relu(x: f32[2,3], scale=2.5) -> f32[2,3]", 20);
  ASSERT_TRUE(lowered.ok) << lowered.error;
  EXPECT_THAT(lowered.text, HasSubstr("Relu("));
  EXPECT_THAT(lowered.text, HasSubstr("Mul("));
  EXPECT_THAT(lowered.text, HasSubstr("2.5"));
}

TEST_P(Template, RefusesAnArgumentInItsOwnWords) {
  const auto lowered = fairlead::testing::LowerText({file()}, "acme.scaled_relu(x: f32[2,3], scale=-1.0) -> f32[2,3]", 20);
  ASSERT_FALSE(lowered.ok);
  EXPECT_THAT(lowered.error, HasSubstr("scale is -1, only numbers from 0 are lowered"));
}

TEST_P(Template, LowersAnOperatorOfPyTorch) {
  ExpectLowers("aten.silu(x: f16[2,n]) -> f16[2,n]",
               "agraph (float16[2,n] x) => (float16[2,n] y) {\n  s = Sigmoid(x)\n  y = Mul(x, s)\n}");
}

TEST_P(Template, TakesPrecedenceByItsPriority) {
  const PluginPtr plugin = Load();
  ASSERT_NE(plugin, nullptr);
  Diagnostics diagnostics;
  const auto registry = Registry::Make({plugin}, {}, diagnostics);
  ASSERT_TRUE(registry.ok());
  const auto candidates = registry->Candidates({"aten", "silu", "default"}, 20);
  ASSERT_EQ(candidates.size(), 1u);
  EXPECT_EQ(candidates[0].row->priority, 100);
}

TEST_P(Template, HasARuleThatFiresOnItsNodeOnly) {
  const PluginPtr plugin = Load();
  ASSERT_NE(plugin, nullptr);
  const auto graph = ParseGraph(
      "agraph (double[2] x, float[2] y) => (double[2] a, float[2] b, double[2] c) {\n"
      "  a = Relu(x)  # double[2]\n  b = Relu(y)  # float[2]\n  c = Sigmoid(x)  # double[2]\n}");
  ASSERT_TRUE(graph.ok()) << graph.error().message;
  Diagnostics diagnostics;
  RunRules(*graph, {{"", 20}}, {plugin}, diagnostics);
  ASSERT_EQ(diagnostics.findings().size(), 1u) << diagnostics.findings().back().message;
  const Finding finding = diagnostics.findings()[0];
  EXPECT_EQ(finding.rule, "ACME001");
  EXPECT_EQ(finding.level, Level::kWarning);
  EXPECT_EQ(finding.plugin, GetParam().id);
  EXPECT_EQ(finding.message, "Relu of a double tensor runs on the processor");
  EXPECT_EQ(finding.hint, "Convert the model with model.float() before the export.");
  ASSERT_EQ(finding.locations.size(), 1u);
  EXPECT_EQ(finding.locations[0].node, "a");
}

}  // namespace
}  // namespace fairlead
