#include <algorithm>
#include <ostream>

#include "base/utf8.hpp"
#include "diagnostics/diagnostics.hpp"

namespace fairlead {
namespace {

constexpr std::string_view kIndent = "   ";
constexpr std::string_view kReset = "\x1b[0m";
constexpr std::size_t kWidestCell = 64;

// The text cut to `limit` columns; `keep_end` cuts at the front, as paths want it.
std::string Cut(std::string text, std::size_t limit, bool keep_end) {
  std::size_t surplus = Columns(text);
  if (surplus <= limit) return text;
  surplus -= limit - 1;
  const auto starts_character = [&](std::size_t i) { return i >= text.size() || (text[i] & 0xC0) != 0x80; };
  if (keep_end) {
    std::size_t at = 0;
    for (; surplus > 0; --surplus) do
        ++at;
      while (!starts_character(at));
    return "…" + text.substr(at);
  }
  std::size_t end = text.size();
  for (; surplus > 0; --surplus) do
      --end;
    while (!starts_character(end));
  return text.substr(0, end) + "…";
}

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return lines;
}

// "transformers/models/bert/modeling_bert.py:318": where a package is installed says nothing.
std::string FileCell(const Location& location) {
  if (location.file.empty()) return {};
  constexpr std::string_view kPackages = "-packages/";
  const std::size_t packages = location.file.rfind(kPackages);
  std::string cell =
      Printable(packages == std::string::npos ? location.file : location.file.substr(packages + kPackages.size()));
  if (location.line > 0) cell += fmt::format(":{}", location.line);
  return Cut(std::move(cell), kWidestCell, true);
}

// The source line, or else the node's name.
std::string CodeCell(const Location& location) {
  if (!location.code.empty()) return Cut(Printable(location.code), 100, false);
  return location.node.empty() ? std::string() : "node " + Cut(Printable(location.node), kWidestCell, false);
}

class TerminalWriter {
 public:
  TerminalWriter(std::ostream& out, const TerminalOptions& options) : out_(out), options_(options) {}

  void Write(const Finding& finding) {
    WriteHeadline(finding);
    WritePlaces(finding.locations);
    if (!finding.plugin.empty()) out_ << kIndent << "from  plugin " << Printable(finding.plugin) << '\n';
    WriteNextStep(finding);
  }

 private:
  std::string Colored(std::string_view code, std::string_view text) const {
    return options_.color ? fmt::format("\x1b[{}m{}{}", code, text, kReset) : std::string(text);
  }

  void WriteHeadline(const Finding& finding) {
    const std::string_view color = finding.level == Level::kError     ? "1;31"
                                   : finding.level == Level::kWarning ? "1;33"
                                                                      : "1;36";
    out_ << Colored(color, fmt::format("{} {}", Name(finding.level), Printable(finding.rule))) << ": ";
    const auto lines = Lines(finding.message);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      out_ << (i > 0 ? "\n   " : "") << Printable(lines[i]);
      if (i == 0 && finding.locations.size() > 1) out_ << fmt::format(" ({} places)", finding.locations.size());
    }
    out_ << '\n';
  }

  void WritePlaces(const std::vector<Location>& all) {
    const std::span<const Location> places(all.data(), std::min(all.size(), options_.max_places));
    std::size_t file_width = 0, module_width = 0;
    for (const Location& place : places) {
      file_width = std::max(file_width, Columns(FileCell(place)));
      module_width = std::max(module_width, Columns(ModuleCell(place)));
    }
    std::string previous;
    for (const Location& place : places) {
      std::string line(kIndent);
      const auto cell = [&](const std::string& text, std::size_t width, std::size_t gap) {
        if (width > 0) line += text + std::string(width - Columns(text) + gap, ' ');
      };
      cell(FileCell(place), file_width, 4);
      cell(ModuleCell(place), module_width, 5);
      const std::string code = CodeCell(place);
      line += !code.empty() && code == previous ? "same" : code;
      previous = code;
      line.erase(line.find_last_not_of(' ') + 1);
      if (!line.empty()) out_ << line << '\n';
    }
    if (all.size() > places.size()) out_ << kIndent << fmt::format("… and {} more\n", all.size() - places.size());
  }

  void WriteNextStep(const Finding& finding) {
    const Rule* const rule = FindRule(finding.rule);
    const std::string_view step = !finding.hint.empty() ? std::string_view(finding.hint)
                                  : rule                ? rule->help
                                                        : std::string_view{};
    bool first = true;
    for (const std::string_view line : Lines(step)) {
      out_ << kIndent << (first ? Colored("1", "try") : "   ") << "   " << Printable(line) << '\n';
      first = false;
    }
  }

  static std::string ModuleCell(const Location& place) { return Cut(Printable(place.module_path), kWidestCell, true); }

  std::ostream& out_;
  const TerminalOptions& options_;
};

}  // namespace

void WriteTerminal(const Diagnostics& diagnostics, std::ostream& out, const TerminalOptions& options) {
  TerminalWriter writer(out, options);
  for (const Finding& finding : diagnostics.findings())
    if (finding.level >= options.least) writer.Write(finding);
}

}  // namespace fairlead
