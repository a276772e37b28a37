#include "bugs.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "base/status.hpp"
#include "export/text_file.hpp"

namespace fairlead::cli {
namespace {

namespace fs = std::filesystem;

// As main() runs a command.
[[noreturn]] void RunAsMain(void (*command)()) {
  HandleBugs();
  try {
    command();
  } catch (const std::exception& failure) {
    Console console;
    std::exit(FailByBug(failure, console));
  }
  std::exit(0);
}

struct BreaksOnTheWayOut {
  ~BreaksOnTheWayOut() { FL_CHECK(2 > 3, "numbers are ordered"); }
};

constexpr const char* kReport =
    "error FL9014: .*bugs_test.cpp:[0-9]+: 2 > 3 does not hold .numbers are ordered.\n.*Report it with the program";

TEST(HandleBugsDeathTest, TellsABrokenPromiseAsABug) {
  const auto command = [] { FL_CHECK(2 > 3, "numbers are ordered"); };
  EXPECT_EXIT(RunAsMain(command), testing::ExitedWithCode(70), kReport);
}

TEST(HandleBugsDeathTest, TellsItWhereNothingCanBeThrown) {
  const auto command = [] { const BreaksOnTheWayOut object; };
  EXPECT_EXIT(RunAsMain(command), testing::ExitedWithCode(70), kReport);
}

TEST(HandleBugsDeathTest, TellsExceptionsTheSameWay) {
  const auto command = [] { throw std::bad_alloc(); };
  EXPECT_EXIT(RunAsMain(command), testing::ExitedWithCode(70), "error FL9014: std::bad_alloc\n");
}

}  // namespace
}  // namespace fairlead::cli
