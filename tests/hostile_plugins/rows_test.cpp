#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "registry/registry.hpp"
#include "zoo.hpp"

namespace fairlead {
namespace {

using testing::HasSubstr;

struct Case {
  const char* name;
  const char* sentence;
};
void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

// The registry of one plugin, and what was said while it was read.
struct Reading {
  Result<Registry> registry = Status();
  std::vector<Finding> findings;
};
Reading ReadFromZoo(const std::string& name) {
  PluginPtr plugin;
  const Verdict verdict = LoadFile(kZoo / (name + ".fairlead.so"), &plugin);
  EXPECT_EQ(verdict.message, "");
  Diagnostics diagnostics;
  Reading reading;
  if (plugin != nullptr) reading.registry = Registry::Make({plugin}, {}, diagnostics);
  reading.findings = diagnostics.findings();
  return reading;
}

class HostileRow : public testing::TestWithParam<Case> {};

TEST_P(HostileRow, IsLeftOutAndTheNextRowStays) {
  const Reading reading = ReadFromZoo(GetParam().name);
  ASSERT_TRUE(reading.registry.ok()) << reading.registry.error().message;
  ASSERT_EQ(reading.findings.size(), 1u);
  EXPECT_EQ(reading.findings[0].rule, "FL2012");
  EXPECT_EQ(reading.findings[0].level, Level::kWarning);
  EXPECT_THAT(reading.findings[0].message, HasSubstr("com.acme.rows"));
  EXPECT_THAT(reading.findings[0].message, HasSubstr(GetParam().sentence));
  EXPECT_EQ(reading.registry->Choose({"acme", "sound", "default"}, 20).size(), 1u);
  EXPECT_TRUE(reading.registry->Choose({"acme", "broken", "default"}, 20).empty());
}

constexpr Case kRows[] = {
    {"rows_row_size", "row 0 of family family is left out: the row says it has 12 bytes"},
    {"rows_schema_wrong", "acme::broken is left out"},
    {"rows_schema_absent", "the schema is empty"},
    {"rows_schema_wild", "the schema points to memory that cannot be read"},
    {"rows_schema_other_parameter", "aten::relu is left out: its schema has a parameter input, PyTorch's has none"},
    {"rows_authored_zero", "authored for opset 0, this host knows 18 to 26"},
    {"rows_authored_future", "authored for opset 99"},
    {"rows_opsets_empty", "serves opsets 22 to 20, which are none"},
    {"rows_opsets_huge", "opsets 0 to 4294967295 are out of range"},
    {"rows_priority", "priority 5000, wanted -1000 to 1000"},
    {"rows_lower_null", "lower does not point to code"},
    {"rows_lower_in_data", "lower does not point to code"},
    {"rows_mask", "marks parameter 40 of 1"},
};
INSTANTIATE_TEST_SUITE_P(Zoo, HostileRow, testing::ValuesIn(kRows),
                         [](const auto& param) { return std::string(param.param.name); });

class HostileFamily : public testing::TestWithParam<Case> {};

TEST_P(HostileFamily, IsLeftOut) {
  const Reading reading = ReadFromZoo(GetParam().name);
  ASSERT_TRUE(reading.registry.ok()) << reading.registry.error().message;
  ASSERT_EQ(reading.findings.size(), 1u);
  EXPECT_EQ(reading.findings[0].rule, "FL2012");
  EXPECT_THAT(reading.findings[0].message, HasSubstr("family 0 is left out: " + std::string(GetParam().sentence)));
  EXPECT_TRUE(reading.registry->Rows().empty());
}

constexpr Case kFamilies[] = {
    {"rows_family_status", "family 0 of 1 answered status 4711"},
    {"rows_stride_zero", "family family: a stride of 0 bytes"},
    {"rows_stride_short", "family family: a stride of 8 bytes"},
    {"rows_count_huge", "family family: 4294967295 rows, at most 100000 are allowed"},
    {"rows_count_past_end", "family family: 99999 rows of 4096 bytes, which cannot all be read"},
    {"rows_rows_null", "family family: 2 rows at a null pointer"},
    {"rows_family_name_absent", "name of family 0 is empty"},
    {"throwing_family", "family 0 threw an exception that is no std::exception"},
};
INSTANTIATE_TEST_SUITE_P(Zoo, HostileFamily, testing::ValuesIn(kFamilies),
                         [](const auto& param) { return std::string(param.param.name); });

class HostileTable : public testing::TestWithParam<Case> {};

TEST_P(HostileTable, IsAnError) {
  const Reading reading = ReadFromZoo(GetParam().name);
  ASSERT_FALSE(reading.registry.ok());
  EXPECT_EQ(reading.registry.error().rule, "FL9005");
  EXPECT_THAT(reading.registry.error().message, HasSubstr(GetParam().sentence));
  EXPECT_THAT(reading.registry.error().message, HasSubstr("com.acme.rows"));
}

constexpr Case kTables[] = {
    {"rows_families_many", "has 4294967295 families, at most 1024 are allowed"},
    {"rows_family_null", "no function that answers them"},
    {"rows_table_short", "says it has 4 bytes, wanted 16 to 4096"},
    {"rows_table_wild", "lies in memory that cannot be read"},
};
INSTANTIATE_TEST_SUITE_P(Zoo, HostileTable, testing::ValuesIn(kTables),
                         [](const auto& param) { return std::string(param.param.name); });

TEST(LoweringTable, ReadsThePluginThatTheOthersAreBrokenFrom) {
  const Reading reading = ReadFromZoo("rows_good");
  ASSERT_TRUE(reading.registry.ok());
  EXPECT_TRUE(reading.findings.empty());
  EXPECT_EQ(reading.registry->Rows().size(), 2u);
}

}  // namespace
}  // namespace fairlead
