// fl.options/1 and fl.schema/1.
#pragma once

#include <fairlead/sdk/abi/options.h>
#include <fairlead/sdk/abi/schema.h>

namespace fairlead {

const fl_options* OptionsTable();
const fl_schema* SchemaTable();

}  // namespace fairlead
