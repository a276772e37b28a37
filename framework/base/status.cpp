#include "base/status.hpp"

#include <atomic>
#include <cstdio>

#include "base/check_failure.hpp"

namespace fairlead {
namespace {

std::atomic<CheckFailureHandler> check_failure_handler = nullptr;

}  // namespace

void SetCheckFailureHandler(CheckFailureHandler handler) { check_failure_handler = handler; }

void CheckFailed(const char* condition, const char* why, const char* file, int line) {
  const std::string sentence = fmt::format("{}:{}: {} does not hold ({})", file, line, condition, why);
  if (const CheckFailureHandler handler = check_failure_handler) handler(sentence);
  std::fprintf(stderr, "fairlead is broken: %s\n", sentence.c_str());
  std::abort();
}

}  // namespace fairlead
