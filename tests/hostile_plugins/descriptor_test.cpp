#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "zoo.hpp"

namespace fairlead {
namespace {

using testing::HasSubstr;

struct Case {
  const char* name;
  const char* rule;
  const char* sentence;
};
void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

class HostileDescriptor : public testing::TestWithParam<Case> {};

TEST_P(HostileDescriptor, IsRefusedWithItsReason) {
  const Verdict verdict = LoadFromZoo(GetParam().name);
  EXPECT_EQ(verdict.rule, GetParam().rule);
  EXPECT_THAT(verdict.message, HasSubstr(GetParam().sentence));
  EXPECT_THAT(verdict.message, HasSubstr(GetParam().name)) << "the file is named";
}

constexpr Case kCases[] = {
    {"descriptor_two_manifests", "FL9005", "has two manifests"},
    {"descriptor_no_manifest", "FL9005", "has no Fairlead manifest"},
    {"descriptor_missing_symbol", "FL9005", "nobody_has_this"},
    {"descriptor_promised_table_absent", "FL9005", "its manifest promises table fl.p.lowering/1"},
    {"descriptor_init_fails", "FL9005", "init answered UNAVAILABLE"},
    {"descriptor_init_unknown_status", "FL9005", "init answered 12345, which is no status"},
    {"descriptor_size_zero", "FL9005", "descriptor says it has 0 bytes, wanted 104 to 4096"},
    {"descriptor_size_eight", "FL9005", "descriptor says it has 8 bytes"},
    {"descriptor_size_huge", "FL9005", "descriptor says it has 2147483648 bytes"},
    {"descriptor_unknown_tail", "FL9005", "sets members after byte 104, which this host does not know"},
    {"descriptor_other_abi", "FL9005", "descriptor says ABI 0.7 from 1, its manifest 0.1 from 1"},
    {"descriptor_other_id", "FL9005", "descriptor has the id 'com.acme.other', its manifest 'com.acme.hostile'"},
    {"descriptor_other_version", "FL9005", "descriptor has version '1.0.1', its manifest '1.0.0'"},
    {"descriptor_id_null", "FL9005", "id is empty"},
    {"descriptor_id_wild", "FL9005", "id points to memory that cannot be read"},
    {"descriptor_id_huge", "FL9005", "id claims 18446744073709551615 bytes, at most 95 are allowed"},
    {"descriptor_description_not_utf8", "FL9005", "description is not UTF-8"},
    {"descriptor_table_null", "FL9005", "table does not point to code"},
    {"descriptor_table_in_data", "FL9005", "table does not point to code"},
    {"descriptor_init_wild", "FL9005", "init does not point to code"},
    {"descriptor_options_many", "FL9005", "options: 4294967295 rows, at most 256 are allowed"},
    {"descriptor_options_stride_zero", "FL9005", "options: a stride of 0 bytes"},
    {"descriptor_options_stride_one", "FL9005", "options: a stride of 1 bytes"},
    {"descriptor_options_null", "FL9005", "options: 2 rows at a null pointer"},
    {"descriptor_options_past_end", "FL9005", "256 rows of 4096 bytes, which cannot all be read"},
    {"descriptor_option_default", "FL9005", "default of option threads: 'many' is not an integer"},
    {"descriptor_option_kind", "FL9005", "option kind: kind 77, wanted 0 to 3"},
    {"descriptor_reserved_set", "FL9005", "a reserved member is not zero"},
    {"descriptor_no_entry", "FL9005", "does not export fl_plugin_entry_v1"},
    {"descriptor_entry_null", "FL9005", "fl_plugin_entry_v1 answered null"},
    {"descriptor_entry_wild", "FL9005", "descriptor lies in memory that cannot be read"},
    {"descriptor_entry_misaligned", "FL9005", "descriptor is not aligned"},
    {"throwing_entry", "FL9005", "fl_plugin_entry_v1 threw an exception: not today"},
    {"throwing_init", "FL9005", "init threw an exception: no licence"},
    {"throwing_table", "FL9005", "its manifest promises table fl.p.lowering/1"},
};
INSTANTIATE_TEST_SUITE_P(Zoo, HostileDescriptor, testing::ValuesIn(kCases),
                         [](const auto& param) { return std::string(param.param.name); });

TEST(Loader, LoadsThePluginThatTheOthersAreBrokenFrom) {
  PluginPtr plugin;
  const Verdict verdict = LoadFile(kZoo / "descriptor_good.fairlead.so", &plugin);
  ASSERT_EQ(verdict.message, "");
  EXPECT_EQ(plugin->id(), "com.acme.hostile");
  EXPECT_EQ(plugin->description(), "hostile");
  EXPECT_NE(plugin->Table("fl.p.lowering/1"), nullptr);
}

TEST(Loader, AnswersTheSameLibraryForTheSameFile) {
  PluginPtr first, second;
  ASSERT_EQ(LoadFile(kZoo / "descriptor_good.fairlead.so", &first).message, "");
  ASSERT_EQ(LoadFile(kZoo / "." / "descriptor_good.fairlead.so", &second).message, "");
  EXPECT_EQ(&first->memory(), &second->memory());
}

TEST(Loader, ReportsTheSecondFileOfAnId) {
  const TemporaryFile copy(ReadBytes(kZoo / "descriptor_good.fairlead.so"));
  PluginSources sources;
  sources.files = {kZoo / "descriptor_good.fairlead.so", copy.path()};
  sources.builtin = sources.environment = false;
  Diagnostics diagnostics;
  const auto plugins = PluginLoader({}).Load(sources, 0, diagnostics);
  ASSERT_TRUE(plugins.ok()) << plugins.error().message;
  ASSERT_EQ(plugins->size(), 1u);
  ASSERT_EQ(diagnostics.findings().size(), 1u);
  EXPECT_EQ(diagnostics.findings()[0].rule, "FL9007");
  EXPECT_THAT(diagnostics.findings()[0].message, HasSubstr(copy.path().string()));
}

TEST(Loader, RefusesOptionsThatNobodyDeclares) {
  PluginSources sources;
  sources.files = {kZoo / "descriptor_good.fairlead.so"};
  sources.builtin = sources.environment = false;
  sources.options["com.acme.hostile"]["threads"] = "4";
  sources.options["com.acme.nobody"]["threads"] = "4";
  Diagnostics diagnostics;
  const auto plugins = PluginLoader({}).Load(sources, 0, diagnostics);
  ASSERT_FALSE(plugins.ok());
  EXPECT_EQ(plugins.error().rule, "FL9004");
  ASSERT_EQ(diagnostics.findings().size(), 2u);
  EXPECT_EQ(diagnostics.findings()[0].message, "plugin com.acme.hostile has no option threads");
  EXPECT_EQ(diagnostics.findings()[1].message, "options are given for plugin com.acme.nobody, which is not there");
}

TEST(Loader, OpensOnlyTheKindsThatAreAskedFor) {
  PluginSources sources;
  sources.files = {kZoo / "descriptor_good.fairlead.so"};
  sources.builtin = sources.environment = false;
  Diagnostics diagnostics;
  const auto plugins = PluginLoader({}).Load(sources, FL_KIND_EP, diagnostics);
  ASSERT_TRUE(plugins.ok());
  EXPECT_TRUE(plugins->empty());
}

TEST(Loader, RunsNothingOfAPluginThatItOnlyLists) {
  unsetenv("FAIRLEAD_ZOO_WAS_RUN");
  PluginSources sources;
  sources.files = {kZoo / "descriptor_constructor.fairlead.so"};
  sources.builtin = sources.environment = false;
  Diagnostics diagnostics;
  const auto list = PluginLoader({}).List(sources, diagnostics);
  ASSERT_TRUE(list.ok());
  ASSERT_EQ(list->size(), 1u);
  EXPECT_TRUE(list->front().second.ok());
  EXPECT_EQ(getenv("FAIRLEAD_ZOO_WAS_RUN"), nullptr);
  EXPECT_EQ(LoadFromZoo("descriptor_constructor").message, "");
  EXPECT_NE(getenv("FAIRLEAD_ZOO_WAS_RUN"), nullptr) << "or the test could not fail";
}

TEST(LoaderDeathTest, ShutsDownAndSurvivesWhatIsThrown) {
  EXPECT_EXIT(
      {
        const Verdict verdict = LoadFromZoo("throwing_shutdown");
        ShutdownPlugins();
        std::exit(verdict.message.empty() ? 0 : 1);
      },
      testing::ExitedWithCode(0), "");
}

// Documented, not wished for: nothing outside of such a plugin can catch what it throws.
TEST(LoaderDeathTest, EndsWithAPluginThatThrowsFromItsOwnRuntime) {
  EXPECT_DEATH((void)LoadFromZoo("throwing_static_runtime"), "");
}

}  // namespace
}  // namespace fairlead
