#include "command_line.hpp"

namespace fairlead::cli {
namespace {

// "-o, --output FILE", "--verify[=WHAT]".
std::string Spelling(const Option& option) {
  std::string text =
      option.letter != 0 ? fmt::format("-{}, --{}", option.letter, option.name) : fmt::format("--{}", option.name);
  const std::string_view value = option.choices.empty() ? option.value : option.choices;
  if (option.value.empty()) return text;
  return text + (option.implicit.empty() ? fmt::format(" {}", value) : fmt::format("[={}]", value));
}

std::string Explanation(const Option& option) {
  std::string text(option.help);
  if (option.most > 0) text += fmt::format("; {} to {}", option.least, option.most);
  if (!option.initial.empty()) text += fmt::format(" (default: {})", option.initial);
  if (option.repeat) text += "; may be repeated";
  return text;
}

std::string OptionLines(std::span<const Option> options) {
  constexpr std::size_t kColumn = 30;
  std::string text;
  for (const Option& option : options) {
    const std::string spelling = Spelling(option);
    text += spelling.size() + 2 > kColumn ? fmt::format("  {}\n  {:{}}{}\n", spelling, "", kColumn, Explanation(option))
                                          : fmt::format("  {:{}}{}\n", spelling, kColumn, Explanation(option));
  }
  return text;
}

std::string Escaped(std::string text) {  // for a cell of a Markdown table
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, 1, '\\');
  return text;
}

std::string OptionRows(std::span<const Option> options) {
  std::string text = "| option | meaning |\n|---|---|\n";
  for (const Option& option : options) {
    text += fmt::format("| `{}` | {} |\n", Escaped(Spelling(option)), Escaped(Explanation(option)));
  }
  return text;
}

std::string Usage(const Command& command) {
  return fmt::format("fairlead {}{}{}", command.name, command.operands.empty() ? "" : " ", command.operands);
}

}  // namespace

std::string HelpText(std::span<const Command> commands) {
  std::string text = "usage: fairlead COMMAND …\n\nPyTorch programs (.pt2) to ONNX, without Python.\n\n";
  for (const Command& command : commands) text += fmt::format("  {:24}{}\n", Usage(command).substr(9), command.summary);
  return text + "\nfairlead COMMAND --help shows the options of a command. Exit codes: docs/cli.md.\n";
}

std::string HelpText(const Command& command) {
  std::string text = fmt::format("usage: {} [OPTION…]\n\n{}\n", Usage(command), command.summary);
  if (!command.details.empty()) text += fmt::format("{}\n", command.details);
  if (!command.options.empty()) text += "\n" + OptionLines(command.options);
  return text + "\n" + OptionLines(SharedOptions());
}

std::string MarkdownReference(std::span<const Command> commands) {
  std::string text = "### Every command\n\n" + OptionRows(SharedOptions());
  for (const Command& command : commands) {
    text += fmt::format("\n### `{}`\n\n{}", Usage(command), command.summary);
    if (!command.details.empty()) text += fmt::format(" {}", command.details);
    text += "\n";
    if (!command.options.empty()) text += "\n" + OptionRows(command.options);
  }
  return text;
}

}  // namespace fairlead::cli
