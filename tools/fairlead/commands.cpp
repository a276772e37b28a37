#include "commands.hpp"

namespace fairlead::cli {
namespace {

constexpr int kMany = 100'000;  // operands

// One option a line.
// clang-format off
constexpr Option kOpset = {.name = "opset", .value = "N", .help = "target version of ONNX's operators", .initial = "20", .least = 18, .most = 26};
constexpr Option kPlugin = {.name = "plugin", .value = "FILE", .help = "load this plugin too", .repeat = true};
constexpr Option kPluginDir = {.name = "plugin-dir", .value = "DIR", .help = "load the plugins of this folder too", .repeat = true};
constexpr Option kNoPlugins = {.name = "no-plugins", .help = "do without the built-in plugins and FAIRLEAD_PLUGIN_PATH"};
constexpr Option kPluginOpt = {.name = "plugin-opt", .value = "ID:KEY=VALUE", .help = "a setting of a plugin", .repeat = true};
constexpr Option kPluginLock = {.name = "plugin-lock", .value = "LOCK", .help = "load only plugins that this file of plugin lock holds"};
constexpr Option kLowering = {.name = "lowering", .value = "OP=PLUGIN", .help = "who lowers an operator: aten::foo=PLUGIN, or =!PLUGIN to forbid it", .repeat = true};
constexpr Option kEp = {.name = "ep", .value = "NAME", .help = "execution provider that runs the model", .initial = "ort"};
constexpr Option kExpect = {.name = "expect", .value = "IO", .help = "inputs and the outputs they must give: .npz or .safetensors"};
constexpr Option kExpectSet = {.name = "expect-set", .value = "PREFIX", .help = "read only the keys PREFIX.… of IO"};
constexpr Option kCheckCrc = {.name = "check-crc", .help = "check the checksums of weights, too"};
constexpr Option kFailOn = {.name = "fail-on", .value = "LEVEL", .help = "exit with 16 when something of this level was found", .choices = "note|warning|error", .initial = "error"};

constexpr Option kExportOptions[] = {
    {.name = "output", .letter = 'o', .value = "OUT", .help = "the ONNX file; without it, IN's name with .onnx in the current folder"},
    kOpset,
    {.name = "weights", .value = "WHERE", .help = "in the file, beside it, left in IN, or made inputs", .choices = "embed|external|reference|none", .initial = "embed"},
    {.name = "state", .value = "HOW", .help = "buffers that the program changes: paired inputs and outputs, no longer changed, or refused", .choices = "io|drop|error", .initial = "io"},
    {.name = "passes", .value = "LIST", .help = "switch passes on or off: +a,-b", .repeat = true},
    {.name = "seed", .value = "N", .help = "what random operators start from, so that every run draws the same numbers", .least = 0, .most = 8388608},
    kPlugin, kPluginDir, kNoPlugins, kPluginLock, kPluginOpt, kLowering,
    {.name = "verify", .value = "WHAT", .help = "run the written file and compare its outputs", .choices = "outputs", .implicit = "outputs"},
    kExpect, kExpectSet, kEp, kCheckCrc, kFailOn,
    {.name = "batch", .value = "LIST", .help = "a file with one line IN<tab>OUT for each model"},
    {.name = "jobs", .letter = 'j', .value = "N", .help = "models of a batch exported at once", .initial = "1", .least = 1, .most = 256},
};

constexpr Conflict kExportConflicts[] = {
    {"batch", "output", "every line of the list names its output"},
    {"batch", "expect", "one file of expected values cannot fit many models"},
    {"batch", "verify", "there are no expected values for the models of a list"},
    {"batch", "json", "a batch prints its JSON lines on standard output"},
};

constexpr Dependency kExpectDependencies[] = {{"expect-set", "expect"}};

constexpr Dependency kExportDependencies[] = {{"expect-set", "expect"}, {"ep", "expect|verify"}};

constexpr Option kVerifyOptions[] = {kExpect, kExpectSet, kEp, kPlugin, kPluginDir, kNoPlugins, kPluginLock, kPluginOpt};

constexpr Option kRunOptions[] = {
    {.name = "input", .letter = 'i', .value = "IO", .help = "inputs by name: .npz, .npy or .safetensors"},
    {.name = "set", .value = "PREFIX", .help = "read only the keys PREFIX.… of IO"},
    {.name = "output", .letter = 'o', .value = "FILE", .help = "write the outputs: .npz or .safetensors"},
    kEp, kPlugin, kPluginDir, kNoPlugins, kPluginLock, kPluginOpt,
};

constexpr Dependency kRunDependencies[] = {{"set", "input"}};

constexpr Option kShowOptions[] = {
    {.name = "graph", .help = "the graph, in Fairlead's textual form"},
    {.name = "weights", .help = "every weight"},
    kCheckCrc,
};

constexpr Option kScanOptions[] = {kOpset, kPlugin, kPluginDir, kNoPlugins, kPluginLock, kPluginOpt, kLowering};

constexpr Option kOpsOptions[] = {
    kOpset,
    {.name = "markdown", .help = "as the table of the documentation"},
    {.name = "results", .value = "FILE", .help = "a column of it: lines OPERATOR<tab>RIGHT<tab>CASES of a test run"},
    kPlugin, kPluginDir, kNoPlugins, kPluginLock, kPluginOpt, kLowering,
};

constexpr Conflict kOpsConflicts[] = {{"markdown", "json", "one result, one form"}};

constexpr Dependency kOpsDependencies[] = {{"results", "markdown"}};

constexpr Option kPluginListOptions[] = {kPlugin, kPluginDir, kNoPlugins, kPluginLock};

constexpr Option kPluginLockOptions[] = {
    {.name = "output", .letter = 'o', .value = "LOCK", .help = "the file to write", .initial = "plugins.lock"},
    kPlugin, kPluginDir, kNoPlugins,
};

constexpr Option kHelpOptions[] = {
    {.name = "markdown", .help = "all commands, as the tables of docs/cli.md"},
};

constexpr Command kCommands[] = {
    {.name = "export", .operands = "IN…", .least_operands = 0, .most_operands = kMany,
     .summary = "Turns .pt2 programs into ONNX.",
     .details = "Nothing is written before the model is whole and checked. With --expect, the written file is run "
                "and its outputs are compared; without, the last line says NOT VERIFIED. Several inputs, or a "
                "--batch, go on after a failure: one JSON line for each model on standard output, the highest exit "
                "code at the end.",
     .options = kExportOptions, .conflicts = kExportConflicts, .dependencies = kExportDependencies, .run = Export},
    {.name = "verify", .operands = "MODEL", .least_operands = 1, .most_operands = 1,
     .summary = "Runs an ONNX file and compares its outputs with expected ones.",
     .details = "Keys of IO are the model's names, or in.K, out.K, mut.NAME and inmut.K, where K counts leaves of "
                "the program's inputs and outputs.",
     .options = kVerifyOptions, .dependencies = kExpectDependencies, .run = Verify},
    {.name = "run", .operands = "MODEL", .least_operands = 1, .most_operands = 1,
     .summary = "Runs an ONNX file on given inputs.",
     .options = kRunOptions, .dependencies = kRunDependencies, .run = Run},
    {.name = "show", .operands = "FILE", .least_operands = 1, .most_operands = 1,
     .summary = "Says what a .pt2, .onnx or other file is and what it holds.",
     .options = kShowOptions, .run = Show},
    {.name = "scan", .operands = "FILE…", .least_operands = 1, .most_operands = kMany,
     .summary = "Says which operators of programs have a lowering, without exporting.",
     .options = kScanOptions, .run = Scan},
    {.name = "ops", .operands = "[PATTERN]", .least_operands = 0, .most_operands = 1,
     .summary = "Lists the operators that can be lowered, and by which plugin.",
     .details = "PATTERN may hold * and ?; without, it is looked for anywhere in the name.",
     .options = kOpsOptions, .conflicts = kOpsConflicts, .dependencies = kOpsDependencies, .run = Ops},
    {.name = "explain", .operands = "OP…|RULE", .least_operands = 1, .most_operands = kMany,
     .summary = "Says which lowering of an operator is chosen and why, or what a rule means.",
     .details = "An operator that passes replace by another, like an in-place form, is followed to that one.",
     .options = kScanOptions, .run = Explain},
    {.name = "plugin list", .operands = "",
     .summary = "Lists the plugins that would be loaded; loads none.",
     .options = kPluginListOptions, .run = PluginList},
    {.name = "plugin lock", .operands = "",
     .summary = "Writes down the plugins that would be loaded, by the SHA-256 of their files; loads none.",
     .details = "With --plugin-lock LOCK, a command refuses every plugin that is not in the file, has another version or "
                "other bytes.",
     .options = kPluginLockOptions, .run = PluginLock},
    {.name = "help", .operands = "[COMMAND]", .least_operands = 0, .most_operands = 2,
     .summary = "Shows the help of a command.",
     .options = kHelpOptions, .run = Help},
    {.name = "version", .operands = "",
     .summary = "Prints the version.",
     .options = {}, .run = Version},
};
// clang-format on

}  // namespace

std::span<const Command> Commands() { return kCommands; }

}  // namespace fairlead::cli
