#include "command_line.hpp"

#include <algorithm>
#include <array>
#include <boost/program_options.hpp>
#include <charconv>
#include <numeric>

namespace fairlead::cli {
namespace options = boost::program_options;

namespace {

// What Boost calls them; nothing a user types is this.
constexpr const char* kOperands = "\x1f";

constexpr Option kShared[] = {
    {.name = "json", .value = "FILE", .help = "write the result as JSON; - is standard output"},
    {.name = "color",
     .value = "WHEN",
     .help = "colour on a terminal; NO_COLOR is respected",
     .choices = "auto|always|never",
     .initial = "auto"},
    {.name = "quiet", .letter = 'q', .help = "only warnings and errors"},
    {.name = "verbose", .letter = 'v', .help = "notes and what each stage took, too; of a batch, the lowerings used"},
    {.name = "help", .letter = 'h', .help = "this text"},
};
constexpr Conflict kSharedConflicts[] = {{"quiet", "verbose", "one asks for less, the other for more"}};

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

// The candidate that `word` was probably meant to be; empty when none is near.
std::string_view Nearest(std::string_view word, const std::vector<std::string_view>& candidates) {
  std::string_view nearest;
  std::size_t least = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string_view candidate : candidates) {
    const bool begins = word.size() >= 3 && candidate.starts_with(word);
    const std::size_t distance = begins ? 0 : EditDistance(word, candidate);
    if (distance < least) std::tie(least, nearest) = std::tie(distance, candidate);
  }
  return nearest;
}

std::string Dashed(const Option& option) { return fmt::format("--{}", option.name); }

}  // namespace

std::span<const Option> SharedOptions() { return kShared; }

const Option& Arguments::Find(std::string_view option) const {
  for (const std::span<const Option> table : {command_->options, SharedOptions()}) {
    const auto found = std::ranges::find(table, option, &Option::name);
    if (found != table.end()) return *found;
  }
  FL_CHECK(false, "a command asks only for options of its table");
}

bool Arguments::Has(std::string_view option) const { return values_.contains(Find(option).name); }

std::string Arguments::Text(std::string_view option) const {
  const Option& entry = Find(option);
  const auto found = values_.find(entry.name);
  return found == values_.end() ? std::string(entry.initial) : found->second.back();
}

