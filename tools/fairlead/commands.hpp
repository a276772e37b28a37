// The commands of the tool, each in its own file.
#pragma once

#include "command_line.hpp"
#include "console.hpp"

namespace fairlead::cli {

// The table, in the order of the help.
std::span<const Command> Commands();

// What a command does; answers the exit code.
int Export(const Arguments& arguments, Console& console);
int Verify(const Arguments& arguments, Console& console);
int Run(const Arguments& arguments, Console& console);
int Show(const Arguments& arguments, Console& console);
int Scan(const Arguments& arguments, Console& console);
int Ops(const Arguments& arguments, Console& console);
int Explain(const Arguments& arguments, Console& console);
int PluginList(const Arguments& arguments, Console& console);
int PluginLock(const Arguments& arguments, Console& console);
int Help(const Arguments& arguments, Console& console);
int Version(const Arguments& arguments, Console& console);

}  // namespace fairlead::cli
