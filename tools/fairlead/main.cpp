// fairlead COMMAND …: see docs/cli.md.
#include <iostream>

#include "bugs.hpp"
#include "commands.hpp"
#include "export/export_run.hpp"
#include "interruption.hpp"

namespace fairlead::cli {

namespace {

// What a command throws is told before its document is written, and stands in it.
int RunCommand(const Arguments& arguments, Console& console) {
  try {
    return arguments.command().run(arguments, console);
  } catch (const std::exception& failure) {
    return FailByBug(failure, console);
  }
}

int Dispatch(const std::vector<std::string>& words) {
  Console console;
  if (words.size() == 1 && (words[0] == "--help" || words[0] == "-h")) {
    console.Print(HelpText(Commands()));
    return 0;
  }
  const bool version = words.size() == 1 && words[0] == "--version";
  const Result<Invocation> call = ParseCommandLine(Commands(), version ? std::vector<std::string>{"version"} : words);
  if (!call.ok())
    return FinishEarly(JsonValue(words), FindCommand(Commands(), words), console, console.Fail(call.status()));
  if (call->help) {
    console.Print(HelpText(call->arguments.command()));
    return 0;
  }
  console.Configure(call->arguments);
  const Arguments& arguments = call->arguments;
  return FinishEarly(arguments.Text("json"), &arguments.command(), console, RunCommand(arguments, console));
}

}  // namespace
}  // namespace fairlead::cli

int main(int argc, char** argv) {
  using namespace fairlead;
  std::ios::sync_with_stdio(false);
  cli::HandleInterruptions();
  cli::HandleBugs();
  try {
    const int exit_code = cli::Dispatch({argv + 1, argv + argc});
    ShutdownPlugins();
    std::cout.flush();
    if (!std::cout) return cli::Console().Fail(Error("FL6015", "standard output cannot be written"));
    return exit_code;
  } catch (const std::exception& failure) {
    cli::Console console;
    return cli::FailByBug(failure, console);
  }
}
