// complex-pairs: complex tensors become real ones with a trailing dimension of size 2 (complex_parts.hpp), and operators on
// them real operators. ONNX has complex types, but next to no operator takes them.
//
// It runs on the functional graph, with weights as initializers: a complex weight is a view of the same bytes.
#include <algorithm>

#include "passes/complex_rules.hpp"
#include "passes/passes.hpp"
#include "passes/program_edit.hpp"

namespace fairlead::passes {
namespace {

bool IsComplexValue(const Graph& graph, ValueId value) {
  return value != kNoValue && IsComplex(graph.value(value).type.dtype);
}

// A region that takes pairs as it takes other tensors.
bool IsRegion(const Node& node) {
  bool out = false;
  ForEachSubgraph(node, [&](const Graph&) { out = true; });
  return out;
}

void NeedPairsOf(const Node& node, ComplexParts& parts) {
  for (const ValueId value : node.inputs) parts.NeedPair(value);
  ForEachSubgraph(node, [&](const Graph& nested) {
    for (const Capture& capture : nested.captures()) parts.NeedPair(capture.outer);
  });
}

class PairsOfGraph {
 public:
  PairsOfGraph(Graph& graph, PassContext& context)
      : graph_(graph), context_(context), emitter_(graph, order_), math_(emitter_), parts_(math_), rules_(math_, parts_) {}

  // False when nothing in the graph is about complex numbers.
  bool IsNeeded() const {
    for (ValueId value = 0; value < graph_.value_count(); ++value)
      if (IsComplexValue(graph_, value)) return true;
    return std::ranges::any_of(graph_.order(), [&](NodeId id) { return rules_.Concerns(graph_.node(id)); });
  }

  // Every node that has no form is reported and stands in the graph as refused; the context has the first.
  Status Run() {
    const std::vector<NodeId> old = graph_.order();
    for (const NodeId id : old) {
      Status status = Rewrite(id);
      if (status.ok()) continue;
      status = ReportAt(graph_, graph_.node(id), std::move(status), context_.diagnostics);
      if (status.error().rule != "FL2014") return status;  // a program that contradicts itself
      context_.Refuse(std::move(status));
      KeepAsRefused(id);
    }
    for (const ValueId output : graph_.outputs()) parts_.NeedPair(output);
    graph_.SetOrder(std::move(order_));
    TypeAsPairs();
    return Ok();
  }

  std::vector<ValueId> Replacement() const {
    std::vector<ValueId> out(graph_.value_count(), kNoValue);
    for (const auto& [value, by] : rules_.replaced()) out[value] = by;
    return out;
  }

 private:
  Status Rewrite(NodeId id) {
    const Node& node = graph_.node(id);
    const std::size_t before = order_.size();
    if (!IsRegion(node) && rules_.Concerns(node)) {
      FL_RETURN_IF_ERROR(rules_.Apply(node));
      for (std::size_t i = before; i < order_.size(); ++i) FL_RETURN_IF_ERROR(parts_.CheckReads(graph_.node(order_[i])));
      return Ok();
    }
    if (IsRegion(node)) NeedPairsOf(node, parts_);
    order_.push_back(id);
    return Ok();
  }

  void KeepAsRefused(NodeId id) {
    Node& node = graph_.node(id);
    node.inputs.clear();
    node.attributes = {{std::string(kRefused), true}};
    for (const ValueId output : node.outputs)
      if (IsComplexValue(graph_, output)) parts_.DefinePair(output);
    order_.push_back(id);
  }

  void TypeAsPairs() {
    for (Initializer& weight : graph_.mutable_initializers())
      if (IsComplex(weight.tensor.dtype())) weight.tensor = weight.tensor.AsPairs();
    for (ValueId value = 0; value < graph_.value_count(); ++value)
      if (IsComplexValue(graph_, value)) graph_.value(value).type = PairType(graph_.value(value).type);
  }

  Graph& graph_;
  PassContext& context_;
  std::vector<NodeId> order_;
  NodeEmitter emitter_;
  RealMath math_;
  ComplexParts parts_;
  ComplexRules rules_;
};

// A user has to know how to feed and to read them.
void NoteInterface(const ExportedProgram& program, Diagnostics& diagnostics) {
  const auto note = [&](std::string_view role, std::string_view name, ValueId value) {
    if (!IsComplexValue(program.graph, value)) return;
    const Type& type = program.graph.value(value).type;
    Finding finding;
    finding.rule = "FL2022";
    finding.message = fmt::format(
        "{} \"{}\" is complex: it is {} in ONNX, the last dimension being its real and its "
        "imaginary part",
        role, name, ToString(PairType(type)));
    diagnostics.Report(std::move(finding));
  };
  for (const InputSpec& input : program.inputs)
    if (input.kind == InputSpec::Kind::kUser) note("input", input.name, input.value);
  for (const OutputSpec& output : program.outputs) note("output", output.name, output.value);
}

class ComplexPairsPass final : public ProgramPass {
 public:
  std::string_view name() const override { return "complex-pairs"; }
  Status Run(ExportedProgram& program, PassContext& context) const override {
    NoteInterface(program, context.diagnostics);
    return ForEachGraph(program.graph, [&](Graph& graph) -> Status {
      if (!PairsOfGraph(graph, context).IsNeeded()) return Ok();
      Graph rewritten = Clone(graph);  // an error leaves the graph as it was
      PairsOfGraph pairs(rewritten, context);
      FL_RETURN_IF_ERROR(pairs.Run());
      const std::vector<ValueId> replacement = pairs.Replacement();
      graph = std::move(rewritten);
      ReplaceIn(program, graph, replacement);
      return Ok();
    });
  }
};

}  // namespace

const ProgramPass& ComplexPairs() {
  static const ComplexPairsPass pass;
  return pass;
}

}  // namespace fairlead::passes
