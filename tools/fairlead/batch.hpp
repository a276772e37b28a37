// fairlead export --batch LIST, or with several inputs.
#pragma once

#include "commands.hpp"

namespace fairlead::cli {

// Exports every model of the list, on --jobs threads, and goes on after a failure. One JSON line for each model on standard
// output, in the list's order: input, output, exit code, first error. A failure also is "IN.pt2: first error" on standard
// error. Answers the highest exit code; a list that cannot be read or contradicts itself fails as a whole, before any
// export.
int ExportBatch(const Arguments& arguments, Console& console);

}  // namespace fairlead::cli
