// Names for the leaves of a Python structure, out of the pytree spec that torch.export stores as JSON text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "archive/json.hpp"

namespace fairlead {

// One path per leaf, in order: dict keys, field names and positions joined by '.'. A path that would begin with a position
// gets "output_" before it; so does the only leaf of a structure that is nothing but it. Empty when the text is not a
// spec. `namedtuple_fields`: {"module.Type": {"field_names": […]}} of the program, or null.
std::vector<std::string> LeafPaths(std::string_view spec, JsonValue namedtuple_fields);

}  // namespace fairlead
