#include "command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fairlead::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Option kBakeOptions[] = {
    {.name = "output", .letter = 'o', .value = "OUT", .help = "where it goes"},
    {.name = "heat", .value = "N", .help = "degrees", .initial = "180", .least = 100, .most = 250},
    {.name = "form", .value = "HOW", .help = "shape", .choices = "round|square", .initial = "round"},
    {.name = "taste", .value = "WHAT", .help = "try it", .choices = "crust|all", .implicit = "all"},
    {.name = "topping", .value = "NAME", .help = "on top", .repeat = true},
    {.name = "raw", .help = "do not bake"},
    {.name = "slices", .value = "N", .help = "to taste", .least = 1, .most = 9},
};
constexpr Conflict kBakeConflicts[] = {{"raw", "heat", "raw dough is cold"}};
constexpr Dependency kBakeDependencies[] = {{"slices", "taste"}};
constexpr Command kCommands[] = {
    {.name = "bake",
     .operands = "DOUGH…",
     .least_operands = 1,
     .most_operands = 2,
     .summary = "Bakes.",
     .options = kBakeOptions,
     .conflicts = kBakeConflicts,
     .dependencies = kBakeDependencies},
    {.name = "oven list", .operands = "", .summary = "Lists ovens.", .options = {}},
    {.name = "oven", .operands = "NAME", .least_operands = 1, .most_operands = 1, .summary = "One oven.", .options = {}},
};

Result<Invocation> Parse(const std::vector<std::string>& words) { return ParseCommandLine(kCommands, words); }

ErrorInfo Refusal(const std::vector<std::string>& words) {
  const Result<Invocation> call = Parse(words);
  return call.ok() ? ErrorInfo{} : call.error();
}

TEST(CommandLine, ReadsOperandsAndOptionsInAnyOrder) {
  const auto call = Parse({"bake", "-o", "bread", "a", "--heat=200", "b", "--topping", "salt", "--topping=seeds"});
  ASSERT_TRUE(call.ok()) << call.status().message();
  EXPECT_THAT(call->arguments.operands(), ElementsAre("a", "b"));
  EXPECT_EQ(call->arguments.Text("output"), "bread");
  EXPECT_EQ(call->arguments.Number("heat"), 200);
  EXPECT_THAT(call->arguments.All("topping"), ElementsAre("salt", "seeds"));
}

TEST(CommandLine, FillsInitialValues) {
  const auto call = Parse({"bake", "a"});
  ASSERT_TRUE(call.ok());
  EXPECT_EQ(call->arguments.Number("heat"), 180);
  EXPECT_EQ(call->arguments.Text("form"), "round");
  EXPECT_FALSE(call->arguments.Has("form"));
  EXPECT_THAT(call->arguments.All("topping"), IsEmpty());
}

TEST(CommandLine, OptionThatMayStandAloneLeavesTheNextWord) {
  const auto call = Parse({"bake", "--taste", "a"});
  ASSERT_TRUE(call.ok()) << call.status().message();
  EXPECT_EQ(call->arguments.Text("taste"), "all");
  EXPECT_THAT(call->arguments.operands(), ElementsAre("a"));
  EXPECT_EQ(Parse({"bake", "a", "--taste=crust"})->arguments.Text("taste"), "crust");
}

TEST(CommandLine, WordsAfterTwoDashesAreOperands) {
  const auto call = Parse({"bake", "--", "--taste"});
  ASSERT_TRUE(call.ok()) << call.status().message();
  EXPECT_THAT(call->arguments.operands(), ElementsAre("--taste"));
}

TEST(CommandLine, LongestCommandWins) {
  EXPECT_EQ(Parse({"oven", "list"})->arguments.command().name, "oven list");
  EXPECT_EQ(Parse({"oven", "big"})->arguments.command().name, "oven");
}

TEST(CommandLine, NamesTheNearestCommandAndOption) {
  EXPECT_EQ(Refusal({"bakr", "a"}).rule, "FL9003");
  EXPECT_THAT(Refusal({"bakr", "a"}).hint, HasSubstr("fairlead bake"));
  EXPECT_THAT(Refusal({"bake", "a", "--haet", "9"}).hint, HasSubstr("--heat"));
  EXPECT_THAT(Refusal({"bake", "a", "--outp=x"}).hint, HasSubstr("--output"));
  EXPECT_THAT(Refusal({"bake", "a", "--form", "rond"}).hint, HasSubstr("round"));
}

