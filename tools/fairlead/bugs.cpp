#include "bugs.hpp"

#include <unistd.h>

#include <cstdlib>

#include "base/check_failure.hpp"

namespace fairlead::cli {
namespace {

// Reached by exceptions that nothing catches, or that may not pass.
[[noreturn]] void Terminate() {
  try {
    if (const std::exception_ptr thrown = std::current_exception()) std::rethrow_exception(thrown);
  } catch (const CheckFailure& failure) {
    Console console;
    _exit(FailByBug(failure, console));
  } catch (...) {  // a plugin's, perhaps
  }
  std::abort();
}

}  // namespace

void HandleBugs() {
  SetCheckFailureHandler([](const std::string& sentence) { throw CheckFailure(sentence); });
  std::set_terminate(Terminate);
}

int FailByBug(const std::exception& failure, Console& console) {
  return console.Fail(Error("FL9014", "{}", failure.what()));
}

}  // namespace fairlead::cli
