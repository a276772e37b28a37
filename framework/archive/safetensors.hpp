// The .safetensors form: a JSON header with names, types and places, then the elements.
#pragma once

#include <ostream>

#include "archive/content.hpp"
#include "archive/tensors_file.hpp"

namespace fairlead {

// FL1001 naming `name` unless the header is whole: known types, sizes that match the places, no overlap, every byte used.
Result<NamedTensors> ReadSafetensors(const Content& content, std::string_view name);

// FL6015 for tensors without data, types the format does not have, and a stream that fails.
Status WriteSafetensors(std::ostream& out, const NamedTensors& tensors);

}  // namespace fairlead
