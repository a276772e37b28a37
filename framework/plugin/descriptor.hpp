// What a plugin's entry point answered, checked and copied: nothing of it is used before.
#pragma once

#include "plugin/plugin.hpp"

namespace fairlead {

struct Descriptor {
  std::string description;
  std::vector<PluginOption> options;
  decltype(fl_plugin::init) init = nullptr;
  decltype(fl_plugin::shutdown) shutdown = nullptr;
  decltype(fl_plugin::table) table = nullptr;
};

// FL9005 says which member is wrong, what it was and what was wanted. The numbers and names must be the manifest's.
Result<Descriptor> ReadDescriptor(const fl_plugin* descriptor, const Manifest& manifest, const PluginMemory& memory);

// The text given for an option, as its kind wants it: FL9004 when it is not of that kind.
Status CheckOptionValue(const PluginOption& option, std::string_view value);

}  // namespace fairlead
