// help and version: nothing that costs time at start-up.
#include <fairlead/exporter.hpp>

#include "commands.hpp"

namespace fairlead::cli {

int Help(const Arguments& arguments, Console& console) {
  if (arguments.Has("markdown")) {
    console.Print(MarkdownReference(Commands()));
    return 0;
  }
  const std::string name = fmt::format("{}", fmt::join(arguments.operands(), " "));
  for (const Command& command : Commands()) {
    if (command.name != name) continue;
    console.Print(HelpText(command));
    return 0;
  }
  if (!name.empty()) return console.Fail(Error("FL9003", "there is no command '{}'", name));
  console.Print(HelpText(Commands()));
  return 0;
}

int Version(const Arguments& arguments, Console& console) {
  console.Print(fmt::format("fairlead {}", fairlead::Version()));
  return FinishJson(arguments, console, fmt::format(R"({{"version":"{}"}})", fairlead::Version()), 0);
}

}  // namespace fairlead::cli
