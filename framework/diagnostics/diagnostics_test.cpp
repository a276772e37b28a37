#include "diagnostics/diagnostics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace fairlead {
namespace {

using testing::ElementsAre;
using testing::Field;

TEST(Diagnostics, WithoutFindingsEndsWithZero) {
  const Diagnostics diagnostics;
  EXPECT_EQ(diagnostics.worst(), Level::kNone);
  EXPECT_EQ(diagnostics.exit_code(), 0);
  EXPECT_TRUE(diagnostics.findings().empty());
}

TEST(Diagnostics, KeepsTheOrderOfReports) {
  Diagnostics diagnostics;
  diagnostics.Report({.rule = "FL8001", .message = "second rule by number"});
  diagnostics.Report({.rule = "FL1001", .message = "first by number"});
  EXPECT_THAT(diagnostics.findings(), ElementsAre(Field(&Finding::rule, "FL8001"), Field(&Finding::rule, "FL1001")));
}

TEST(Diagnostics, MergesTheLocationsOfEqualRuleAndMessage) {
  Diagnostics diagnostics;
  diagnostics.Report({.rule = "FL2004", .message = "no lowering", .locations = {{.file = "a.py", .line = 1}}});
  diagnostics.Report({.rule = "FL2001", .message = "no lowering", .locations = {{.file = "b.py", .line = 2}}});
  diagnostics.Report(
      {.rule = "FL2004", .message = "no lowering", .locations = {{.file = "c.py", .line = 3}}, .hint = "do"});
  const auto findings = diagnostics.findings();
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_THAT(findings[0].locations, ElementsAre(Field(&Location::file, "a.py"), Field(&Location::file, "c.py")));
  EXPECT_EQ(findings[0].hint, "do");
}

TEST(Diagnostics, DoesNotMergeWhatPluginsAndTheHostSay) {
  Diagnostics diagnostics;
  diagnostics.Report({.rule = "FL2016", .message = "rand"});
  diagnostics.Report({.rule = "FL2016", .message = "rand", .plugin = "com.acme.ops"});
  diagnostics.Report({.rule = "FL2016", .message = "rand", .level = Level::kError});
  EXPECT_EQ(diagnostics.findings().size(), 3U);
}

TEST(Diagnostics, GivesAFindingWithoutLevelItsRulesDefault) {
  Diagnostics diagnostics;
  diagnostics.Report({.rule = "FL6011", .message = "unused"});
  EXPECT_EQ(diagnostics.worst(), Level::kNote);
  diagnostics.Report({.rule = "FL4009", .message = "rank"});
  EXPECT_EQ(diagnostics.worst(), Level::kWarning);
  EXPECT_EQ(diagnostics.Count(Level::kNote), 1U);
  EXPECT_EQ(diagnostics.Count(Level::kWarning), 1U);
  EXPECT_EQ(diagnostics.Count(Level::kError), 0U);
  EXPECT_EQ(diagnostics.exit_code(), 0) << "only errors end a run";
}

TEST(Diagnostics, TakesAFindingOfAnUnknownRuleForAnError) {
  Diagnostics diagnostics;
  diagnostics.Report({.rule = "ACME001", .message = "?"});
  EXPECT_EQ(diagnostics.worst(), Level::kError);
  EXPECT_EQ(diagnostics.exit_code(), 70);
}

TEST(Diagnostics, EndsWithThePluginsCodeForAPluginsOwnRule) {
  Diagnostics diagnostics;
  diagnostics.Report({.rule = "ACME001", .message = "?", .level = Level::kError, .plugin = "com.acme.ops"});
  EXPECT_EQ(diagnostics.exit_code(), 15);
}

TEST(Diagnostics, EndsWithTheHighestCodeOfItsErrors) {
  Diagnostics diagnostics;
  diagnostics.Report({.rule = "FL7004", .message = "checker"});
  diagnostics.Report({.rule = "FL2004", .message = "no lowering"});
  diagnostics.Report({.rule = "FL9007", .message = "two plugins"});  // a warning: does not count
  EXPECT_EQ(diagnostics.exit_code(), 12);
}

TEST(Diagnostics, TakesAStatusAsAnErrorWhateverTheRulesDefault) {
  Diagnostics diagnostics;
  diagnostics.Report(Ok());
  EXPECT_TRUE(diagnostics.findings().empty());
  diagnostics.Report(Error("FL5001", "buffer {} is updated", "count").WithHint("use --state io"));
  const auto findings = diagnostics.findings();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].message, "buffer count is updated");
  EXPECT_EQ(findings[0].hint, "use --state io");
  EXPECT_EQ(findings[0].level, Level::kError);
  EXPECT_EQ(diagnostics.exit_code(), 11);
}

TEST(Diagnostics, TakesReportsFromSeveralThreads) {
  Diagnostics diagnostics;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&diagnostics] {
      for (int i = 0; i < 500; ++i)
        diagnostics.Report({.rule = "FL2001", .message = std::to_string(i % 10), .locations = {{.line = i}}});
    });
  for (std::thread& thread : threads) thread.join();
  ASSERT_EQ(diagnostics.findings().size(), 10U);
  for (const Finding& finding : diagnostics.findings()) EXPECT_EQ(finding.locations.size(), 200U);
}

TEST(ExitCode, IsThatOfTheStatussRule) {
  EXPECT_EQ(ExitCode(Ok()), 0);
  EXPECT_EQ(ExitCode(Error("FL1001", "x")), 10);
  EXPECT_EQ(ExitCode(Error("FL6015", "x")), 17);
  EXPECT_EQ(ExitCode(Error("FL9004", "x")), 2);
  EXPECT_EQ(ExitCode(Error("FL0000", "x")), 70);
}

}  // namespace
}  // namespace fairlead
