#include "base/status.hpp"

#include <gtest/gtest.h>

#include "base/check_failure.hpp"

namespace fairlead {
namespace {

Result<int> Half(int value) {
  if (value % 2 != 0) return Error("FL1001", "{} is odd", value);
  return value / 2;
}

Result<std::string> Quarter(int value) {
  FL_ASSIGN_OR_RETURN(const int half, Half(value));
  FL_ASSIGN_OR_RETURN(const int quarter, Half(half));
  return std::to_string(quarter);
}

Status Check(int value) {
  FL_RETURN_IF_ERROR(Quarter(value).ok() ? Ok() : Quarter(value).status());
  return Ok();
}

TEST(Status, OfSuccessHasNoMessage) {
  EXPECT_TRUE(Ok().ok());
  EXPECT_EQ(Ok().message(), "");
}

TEST(Status, CarriesRuleMessageAndHint) {
  const Status status = Error("FL1009", "weight {} has no data", "fc.bias").WithHint("load it");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().rule, "FL1009");
  EXPECT_EQ(status.message(), "weight fc.bias has no data");
  EXPECT_EQ(status.error().hint, "load it");
}

TEST(Status, IsCopiedDeeply) {
  Status first = Error("FL1001", "one");
  const Status copy = first;
  first = Error("FL1001", "two");
  EXPECT_EQ(copy.message(), "one");
  EXPECT_EQ(first.message(), "two");
  first = Ok();
  EXPECT_TRUE(first.ok());
}

TEST(Result, HoldsAValueOrAStatus) {
  EXPECT_EQ(*Half(4), 2);
  ASSERT_FALSE(Half(3).ok());
  EXPECT_EQ(Half(3).error().message, "3 is odd");
}

TEST(Result, MovesWhatCannotBeCopied) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(7);
  const std::unique_ptr<int> value = *std::move(result);
  EXPECT_EQ(*value, 7);
}

TEST(FlAssignOrReturn, LeavesTheFunctionWithTheFirstError) {
  EXPECT_EQ(*Quarter(12), "3");
  EXPECT_EQ(Quarter(6).error().message, "3 is odd");
  EXPECT_EQ(Quarter(5).error().message, "5 is odd");
}

TEST(FlReturnIfError, LeavesTheFunctionOnlyWithAnError) {
  EXPECT_TRUE(Check(8).ok());
  EXPECT_EQ(Check(6).message(), "3 is odd");
}

TEST(FlCheckDeathTest, PrintsTheConditionAndTheReason) {
  EXPECT_DEATH(FL_CHECK(1 + 1 == 3, "arithmetic holds"), "1 \\+ 1 == 3 does not hold \\(arithmetic holds\\)");
}

TEST(FlCheck, DoesWhatTheProgramAskedFor) {
  SetCheckFailureHandler([](const std::string& sentence) { throw CheckFailure(sentence); });
  try {
    FL_CHECK(1 + 1 == 3, "arithmetic holds");
    ADD_FAILURE();
  } catch (const CheckFailure& failure) {
    EXPECT_TRUE(std::string_view(failure.what()).ends_with(": 1 + 1 == 3 does not hold (arithmetic holds)"))
        << failure.what();
  }
  SetCheckFailureHandler(nullptr);
}

TEST(FlCheckDeathTest, AbortsWhenTheHandlerReturns) {
  SetCheckFailureHandler([](const std::string&) {});
  EXPECT_DEATH(FL_CHECK(false, "nothing"), "does not hold");
  SetCheckFailureHandler(nullptr);
}

}  // namespace
}  // namespace fairlead
