// What the user sees. Results go to standard output, everything else to standard error. Text from files is made printable.
#pragma once

#include <string>
#include <string_view>

#include "command_line.hpp"
#include "diagnostics/diagnostics.hpp"

namespace fairlead::cli {

// `text` and spaces up to `columns`; text that is longer is followed by two.
std::string Padded(std::string_view text, std::size_t columns);
std::string ByteCount(uint64_t bytes);                              // "44.7 MiB", "812 B"
std::string Counted(std::size_t count, std::string_view singular);  // "1 operator", "3 operators"

class Console {
 public:
  Console();
  // From --quiet, --verbose and --color; NO_COLOR and a standard error that is no terminal switch colour off.
  void Configure(const Arguments& arguments);
  bool quiet() const { return quiet_; }
  bool verbose() const { return verbose_; }

  // A line of the result, on standard output.
  void Print(std::string_view line);
  // "read      resnet18.pt2     torch 2.13 · …", on standard error unless --quiet. Without a name, the stage goes on.
  void Stage(std::string_view name, std::string_view text);
  // A plain line on standard error unless --quiet.
  void Say(std::string_view line);
  // The line of the stage that is running; only on a terminal, and gone with the next line.
  void Progress(std::string_view stage);
  // A failure as one plain line on standard error, --quiet or not.
  void Complain(std::string_view line) { WriteLine(line); }
  // Errors and warnings on standard error, notes with --verbose.
  void Show(const Diagnostics& diagnostics);
  // The last line of a failed command, with its exit code, and that code as the answer.
  int Fail(std::string_view line, int exit_code);
  // A failure that no run's findings hold; answers its exit code.
  int Fail(const Status& status);
  // The same of files that are in each other's way: that of --json may be one of them, and is left alone.
  int FailFiles(const Status& status);

  std::string Good(std::string_view text) const { return Painted("32", text); }
  std::string Bad(std::string_view text) const { return Painted("1;31", text); }
  std::string Strong(std::string_view text) const { return Painted("1", text); }

 private:
  friend int FinishJson(const Arguments& arguments, Console& console, std::string_view document, int exit_code);
  friend int FinishEarly(const std::string& json, const Command* command, Console& console, int exit_code);
  std::string Painted(std::string_view code, std::string_view text) const;
  void WriteLine(std::string_view line);

  Diagnostics told_;  // by Show
  bool document_given_ = false, json_file_stays_ = false;
  bool quiet_ = false, verbose_ = false, color_ = false, terminal_ = false, progress_shown_ = false;
};

// False when --json - was given: then the document is all that stands on standard output.
bool PrintsText(const Arguments& arguments);
// Writes the document of --json FILE|- when it was asked for, the file at once; answers `exit_code`, or that of the failed
// writing.
int FinishJson(const Arguments& arguments, Console& console, std::string_view document, int exit_code);
// The document of a command that failed before it had one: what the console told. `json` is the value of --json or empty,
// `command` null when there is none of that name. What else the command line is about may not be known yet, so that a file
// is replaced only where it holds a JSON object. Answers as FinishJson does.
int FinishEarly(const std::string& json, const Command* command, Console& console, int exit_code);

}  // namespace fairlead::cli
