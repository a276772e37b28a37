// The sample inputs that torch.export.save puts into an archive.
#pragma once

#include "archive/content.hpp"
#include "frontend/exported_program.hpp"

namespace fairlead {

// Fills program.sample_inputs from the torch.save file `content`, or program.sample_input_notes with the reason why not:
// samples are a convenience, so nothing here is an error. They may hold objects of any Python class, which are not read.
void ReadSampleInputs(Content content, bool check_crc, ExportedProgram& program);

}  // namespace fairlead
