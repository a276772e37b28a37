// What a program does when an FL_CHECK fails. Without a handler the sentence is printed and the process aborts.
//
//   SetCheckFailureHandler([](const std::string& sentence) { throw CheckFailure(sentence); });
#pragma once

#include <stdexcept>
#include <string>

namespace fairlead {

// A broken promise of ours. It passes through code that turns other exceptions into errors.
class CheckFailure : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

// Called on the thread of the check with "FILE:LINE: CONDITION does not hold (WHY)"; it throws or ends the process. When it
// returns, the process aborts. Null: none. Any thread.
using CheckFailureHandler = void (*)(const std::string& sentence);
void SetCheckFailureHandler(CheckFailureHandler handler);

}  // namespace fairlead