int Arguments::Number(std::string_view option) const {
  const std::string text = Text(option);
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::vector<std::string> Arguments::All(std::string_view option) const {
  const auto found = values_.find(Find(option).name);
  return found == values_.end() ? std::vector<std::string>{} : found->second;
}

// Boost splits the words into options and operands; the table decides what they mean.
class Parser {
 public:
  explicit Parser(const Command& command) : invocation_{Arguments(command)}, command_(command) {}

  Result<Invocation> Parse(std::vector<std::string> words) {
    FL_RETURN_IF_ERROR(Split(SpellOut(std::move(words))));
    if (arguments().Has("help")) {
      invocation_.help = true;
      return std::move(invocation_);
    }
    for (const std::span<const Option> table : Tables()) {
      for (const Option& option : table) FL_RETURN_IF_ERROR(CheckValues(option));
    }
    FL_RETURN_IF_ERROR(CheckOperands());
    FL_RETURN_IF_ERROR(CheckRelations());
    return std::move(invocation_);
  }

 private:
  Arguments& arguments() { return invocation_.arguments; }
  std::array<std::span<const Option>, 2> Tables() const { return {command_.options, SharedOptions()}; }

  // Boost takes the next word as the value of an option that may stand alone. So such an option is written out here:
  // --verify becomes --verify=outputs, and nothing is left to take.
  std::vector<std::string> SpellOut(std::vector<std::string> words) const {
    for (std::string& word : words) {
      if (word == "--") break;
      for (const Option& option : command_.options) {
        if (!option.implicit.empty() && word == Dashed(option)) word += fmt::format("={}", option.implicit);
      }
    }
    return words;
  }

  Status Split(const std::vector<std::string>& words) {
    options::options_description description;
    for (const std::span<const Option> table : Tables()) {
      for (const Option& option : table) {
        std::string name(option.name);
        if (option.letter != 0) name += fmt::format(",{}", option.letter);
        if (option.value.empty()) {
          description.add_options()(name.c_str(), "");
        } else {
          description.add_options()(name.c_str(), options::value<std::string>(), "");
        }
      }
    }
    options::positional_options_description operands;
    operands.add(kOperands, -1);
    description.add_options()(kOperands, options::value<std::vector<std::string>>(), "");

    namespace style = options::command_line_style;
    try {
      const auto parsed = options::command_line_parser(words)
                              .options(description)
                              .positional(operands)
                              .style(style::unix_style & ~style::allow_guessing)
                              .run();
      for (const auto& entry : parsed.options) Keep(entry);
    } catch (const options::unknown_option& unknown) {
      return UnknownOption(unknown.get_option_name());
    } catch (const options::error& failure) {
      return Error("FL9015", "{}: {}", command_.name, failure.what());
    }
    return Ok();
  }

  void Keep(const options::option& entry) {
    if (entry.position_key >= 0) {
      arguments().operands_.insert(arguments().operands_.end(), entry.value.begin(), entry.value.end());
      return;
    }
    std::vector<std::string>& values = arguments().values_[entry.string_key];
    values.push_back(entry.value.empty() ? std::string() : entry.value.front());
  }

  Status UnknownOption(const std::string& word) const {
    std::vector<std::string_view> names;
    for (const std::span<const Option> table : Tables()) {
      for (const Option& option : table) names.push_back(option.name);
    }
    const std::string_view bare = std::string_view(word).substr(std::min(word.find_first_not_of('-'), word.size()));
    const std::string_view nearest = Nearest(bare.substr(0, bare.find('=')), names);
    return Error("FL9003", "{}: there is no option {}", command_.name, word)
        .WithHint(nearest.empty() ? fmt::format("fairlead {} --help lists the options", command_.name)
                                  : fmt::format("did you mean --{}?", nearest));
  }

  Status CheckValues(const Option& option) const {
    const auto found = invocation_.arguments.values_.find(option.name);
    if (found == invocation_.arguments.values_.end()) return Ok();
    const std::vector<std::string>& values = found->second;
    if (values.size() > 1 && !option.repeat) return Error("FL9015", "--{} is given {} times", option.name, values.size());
    if (option.value.empty()) return Ok();
    for (const std::string& value : values) {
      if (value.empty()) return Error("FL9004", "--{} has an empty value", option.name);
      if (option.most > 0) FL_RETURN_IF_ERROR(CheckNumber(option, value));
      if (!option.choices.empty()) FL_RETURN_IF_ERROR(CheckChoice(option, value));
    }
    return Ok();
  }

  static Status CheckNumber(const Option& option, const std::string& value) {
    int number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error == std::errc() && end == value.data() + value.size() && number >= option.least && number <= option.most) {
      return Ok();
    }
    return Error("FL9004", "--{}: '{}' is not a whole number from {} to {}", option.name, value, option.least, option.most);
  }

  static Status CheckChoice(const Option& option, const std::string& value) {
    const std::vector<std::string_view> choices = cli::Split(option.choices, '|');
    if (std::ranges::find(choices, value) != choices.end()) return Ok();
    const std::string_view nearest = Nearest(value, choices);
    Status error = Error("FL9004", "--{}: '{}' is not one of {}", option.name, value, fmt::join(choices, ", "));
    if (nearest.empty()) return error;
    return std::move(error).WithHint(
        fmt::format("did you mean --{}{}{}?", option.name, option.implicit.empty() ? ' ' : '=', nearest));
  }

  Status CheckOperands() {
    const std::vector<std::string>& operands = arguments().operands();
    const auto count = static_cast<int>(operands.size());
    if (std::ranges::find(operands, std::string()) != operands.end()) {
      return Error("FL9015", "{}: an argument is empty", command_.name);
    }
    if (count > command_.most_operands) {
      return Error("FL9015", "{}: '{}' is one argument too many", command_.name, operands[command_.most_operands])
          .WithHint(Usage());
    }
    if (count < command_.least_operands) {
      return Error("FL9015", "{}: {} is missing", command_.name, command_.operands).WithHint(Usage());
    }
    return Ok();
  }

  std::string Usage() const {
    return fmt::format("usage: fairlead {}{}{} [OPTION…]", command_.name, command_.operands.empty() ? "" : " ",
                       command_.operands);
  }

  Status CheckRelations() {
    for (const std::span<const Conflict> conflicts : {command_.conflicts, std::span<const Conflict>(kSharedConflicts)}) {
      for (const Conflict& conflict : conflicts) {
        if (!arguments().Has(conflict.first) || !arguments().Has(conflict.second)) continue;
        return Error("FL9015", "--{} and --{} contradict each other: {}", conflict.first, conflict.second, conflict.why);
      }
    }
    for (const Dependency& dependency : command_.dependencies) {
      if (!arguments().Has(dependency.option)) continue;
      const std::vector<std::string_view> needs = cli::Split(dependency.needs, '|');
      if (std::ranges::any_of(needs, [&](std::string_view need) { return arguments().Has(need); })) continue;
      return Error("FL9015", "--{} means nothing without --{}", dependency.option, fmt::join(needs, " or --"));
    }
    return Ok();
  }

  Invocation invocation_;
  const Command& command_;
};

namespace {

Status UnknownCommand(std::span<const Command> commands, const std::string& word) {
  std::vector<std::string_view> names;
  for (const Command& command : commands) names.push_back(command.name);
  const std::string_view nearest = Nearest(word, names);
  return Error("FL9003", "there is no command '{}'", word)
      .WithHint(nearest.empty() ? "fairlead --help lists the commands" : fmt::format("did you mean fairlead {}?", nearest));
}

}  // namespace

const Command* FindCommand(std::span<const Command> commands, std::span<const std::string> words) {
  const Command* best = nullptr;
  std::size_t length = 0;
  for (const Command& command : commands) {
    const std::vector<std::string_view> name = Split(command.name, ' ');
    const bool fits = name.size() <= words.size() && std::equal(name.begin(), name.end(), words.begin());
    if (fits && name.size() > length) std::tie(best, length) = std::tuple(&command, name.size());
  }
  return best;
}

std::string JsonValue(std::span<const std::string> words) {
  constexpr std::string_view kOption = "--json", kWithValue = "--json=";
  std::vector<std::string> values;
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    if (words[i].starts_with(kWithValue)) values.push_back(words[i].substr(kWithValue.size()));
    if (words[i] == kOption && i + 1 < words.size()) values.push_back(words[++i]);
  }
  return values.size() == 1 && !values[0].starts_with("--") ? values[0] : std::string();
}

Result<Invocation> ParseCommandLine(std::span<const Command> commands, const std::vector<std::string>& words) {
  if (words.empty()) return Error("FL9015", "no command is given").WithHint("fairlead --help lists the commands");
  const Command* const best = FindCommand(commands, words);
  if (best == nullptr) {
    const bool group = words.size() > 1 && std::ranges::any_of(commands, [&](const Command& command) {
                         return command.name.starts_with(words[0] + " ");
                       });
    return UnknownCommand(commands, group ? words[0] + " " + words[1] : words[0]);
  }
  const auto length = static_cast<std::ptrdiff_t>(Split(best->name, ' ').size());
  return Parser(*best).Parse({words.begin() + length, words.end()});
}

}  // namespace fairlead::cli
