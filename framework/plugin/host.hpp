// The host's side of fl_host: tables by id, asked for by plugins from any thread.
#pragma once

#include "plugin/plugin.hpp"

namespace fairlead {

// Adds the tables of lowering/ and runtime/ to those of plugin/. One given before is kept when `tables` has none.
void ServeTables(const HostTables& tables);

}  // namespace fairlead
