// One table of commands and options. Parsing, --help and docs/cli.md are read from it.
//
//   constexpr Option kOptions[] = {
//       {.name = "opset", .value = "N", .help = "target opset", .least = 18, .most = 26},
//       {.name = "verify", .value = "WHAT", .help = "…", .choices = "outputs", .implicit = "outputs"},
//   };
//
//   Result<Invocation> call = ParseCommandLine(Commands(), {"export", "m.pt2", "--opset", "23"});
//   call->arguments.Number("opset");   // 23
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.hpp"

namespace fairlead::cli {

class Console;
class Arguments;

struct Option {
  std::string_view name;        // "opset", without dashes
  char letter = 0;              // 'o' for -o
  std::string_view value = {};  // what stands for the value in help ("N"); empty: a switch
  std::string_view help = {};
  std::string_view choices = {};   // "embed|external": the values allowed; empty: any
  std::string_view initial = {};   // the value in force when it is not given, as help shows it
  std::string_view implicit = {};  // the value when the option stands alone; another one needs "="
  int least = 0, most = 0;         // a whole number in this range, when most > 0
  bool repeat = false;             // may be given several times
};

// Two options that contradict each other, and why in a few words ("-q is silent, -v is not").
struct Conflict {
  std::string_view first, second;
  std::string_view why;
};
// An option that means nothing without another; any one of `needs`, separated by '|'.
struct Dependency {
  std::string_view option, needs;
};

struct Command {
  std::string_view name;      // "export", "plugin list"
  std::string_view operands;  // "IN…", as help shows them
  int least_operands = 0, most_operands = 0;
  std::string_view summary;       // one line
  std::string_view details = {};  // a paragraph or two for the help of this command
  std::span<const Option> options;
  std::span<const Conflict> conflicts = {};
  std::span<const Dependency> dependencies = {};
  int (*run)(const Arguments& arguments, Console& console) = nullptr;  // answers the exit code
};

// Options that every command has: --json, --color, -q, -v, --help.
std::span<const Option> SharedOptions();

// What was given. Asking for an option that the command's table does not have aborts.
class Arguments {
 public:
  explicit Arguments(const Command& command) : command_(&command) {}

  const Command& command() const { return *command_; }
  const std::vector<std::string>& operands() const { return operands_; }
  bool Has(std::string_view option) const;
  // The value given, else the table's initial one; the last one of a repeated option.
  std::string Text(std::string_view option) const;
  int Number(std::string_view option) const;  // of an option with a range
  std::vector<std::string> All(std::string_view option) const;

 private:
  friend class Parser;
  const Option& Find(std::string_view option) const;

  const Command* command_;
  std::vector<std::string> operands_;
  std::map<std::string, std::vector<std::string>, std::less<>> values_;
};

struct Invocation {
  Arguments arguments;
  bool help = false;  // --help was given: nothing else was checked
};

// `words` are the arguments without the program's name. FL9003 for an unknown command or option, with the nearest one as
// hint; FL9004 for a value that is out of range; FL9015 for contradictions and missing operands.
Result<Invocation> ParseCommandLine(std::span<const Command> commands, const std::vector<std::string>& words);

// The command that words begin with; null when there is none.
const Command* FindCommand(std::span<const Command> commands, std::span<const std::string> words);
// The value of --json among words that may not be understood otherwise; empty when there is none or several.
std::string JsonValue(std::span<const std::string> words);

// "fairlead --help", and the help of one command.
std::string HelpText(std::span<const Command> commands);
std::string HelpText(const Command& command);
// The tables of docs/cli.md.
std::string MarkdownReference(std::span<const Command> commands);

}  // namespace fairlead::cli
