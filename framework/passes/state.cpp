// state: says what becomes of buffers, parameters and inputs that the program changes.
//
//   io     each new value is an output "<name>.next" after the user's: buffers and parameters, then inputs, each in the
//   order of
//          the placeholders. LiftWeights makes a mutated buffer an input with a default of the same name.
//   drop   the new values are left out; FL5001 warns
//   error  FL5001 ends the export; the passes after this one go on as with drop
#include <algorithm>
#include <unordered_map>

#include "passes/passes.hpp"
#include "passes/program_edit.hpp"

namespace fairlead::passes {
namespace {

using InputKind = InputSpec::Kind;
using OutputKind = OutputSpec::Kind;

bool IsMutation(const OutputSpec& spec) {
  return spec.kind == OutputKind::kBufferMutation || spec.kind == OutputKind::kParameterMutation ||
         spec.kind == OutputKind::kInputMutation;
}

// A mutation and the placeholder it changes.
struct Mutation {
  OutputSpec output;
  std::size_t input = 0;
};

// What a mutation names: user inputs by the placeholder's name, everything else by its fully qualified name.
std::unordered_map<std::string, std::size_t> IndexTargets(const ExportedProgram& program, bool user) {
  std::unordered_map<std::string, std::size_t> out;
  for (std::size_t i = 0; i < program.inputs.size(); ++i) {
    const InputSpec& spec = program.inputs[i];
    if ((spec.kind == InputKind::kUser) == user) out.try_emplace(user ? spec.name : spec.target, i);
  }
  return out;
}

Result<std::vector<Mutation>> Collect(const ExportedProgram& program) {
  const auto users = IndexTargets(program, true), weights = IndexTargets(program, false);
  std::vector<Mutation> out;
  for (const OutputSpec& spec : program.outputs) {
    if (!IsMutation(spec)) continue;
    const auto& targets = spec.kind == OutputKind::kInputMutation ? users : weights;
    const auto found = targets.find(spec.target);
    if (found == targets.end())
      return Error("FL1001", "an output changes \"{}\", which is no input of the program", spec.target);
    out.push_back({spec, found->second});
  }
  std::ranges::stable_sort(out, {}, [](const Mutation& mutation) {
    return std::pair(mutation.output.kind == OutputKind::kInputMutation, mutation.input);
  });
  return out;
}

std::string Names(const std::vector<Mutation>& mutations, OutputKind kind) {
  constexpr std::size_t kShown = 8;
  std::vector<std::string_view> names;
  for (const Mutation& mutation : mutations)
    if (mutation.output.kind == kind) names.push_back(mutation.output.target);
  const std::size_t more = names.size() > kShown ? names.size() - kShown : 0;
  names.resize(names.size() - more);
  return fmt::format("{}{}", fmt::join(names, ", "), more ? fmt::format(" and {} more", more) : "");
}

std::size_t Count(const std::vector<Mutation>& mutations, OutputKind kind) {
  return static_cast<std::size_t>(
      std::ranges::count_if(mutations, [&](const Mutation& m) { return m.output.kind == kind; }));
}

struct Wording {
  OutputKind kind;
  std::string_view rule;  // when it is exposed
  std::string_view noun;
};
constexpr Wording kWordings[] = {{OutputKind::kBufferMutation, "FL5002", "buffer"},
                                 {OutputKind::kParameterMutation, "FL5007", "parameter"},
                                 {OutputKind::kInputMutation, "FL5003", "input"}};

// Where the new values are made. One that is an input or a weight has no place.
std::vector<Location> PlacesOf(const Graph& graph, const std::vector<Mutation>& mutations, OutputKind kind) {
  std::vector<Location> places;
  for (const Mutation& mutation : mutations) {
    const NodeId producer = graph.value(mutation.output.value).producer;
    if (mutation.output.kind != kind || producer == kNoNode) continue;
    places.push_back(LocationOf(graph.source(graph.node(producer).source), graph.value(mutation.output.value).name));
  }
  return places;
}

void ReportEach(const ExportedProgram& program, const std::vector<Mutation>& mutations, PassContext& context) {
  for (const auto& [kind, rule, noun] : kWordings) {
    const std::size_t count = Count(mutations, kind);
    if (count == 0) continue;
    Finding finding;
    finding.rule = context.state == StatePolicy::kIo ? rule : "FL5001";
    finding.message =
        fmt::format("the program changes {} {}{}: {}", count, noun, count == 1 ? "" : "s", Names(mutations, kind));
    finding.locations = PlacesOf(program.graph, mutations, kind);
    if (context.state == StatePolicy::kError) {
      finding.level = Level::kError;
      context.Refuse(Error("FL5001", "{}", finding.message));
    }
    context.diagnostics.Report(std::move(finding));
  }
}

const std::string& NameOf(const InputSpec& input) { return input.kind == InputKind::kUser ? input.name : input.target; }

void Append(ExportedProgram& program, std::vector<Mutation> mutations) {
  for (Mutation& mutation : mutations) {
    mutation.output.name = NameOf(program.inputs[mutation.input]) + ".next";
    program.outputs.push_back(std::move(mutation.output));
  }
}

void Drop(ExportedProgram& program, const std::vector<Mutation>& mutations) {
  for (const Mutation& mutation : mutations) program.dropped_state.push_back(NameOf(program.inputs[mutation.input]));
}

// Runtimes refuse a model without outputs. Where state is refused, that is said.
void RequireOutput(const ExportedProgram& program, PassContext& context) {
  if (!program.graph.outputs().empty() || !context.refused.ok()) return;
  Status none = Error("FL5010", "the program returns no tensor: the model would have no output");
  context.diagnostics.Report(none);
  context.Refuse(std::move(none));
}

class StatePass final : public ProgramPass {
 public:
  std::string_view name() const override { return "state"; }
  Status Run(ExportedProgram& program, PassContext& context) const override {
    for (const OutputSpec& spec : program.outputs)
      if (spec.kind == OutputKind::kGradient)
        return Error("FL1005", "an output is the gradient of \"{}\": programs of a training step are not exported",
                     spec.target);
    FL_ASSIGN_OR_RETURN(std::vector<Mutation> mutations, Collect(program));
    ReportEach(program, mutations, context);
    std::erase_if(program.outputs,
                  [](const OutputSpec& spec) { return IsMutation(spec) || spec.kind == OutputKind::kToken; });
    if (context.state == StatePolicy::kIo)
      Append(program, std::move(mutations));
    else
      Drop(program, mutations);
    SyncOutputs(program);
    RequireOutput(program, context);
    return Ok();
  }
};

}  // namespace

const ProgramPass& State() {
  static const StatePass pass;
  return pass;
}

}  // namespace fairlead::passes
