#include <algorithm>

#include "export/export_run.hpp"
#include "onnx/schema.hpp"

namespace fairlead {
namespace {

// 2^23: sums with the number of a random operator are whole numbers of a float.
constexpr int64_t kMaximalSeed = 8'388'608;

// An API user may cast any number to these types.
template <class Policy> Status Unknown(std::string_view what, Policy policy) {
  return Error("FL9004", "{}: {} is none of the values there are", what, static_cast<int>(policy));
}

Result<WeightPolicy> PolicyOf(ExportOptions::Weights weights) {
  switch (weights) {
    case ExportOptions::Weights::kEmbed: return WeightPolicy::kEmbed;
    case ExportOptions::Weights::kExternal: return WeightPolicy::kExternal;
    case ExportOptions::Weights::kReference: return WeightPolicy::kReference;
    case ExportOptions::Weights::kNone: return WeightPolicy::kNone;
  }
  return Unknown("weights", weights);
}

Result<StatePolicy> PolicyOf(ExportOptions::State state) {
  switch (state) {
    case ExportOptions::State::kIo: return StatePolicy::kIo;
    case ExportOptions::State::kDrop: return StatePolicy::kDrop;
    case ExportOptions::State::kError: return StatePolicy::kError;
  }
  return Unknown("state", state);
}

bool IsName(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string ToText(const LoweringChoice& choice) {
  return fmt::format("{}={}{}", ToString(choice.op), choice.forbid ? "!" : "", choice.plugin);
}

// Two choices that cannot both be followed: one operator given to two plugins, or given to and kept from the same.
Status CheckContradictions(const std::vector<LoweringChoice>& choices) {
  for (auto a = choices.begin(); a != choices.end(); ++a) {
    for (auto b = a + 1; b != choices.end(); ++b) {
      if (!(a->op == b->op)) continue;
      const bool two_owners = !a->forbid && !b->forbid && a->plugin != b->plugin;
      const bool yes_and_no = a->forbid != b->forbid && a->plugin == b->plugin;
      if (two_owners || yes_and_no)
        return Error("FL9015", "lowerings {} and {} contradict each other", ToText(*a), ToText(*b));
    }
  }
  return Ok();
}

}  // namespace

Status CheckPassNames(std::span<const std::string> names) {
  std::vector<std::string_view> known = ProgramPassNames();
  const std::vector<std::string_view> of_models = ModelPassNames();
  known.insert(known.end(), of_models.begin(), of_models.end());
  for (const std::string& name : names) {
    if (std::ranges::find(known, name) != known.end()) continue;
    return Error("FL9004", "there is no pass {}", name).WithHint(fmt::format("there are: {}", fmt::join(known, ", ")));
  }
  return Ok();
}

Result<LoweringChoice> ParseLoweringChoice(const std::string& text) {
  const auto malformed = [&] {
    return Error("FL9004", "lowering '{}' is not of the form aten::foo=PLUGIN or aten::foo.Tensor=!PLUGIN", text);
  };
  const std::size_t equals = text.find('=');
  const std::size_t colons = text.find("::");
  if (equals == std::string::npos || colons == std::string::npos || colons > equals) return malformed();
  LoweringChoice choice;
  choice.op.domain = text.substr(0, colons);
  choice.op.type = text.substr(colons + 2, equals - colons - 2);
  const std::size_t dot = choice.op.type.find('.');
  if (dot != std::string::npos) {
    choice.op.overload = choice.op.type.substr(dot + 1);
    choice.op.type.resize(dot);
    if (!IsName(choice.op.overload)) return malformed();
  }
  choice.forbid = equals + 1 < text.size() && text[equals + 1] == '!';
  choice.plugin = text.substr(equals + (choice.forbid ? 2 : 1));
  if (!IsName(choice.op.domain) || !IsName(choice.op.type) || choice.plugin.empty()) return malformed();
  return choice;
}

Result<ExportPlan> PlanExport(const ExportOptions& options) {
  if (options.opset < onnx_room::kOldestOpset || options.opset > onnx_room::kNewestOpset) {
    return Error("FL9004", "opset {} is not one of {} to {}", options.opset, onnx_room::kOldestOpset,
                 onnx_room::kNewestOpset);
  }
  ExportPlan plan;
  plan.opset = options.opset;
  FL_ASSIGN_OR_RETURN(plan.weights, PolicyOf(options.weights));
  FL_ASSIGN_OR_RETURN(plan.state, PolicyOf(options.state));
  plan.plugins.files = options.plugins;
  plan.plugins.directories = options.plugin_directories;
  plan.plugins.builtin = options.builtin_plugins;
  plan.plugins.environment = options.builtin_plugins;
  plan.plugins.options = options.plugin_options;
  plan.plugins.lock = options.plugin_lock;
  plan.disabled_passes = options.disabled_passes;
  plan.check_crc = options.check_crc;
  if (options.seed && (*options.seed < 0 || *options.seed > kMaximalSeed))
    return Error("FL9004", "seed {}: wanted 0 to {}", *options.seed, kMaximalSeed);
  plan.seed = options.seed;
  for (const std::string& text : options.lowerings) {
    FL_ASSIGN_OR_RETURN(LoweringChoice choice, ParseLoweringChoice(text));
    plan.lowerings.push_back(std::move(choice));
  }
  FL_RETURN_IF_ERROR(CheckContradictions(plan.lowerings));
  FL_RETURN_IF_ERROR(CheckPassNames(plan.disabled_passes));
  FL_RETURN_IF_ERROR(CheckDisabledPasses(plan.disabled_passes));
  return plan;
}

}  // namespace fairlead
