// A bug of ours ends the tool with FL9014 and exit code 70, whether it throws or breaks an FL_CHECK.
//
//   HandleBugs();
//   try { … } catch (const std::exception& failure) { return FailByBug(failure, console); }
#pragma once

#include <exception>

#include "console.hpp"

namespace fairlead::cli {

// Once, before any work: a failed FL_CHECK throws, so that what is being written is taken away on the way out. Where
// nothing can be thrown, it is told and the process ends there.
void HandleBugs();

// Tells how to report it; answers 70.
int FailByBug(const std::exception& failure, Console& console);

}  // namespace fairlead::cli
