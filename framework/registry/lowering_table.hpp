// Reading fl.p.lowering/1 of a plugin.
#pragma once

#include "registry/registry.hpp"

namespace fairlead {

// Every valid row. A row or family that is not valid is a warning of FL2012 that says which and why; a table that cannot be
// read at all is an FL9005.
Result<std::vector<std::unique_ptr<const LoweringRow>>> ReadLowerings(const PluginPtr& plugin, Diagnostics& diagnostics);

}  // namespace fairlead
