// help and version: nothing that costs time at start-up.
#include <fairlead/exporter.hpp>

#include "commands.hpp"
#include "export/json_writer.hpp"

namespace fairlead::cli {

namespace {

int Answer(std::string_view key, std::string_view text, const Arguments& arguments, Console& console) {
  if (PrintsText(arguments)) console.Print(key == "version" ? fmt::format("fairlead {}", text) : text);
  return FinishJson(arguments, console, JsonWriter().BeginObject().Key(key).String(text).End().text(), 0);
}

}  // namespace

int Help(const Arguments& arguments, Console& console) {
  if (arguments.Has("markdown")) return Answer("markdown", MarkdownReference(Commands()), arguments, console);
  const std::string name = fmt::format("{}", fmt::join(arguments.operands(), " "));
  if (name.empty()) return Answer("help", HelpText(Commands()), arguments, console);
  for (const Command& command : Commands()) {
    if (command.name == name) return Answer("help", HelpText(command), arguments, console);
  }
  return console.Fail(Error("FL9003", "there is no command '{}'", name));
}

int Version(const Arguments& arguments, Console& console) {
  return Answer("version", fairlead::Version(), arguments, console);
}

}  // namespace fairlead::cli
