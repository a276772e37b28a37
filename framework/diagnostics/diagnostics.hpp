// What a run has to say: results of rules, kept in order, and the sinks they are shown in.
//
//   diagnostics.Report({.rule = "FL2004", .message = "no lowering for custom operator acme::foo.default",
//                       .locations = {{.module_path = "encoder.attn", .file = "bev/encoder.py", .line = 88}}});
//   diagnostics.worst();                      // Level::kError
//   WriteTerminal(diagnostics, std::cerr, {.color = true});
#pragma once

#include <iosfwd>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/status.hpp"
#include "ir/graph.hpp"

namespace fairlead {

enum class Level : uint8_t { kNone, kNote, kWarning, kError };
std::string_view Name(Level level);  // "note"

// A stable rule of the catalogue. `exit_code` is what the process ends with when a result of it is an error.
struct Rule {
  std::string_view id;    // "FL2004"
  std::string_view name;  // "CustomOperatorWithoutLowering"
  Level level;            // default
  int exit_code;  // 2 usage, 10 input, 11 operators, 12 check, 13 numbers, 14 provider, 15 plugin, 17 output, 70 our bug,
                  // 130 interrupted
  std::string_view summary;  // one sentence
  std::string_view help;     // what to do, one or two sentences
};

// The host's rules, sorted by id.
std::span<const Rule> HostRules();
const Rule* FindRule(std::string_view id);  // null when unknown; plugins' rules are in the Registry
// A row that keeps its number and that nothing of the host reports yet. Plugins may.
bool IsReserved(std::string_view id);

// A place in the user's program. Empty parts are unknown.
struct Location {
  std::string module_path = {};  // "encoder.layers.0.attn"
  std::string file = {};         // as the stack trace has it
  int line = 0;
  std::string function = {};
  std::string code = {};  // the source line of the stack trace, trimmed
  std::string node = {};  // "add_3", the node in the graph
};
// The innermost frame of `source` that is not PyTorch's own or generated code, else the innermost.
Location LocationOf(const Source& source, std::string node = {});

// Named so that it does not read as Result<T>.
struct Finding {
  std::string rule = {};
  std::string message = {};              // subject, value found, value wanted; no final newline
  std::vector<Location> locations = {};  // all places of the same finding; the first is shown first
  std::string hint = {};                 // next step, may have several lines; empty: the rule's help
  Level level = Level::kNone;            // kNone: the rule's default
  std::string plugin = {};               // who said it; empty: the host
};

// Thread-safe. Findings keep the order of Report; those of equal rule, message, plugin and level merge their locations. A
// finding without a level gets its rule's default when it is reported, kError when nobody knows the rule.
class Diagnostics {
 public:
  void Report(Finding finding);
  void Report(const Status& status);  // an error as a finding; nothing when it is ok
  std::vector<Finding> findings() const;
  Level worst() const;
  std::size_t Count(Level level) const;
  // The exit code of the errors reported: the highest, 0 without one. Not the --fail-on code.
  int exit_code() const;

 private:
  mutable std::mutex mutex_;
  std::vector<Finding> findings_;
  std::unordered_map<std::string, std::size_t> index_;  // rule, message, plugin and level → position
};

// Exit code for a Status: that of its rule; 70 for an unknown rule.
int ExitCode(const Status& status);

struct TerminalOptions {
  bool color = false;
  Level least = Level::kNote;  // what is not shown: below this
  std::size_t max_places = 8;  // per finding; the rest is counted
};
// One finding, then the next:
//
//   error FL2004: no lowering for custom operator acme::deform_gather.default (2 places)
//      bev/encoder.py:88    encoder.layers.0.attn     deform_gather(feat, offset, groups=4)
//      bev/encoder.py:88    encoder.layers.1.attn     same
//      try   a plugin:      fairlead plugin new acme --op acme::deform_gather.default
//
// Control characters are shown as \xNN and broken UTF-8 is repaired, so that a name in an archive cannot drive a terminal.
void WriteTerminal(const Diagnostics& diagnostics, std::ostream& out, const TerminalOptions& options);
// One JSON array of findings: {"rule", "name", "level", "message", "hint", "plugin", "locations": [{"module_path", "file",
// "line", "function", "code", "node"}]}, empty members left out. Always valid UTF-8.
std::string ToJson(const Diagnostics& diagnostics);

}  // namespace fairlead
