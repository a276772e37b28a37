#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>

#include "diagnostics/diagnostics.hpp"

namespace fairlead {
namespace {

TEST(HostRules, AreSortedUniqueAndFoundById) {
  ASSERT_FALSE(HostRules().empty());
  EXPECT_TRUE(std::ranges::is_sorted(HostRules(), std::ranges::less_equal(), &Rule::id) ||
              std::ranges::adjacent_find(HostRules(), std::ranges::greater_equal(), &Rule::id) == HostRules().end());
  for (const Rule& rule : HostRules()) EXPECT_EQ(FindRule(rule.id), &rule) << rule.id;
  EXPECT_EQ(FindRule("FL0000"), nullptr);
  EXPECT_EQ(FindRule("FL9999"), nullptr);
  EXPECT_EQ(FindRule(""), nullptr);
}

TEST(HostRules, HaveUniqueNamesInUpperCamel) {
  std::set<std::string_view> names;
  for (const Rule& rule : HostRules()) {
    EXPECT_TRUE(names.insert(rule.name).second) << rule.name;
    EXPECT_TRUE(std::regex_match(std::string(rule.name), std::regex("([A-Z][a-z0-9]*)+"))) << rule.name;
    EXPECT_TRUE(std::regex_match(std::string(rule.id), std::regex("FL[1-9][0-9]{3}"))) << rule.id;
  }
}

TEST(HostRules, SayOneSentenceAndANextStep) {
  for (const Rule& rule : HostRules()) {
    EXPECT_TRUE(rule.summary.ends_with('.')) << rule.id;
    EXPECT_EQ(rule.summary.find(". "), std::string_view::npos) << rule.id << " has two sentences";
    EXPECT_FALSE(rule.help.empty()) << rule.id;
  }
}

TEST(HostRules, EndWithAnExitCodeOfTheCommandLine) {
  const std::set<int> codes = {2, 10, 11, 12, 13, 14, 15, 17, 70, 130};
  for (const Rule& rule : HostRules()) EXPECT_TRUE(codes.contains(rule.exit_code)) << rule.id;
}

TEST(HostRules, AreReservedUntilTheyAreReported) {
  EXPECT_TRUE(IsReserved("FL4003"));
  EXPECT_FALSE(IsReserved("FL2001"));
  EXPECT_FALSE(IsReserved("FL0000"));
}

TEST(HostRules, UsageErrorsEndWithTwo) {
  for (const std::string_view id : {"FL9003", "FL9004", "FL9015", "FL6016"}) {
    ASSERT_NE(FindRule(id), nullptr) << id;
    EXPECT_EQ(FindRule(id)->exit_code, 2) << id;
    EXPECT_EQ(FindRule(id)->level, Level::kError) << id;
  }
}

}  // namespace
}  // namespace fairlead