TEST(CommandLine, DoesNotGuessAbbreviations) { EXPECT_EQ(Refusal({"bake", "a", "--out", "x"}).rule, "FL9003"); }

TEST(CommandLine, RefusesValuesOutOfRange) {
  for (const std::string value : {"99", "251", "2e2", "0x80", "200 ", "99999999999"}) {
    EXPECT_EQ(Refusal({"bake", "a", "--heat=" + value}).rule, "FL9004") << value;
  }
  EXPECT_EQ(Refusal({"bake", "a", "--form=flat"}).rule, "FL9004");
  EXPECT_EQ(Refusal({"bake", "a", "--form="}).rule, "FL9015");
}

TEST(CommandLine, RefusesContradictionsAndWhatMeansNothing) {
  EXPECT_THAT(Refusal({"bake", "a", "--raw", "--heat", "200"}).message, HasSubstr("raw dough is cold"));
  EXPECT_EQ(Refusal({"bake", "a", "--raw", "--heat", "200"}).rule, "FL9015");
  EXPECT_EQ(Refusal({"bake", "a", "-q", "-v"}).rule, "FL9015");
  EXPECT_EQ(Refusal({"bake", "a", "--slices", "2"}).rule, "FL9015");
  EXPECT_TRUE(Parse({"bake", "a", "--slices", "2", "--taste"}).ok());
  EXPECT_EQ(Refusal({"bake", "a", "--heat", "200", "--heat", "210"}).rule, "FL9015");
}

TEST(CommandLine, RefusesTooFewAndTooManyOperands) {
  EXPECT_EQ(Refusal({}).rule, "FL9015");
  EXPECT_EQ(Refusal({"bake"}).rule, "FL9015");
  EXPECT_EQ(Refusal({"bake", ""}).rule, "FL9015");
  EXPECT_THAT(Refusal({"bake", "a", "b", "c"}).message, HasSubstr("'c'"));
  EXPECT_EQ(Refusal({"bake", "a", "--output"}).rule, "FL9015");
}

TEST(CommandLine, JsonIsFoundInWordsThatAreWrong) {
  const auto json = [](const std::vector<std::string>& words) { return JsonValue(words); };
  EXPECT_EQ(json({"bake", "--json", "a.json", "--heat", "9"}), "a.json");
  EXPECT_EQ(json({"bake", "--json=a=b", "--heat"}), "a=b");
  EXPECT_EQ(json({"bake", "--json", "-"}), "-");
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {}, {"--json"}, {"--json", "--heat"}, {"--json="}, {"--json=a", "--json", "b"}, {"--", "--json", "a"}}) {
    EXPECT_EQ(json(words), "");
  }
}

TEST(CommandLine, CommandIsTheLongestThatFits) {
  const auto found = [](const std::vector<std::string>& words) { return FindCommand(kCommands, words); };
  EXPECT_EQ(found({"oven", "list", "x"})->name, "oven list");
  EXPECT_EQ(found({"oven", "x"})->name, "oven");
  EXPECT_EQ(found({"roast"}), nullptr);
}

TEST(CommandLine, HelpNeedsNothingElse) {
  const auto call = Parse({"bake", "--help"});
  ASSERT_TRUE(call.ok());
  EXPECT_TRUE(call->help);
}

TEST(CommandLine, HelpNamesEveryOptionOfTheTable) {
  const std::string help = HelpText(kCommands[0]);
  for (const Option& option : kBakeOptions) EXPECT_THAT(help, HasSubstr("--" + std::string(option.name)));
  EXPECT_THAT(help, HasSubstr("--taste[=crust|all]"));
  EXPECT_THAT(help, HasSubstr("100 to 250 (default: 180)"));
  for (const Command& command : kCommands) EXPECT_THAT(HelpText(kCommands), HasSubstr(std::string(command.name)));
}

}  // namespace
}  // namespace fairlead::cli
