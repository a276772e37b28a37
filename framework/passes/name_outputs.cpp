// name-outputs: gives inputs, outputs and initializers their final names.
//
// Inputs keep the placeholder's name, initializers their fully qualified name, outputs the path in the output pytree
// ("past.0.key"), else output_K with the K-th leaf counted from 0. Inputs are served first, then outputs, then
// initializers; a name that is taken gets a number and FL7001.
#include <unordered_set>

#include "passes/passes.hpp"

namespace fairlead::passes {
namespace {

class Names {
 public:
  explicit Names(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  // `wanted` where it is free, else with the lowest free number behind it.
  std::string Claim(std::string wanted) {
    if (taken_.insert(wanted).second) return wanted;
    uint32_t& next = next_[wanted];
    std::string name;
    do name = fmt::format("{}_{}", wanted, ++next);
    while (!taken_.insert(name).second);
    Finding finding;
    finding.rule = "FL7001";
    finding.message = fmt::format("the name \"{}\" is taken; the value is called \"{}\"", wanted, name);
    diagnostics_.Report(std::move(finding));
    return name;
  }

 private:
  Diagnostics& diagnostics_;
  std::unordered_set<std::string> taken_;
  std::unordered_map<std::string, uint32_t> next_;
};

class NameOutputsPass final : public ProgramPass {
 public:
  std::string_view name() const override { return "name-outputs"; }
  Status Run(ExportedProgram& program, PassContext& context) const override {
    Graph& graph = program.graph;
    Names names(context.diagnostics);
    std::vector<bool> named(graph.value_count());
    for (const InputSpec& spec : program.inputs)
      if (spec.kind == InputSpec::Kind::kUser && spec.value != kNoValue) graph.value(spec.value).name = spec.name;
    for (const ValueId input : graph.inputs()) {
      named[input] = true;
      graph.value(input).name = names.Claim(graph.value(input).name);
    }
    for (std::size_t leaf = 0; OutputSpec & spec : program.outputs) {
      if (spec.name.empty()) spec.name = fmt::format("output_{}", leaf);
      if (spec.value != kNoValue) spec.name = names.Claim(spec.name);
      ++leaf;
    }
    for (std::size_t constants = 0; const Initializer& initializer : graph.initializers()) {
      std::string& name = graph.value(initializer.value).name;
      if (name.empty()) name = fmt::format("constant_{}", constants++);  // a number that became an operand
      if (!named[initializer.value]) name = names.Claim(name);
    }
    return Ok();
  }
};

}  // namespace

const ProgramPass& NameOutputs() {
  static const NameOutputsPass pass;
  return pass;
}

}  // namespace fairlead::passes
