// Calls that no exporter writes: the operator exists, the ranks, axes, numbers and types of its arguments are odd.
//
//   const ExportedProgram program = OddCall(row.schema, 17);   // the same for the same schema and number, everywhere
//   Print(program.graph);   // "agraph (float[0,3] t0) => (r0) { r0 = aten::flip.default(self=t0,
//   dims=[9223372036854775807]) }"
#pragma once

#include <cstdint>

#include "aten/schema.hpp"
#include "frontend/exported_program.hpp"

namespace fairlead {

// A program of one node. A call has a shape, a data type, a number and a length of lists that most of its arguments take,
// so that many get past the first check; each argument may differ.
ExportedProgram OddCall(const AtenSchema& schema, uint64_t number);

}  // namespace fairlead
