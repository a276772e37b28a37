#include "console.hpp"

#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "base/utf8.hpp"
#include "export/json_writer.hpp"
#include "export/text_file.hpp"
#include "interruption.hpp"

namespace fairlead::cli {
namespace {

constexpr std::size_t kNameColumns = 10;
constexpr std::size_t kExitColumn = 82;

}  // namespace

std::string Padded(std::string_view text, std::size_t columns) {
  const std::size_t used = Columns(text);
  return std::string(text) + std::string(used < columns ? columns - used : 2, ' ');
}

std::string ByteCount(uint64_t bytes) {
  constexpr std::array<std::string_view, 5> kUnits = {"KiB", "MiB", "GiB", "TiB", "PiB"};
  if (bytes < 1024) return fmt::format("{} B", bytes);
  double size = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  while (size >= 1024 && unit + 1 < kUnits.size()) {
    size /= 1024;
    ++unit;
  }
  return fmt::format("{:.1f} {}", size, kUnits[unit]);
}

std::string Counted(std::size_t count, std::string_view singular) {
  return fmt::format("{} {}{}", count, singular, count == 1 ? "" : "s");
}

Console::Console() : terminal_(::isatty(STDERR_FILENO) == 1) {
  const char* no_color = std::getenv("NO_COLOR");
  color_ = terminal_ && (no_color == nullptr || *no_color == '\0');
}

void Console::Configure(const Arguments& arguments) {
  quiet_ = arguments.Has("quiet");
  verbose_ = arguments.Has("verbose");
  const std::string color = arguments.Text("color");
  if (color != "auto") color_ = color == "always";
}

void Console::Print(std::string_view line) {
  Progress({});
  std::cout << line << std::endl;
}

void Console::WriteLine(std::string_view line) {
  Progress({});
  std::cerr << line << '\n';
}

void Console::Stage(std::string_view name, std::string_view text) {
  if (quiet_) return;
  WriteLine(Strong(Padded(name, kNameColumns)) + std::string(text));
}

void Console::Say(std::string_view line) {
  if (!quiet_) WriteLine(line);
}

void Console::Progress(std::string_view stage) {
  if (!terminal_ || quiet_) return;
  if (stage.empty() && !progress_shown_) return;
  std::cerr << "\r\x1b[K" << stage << (stage.empty() ? "" : " …") << std::flush;
  progress_shown_ = !stage.empty();
}

void Console::Show(const Diagnostics& diagnostics) {
  for (const Finding& finding : diagnostics.findings()) told_.Report(finding);
  Progress({});
  WriteTerminal(diagnostics, std::cerr, {.color = color_, .least = verbose_ ? Level::kNote : Level::kWarning});
  const std::size_t notes = diagnostics.Count(Level::kNote);
  if (notes > 0 && !verbose_ && !quiet_)
    WriteLine(fmt::format("{}: -v shows {}", Counted(notes, "note"), notes == 1 ? "it" : "them"));
}

int Console::Fail(std::string_view line, int exit_code) {
  WriteLine(Padded(line, kExitColumn) + fmt::format("exit {}", exit_code));
  return exit_code;
}

int Console::Fail(const Status& status) {
  Diagnostics diagnostics;
  diagnostics.Report(status);
  Show(diagnostics);
  return ExitCode(status);
}

int Console::FailFiles(const Status& status) {
  json_file_stays_ = true;
  return Fail(status);
}

std::string Console::Painted(std::string_view code, std::string_view text) const {
  return color_ ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

bool PrintsText(const Arguments& arguments) { return arguments.Text("json") != "-"; }

namespace {

int WriteDocument(const std::string& json, Console& console, std::string_view document, int exit_code) {
  if (json == "-") {
    console.Print(document);
    return exit_code;
  }
  const WritingScope writing;
  const Status written = WriteTextFile(json, fmt::format("{}\n", document), WritingScope::interrupted());
  return written.ok() ? exit_code : std::max(exit_code, console.Fail(written));
}

// True, too, for what is no regular file, or nothing yet.
bool MayBeDocument(const std::string& path) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(path, failed)) return true;
  std::ifstream file(path, std::ios::binary);
  char begin = 0, end[2] = {};
  file.get(begin).seekg(-2, std::ios::end).read(end, 2);
  return file.good() && begin == '{' && std::string_view(end, 2) == "}\n";
}

}  // namespace

int FinishJson(const Arguments& arguments, Console& console, std::string_view document, int exit_code) {
  console.document_given_ = true;
  return arguments.Has("json") ? WriteDocument(arguments.Text("json"), console, document, exit_code) : exit_code;
}

int FinishEarly(const std::string& json, const Command* command, Console& console, int exit_code) {
  if (json.empty() || exit_code == 0 || console.document_given_) return exit_code;
  if (json != "-" && (console.json_file_stays_ || !MayBeDocument(json))) return exit_code;
  JsonWriter document;
  document.BeginObject();
  if (command != nullptr) document.Key("command").String(command->name);
  document.Key("exit_code").Integer(exit_code).Key("diagnostics").Raw(ToJson(console.told_));
  return WriteDocument(json, console, document.End().text(), exit_code);
}

}  // namespace fairlead::cli
