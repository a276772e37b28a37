// functionalize: turns writes into new values.
//
// PyTorch's training IR keeps in-place operators. x.add_(1) changes every view of the memory of x; later reads of other
// views see it, and a node without readers may matter. This pass walks the graph once with the AliasTree:
//
//   - a view becomes a node of the tree; a result that is the argument itself (detach, contiguous of a contiguous tensor,
//     dropout without training) becomes another name of it, and the node goes
//   - op_(v, …) becomes op(v, …), cast back to the type of v, and is written to v
//   - operators that write a flagged argument (batch_norm in training) become their functional twins
//   - every other node reads what its arguments are at that point
//
// What is written to inputs of the program becomes outputs that say so (OutputSpec). A program that is functional already
// keeps what it has. Afterwards no value has strides.
#include <algorithm>
#include <numeric>
#include <optional>
#include <unordered_map>

#include "aten/schema.hpp"
#include "passes/alias_tree.hpp"
#include "passes/in_place.hpp"
#include "passes/passes.hpp"
#include "passes/program_edit.hpp"
#include "passes/sharing.hpp"
#include "passes/view_inverse.hpp"

namespace fairlead::passes {
namespace {

// New values of inputs of a graph: which input, what it holds at the end.
struct MutatedInput {
  std::size_t input;
  ValueId value;
};

// In-place operators that change no element.
bool IsNothingInPlace(const Node& node) {
  const std::string& type = node.op.type;
  if (node.op.domain != "aten") return false;
  if (type == "detach_" || type == "requires_grad_" || type == "_coalesced_" || type == "retain_grad") return true;
  const bool dropout =
      type == "dropout_" || type == "alpha_dropout_" || type == "feature_dropout_" || type == "feature_alpha_dropout_";
  return dropout && (BoolArgument(node, "train") == false || FloatArgument(node, "p") == 0.0);
}

class Functionalizer {
 public:
  Functionalizer(Graph& graph, Diagnostics& diagnostics)
      : graph_(graph), diagnostics_(diagnostics), emitter_(graph, order_), tree_(emitter_) {}

  // Two inputs of the graph that are the same memory.
  void Unite(ValueId first, ValueId second) { tree_.Bind(second, tree_.Of(first)); }

  // Rewrites the graph. `results` are values to be read at its end; they become what they hold there.
  Result<std::vector<MutatedInput>> Run(std::vector<ValueId>& results) {
    const std::vector<NodeId> order = graph_.order();
    const std::vector<ValueId> inputs = graph_.inputs();
    for (const NodeId id : order) {
      const Status status = Step(id);
      if (!status.ok()) return At(id, status);
    }
    std::vector<MutatedInput> mutated;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const AliasTree::Id alias = tree_.Of(inputs[i]);
      if (!tree_.IsWritten(alias)) continue;
      FL_ASSIGN_OR_RETURN(const ValueId value, tree_.Read(alias));
      if (value != inputs[i]) mutated.push_back({i, value});
    }
    for (ValueId& result : results) FL_RETURN_IF_ERROR(ReadInto(result));
    graph_.SetOrder(std::move(order_));
    for (ValueId value = 0; value < graph_.value_count(); ++value)
      graph_.value(value).type = WithoutStrides(std::move(graph_.value(value).type));
    return mutated;
  }

 private:
  // Replaces `value` by what has its elements now.
  Status ReadInto(ValueId& value) {
    if (value == kNoValue || IsNumber(value)) return Ok();
    FL_ASSIGN_OR_RETURN(value, tree_.Read(tree_.Of(value)));
    return Ok();
  }

  bool IsNumber(ValueId value) const { return graph_.value(value).type.IsSymbolicNumber(); }

  // The error with the node's name and its place in the user's code.
  Status At(NodeId id, const Status& status) const {
    const Node& node = graph_.node(id);
    return ReportAt(graph_, node, Error(status.error().rule, "{}: {}", ToString(node.op), status.message()), diagnostics_);
  }

  Status Step(NodeId id) {
    Node& node = graph_.node(id);
    if (IsNothingInPlace(node)) return BindTo(node, AliasedInPlace(node));
    if (IsMetadataInPlace(node.op)) {
      const std::optional<FunctionalForm> view = FindFunctionalForm(node.op);
      if (!view) return Error("FL2002", "this overload is not known");
      node.op = view->op;
      return View(id);
    }
    if (std::optional<InPlaceForm> form = FindInPlaceForm(node)) return Write(id, *form);
    const AtenSchema* schema = FindSchema(node.op);
    if (schema && schema->mutates()) return Error("FL1003", "it changes memory in a way that has no functional form");
    switch (SharingOf(graph_, node)) {
      case Sharing::kIdentity: return BindTo(node, ArgumentValues(node, AliasedArgument(node.op)));
      case Sharing::kView: return View(id);
      case Sharing::kUnknown: FL_RETURN_IF_ERROR(Plain(id)); return MarkUncertain(id);
      case Sharing::kNone: return Plain(id);
    }
    return Ok();
  }

  static std::vector<ValueId> AliasedInPlace(const Node& node) {
    const AtenSchema* schema = FindSchema(node.op);
    return schema && !schema->parameters.empty() ? ArgumentValues(node, schema->parameters[0].name)
                                                 : std::vector<ValueId>{};
  }

  // The results are the argument itself: the node goes.
  Status BindTo(const Node& node, const std::vector<ValueId>& arguments) {
    if (arguments.empty() || arguments[0] == kNoValue) return Error("FL1001", "an argument is missing");
    for (const ValueId output : node.outputs)
      if (output != kNoValue) tree_.Bind(output, tree_.Of(arguments[0]));
    return Ok();
  }

  // Every argument is read as it is now.
  Status ReadArguments(Node& node) {
    for (ValueId& input : node.inputs) FL_RETURN_IF_ERROR(ReadInto(input));
    Status status;
    ForEachSubgraph(node, [&](Graph& nested) {
      for (Capture& capture : nested.mutable_captures())
        if (status.ok()) status = ReadInto(capture.outer);
    });
    return status;
  }

  Status Plain(NodeId id) {
    std::vector<ValueId> before = graph_.node(id).inputs;
    const bool copies_memory = graph_.node(id).op == AtenOp("as_strided_copy");
    const bool writes_memory = graph_.node(id).op == AtenOp("as_strided_scatter");
    const std::vector<ValueId> self = ArgumentValues(graph_.node(id), "self");
    FL_RETURN_IF_ERROR(ReadArguments(graph_.node(id)));
    if (copies_memory || writes_memory) {
      if (self.empty() || self[0] == kNoValue) return Error("FL1001", "the argument self is missing");
      const Type& type = graph_.value(self[0]).type;
      if (copies_memory) {
        FL_ASSIGN_OR_RETURN([[maybe_unused]] const AliasTree::Id memory, ReadAsMemory(graph_.node(id), self[0]));
      } else if (!IsContiguous(type) || type.storage_offset != Dim(0)) {
        return Error("FL5004", "its argument is not in the order of memory");
      }
    }
    order_.push_back(id);
    return Nested(id, before);
  }

  Status MarkUncertain(NodeId id) {
    const Node& node = graph_.node(id);
    const std::vector<ValueId> arguments = ArgumentValues(node, AliasedArgument(node.op));
    if (arguments.empty() || arguments[0] == kNoValue || IsNumber(arguments[0])) return Ok();
    for (const ValueId output : node.outputs)
      if (output != kNoValue) tree_.MarkUncertain(tree_.Of(output), tree_.Of(arguments[0]), id);
    return Ok();
  }

  // as_strided reads memory, not elements: its argument becomes the memory as a whole, in memory order. `self` is the
  // argument as the program has it.
  Result<AliasTree::Id> ReadAsMemory(Node& node, ValueId self) {
    const AliasTree::Id root = tree_.RootOf(tree_.Of(self));
    const Type type = tree_.type(root);
    FL_RETURN_IF_ERROR(CountFrom(type.storage_offset, graph_.value(self).type.storage_offset, node));
    FL_ASSIGN_OR_RETURN(ValueId memory, tree_.Read(root));
    AliasTree::Id parent = root;
    if (!IsContiguous(type)) {
      FL_ASSIGN_OR_RETURN(memory, InMemoryOrder(memory, root, node.source));
      parent = tree_.Of(memory);
    }
    const auto* argument = std::get_if<ValueRef>(&node.Find("self")->value);
    if (!argument) return Error("FL1001", "the argument self is not one tensor");
    node.inputs[static_cast<std::size_t>(argument->input)] = memory;
    return parent;
  }

  // The offset of as_strided, which counts from the beginning of the storage, counted from the root's first element. One
  // that is not given is that of the argument, `own`.
  static Status CountFrom(const Dim& root, const Dim& own, Node& node) {
    const Attribute* offset = node.Find("storage_offset");
    if (!offset || std::holds_alternative<None>(offset->value)) {
      if (own == root) return node.Set("storage_offset", int64_t{0}), Ok();
      if (!own.IsStatic()) return Error("FL5004", "the offset of its argument is symbolic");
      node.Set("storage_offset", own.size());
    }
    if (root == Dim(0)) return Ok();
    const auto* begin = std::get_if<int64_t>(&node.Find("storage_offset")->value);
    if (!begin || !root.IsStatic()) return Error("FL5004", "the offset of its argument is symbolic");
    if (*begin < root.size()) return Error("FL5004", "it reads memory before its argument");
    return node.Set("storage_offset", *begin - root.size()), Ok();
  }

  // The permutation of `value` whose row-major order is the order in memory, as a view of it.
  Result<ValueId> InMemoryOrder(ValueId value, AliasTree::Id root, SourceId source) {
    const Type type = tree_.type(root);
    const bool known =
        type.dims && type.strides.size() == type.dims->size() && std::ranges::all_of(type.strides, &Dim::IsStatic);
    if (!known) return Error("FL5004", "the memory order of its argument is not known");
    std::vector<int64_t> dims(type.strides.size());
    std::iota(dims.begin(), dims.end(), 0);
    std::ranges::stable_sort(dims, std::greater<>(),
                             [&](int64_t dim) { return type.strides[static_cast<std::size_t>(dim)].size(); });
    Type ordered(type.dtype, Dims());
    for (const int64_t dim : dims) {
      ordered.dims->push_back((*type.dims)[static_cast<std::size_t>(dim)]);
      ordered.strides.push_back(type.strides[static_cast<std::size_t>(dim)]);
    }
    if (!IsContiguous(ordered)) return Error("FL5004", "its argument has gaps in memory");
    Node permute{.op = AtenOp("permute")};
    permute.source = source;
    GiveValue(permute, "self", value);
    permute.Set("dims", std::move(dims));
    const ValueId out = graph_.AddValue(std::move(ordered));
    const NodeId id = emitter_.EmitInto(std::move(permute), {out});
    tree_.AddView(out, root, id, "self", 0);
    return out;
  }

  Status View(NodeId id) {
    Node& node = graph_.node(id);
    std::string argument = AliasedArgument(node.op);
    const std::vector<ValueId> parents = ArgumentValues(node, argument);
    std::vector<AliasTree::Id> trees;
    for (const ValueId parent : parents) {
      if (parent == kNoValue) return Error("FL1001", "the argument {} is missing", argument);
      trees.push_back(tree_.Of(parent));
    }
    const Attribute* given = node.Find(argument);
    const bool list = given && std::holds_alternative<ValueRefs>(given->value);
    if (trees.empty() || (list && trees.size() < node.outputs.size()))
      return Error("FL1001", "the argument {} is missing", argument);
    FL_RETURN_IF_ERROR(ReadArguments(node));
    if (node.op == AtenOp("as_strided")) {
      FL_ASSIGN_OR_RETURN(trees[0], ReadAsMemory(node, parents[0]));
    }
    order_.push_back(id);
    for (std::size_t i = 0; i < node.outputs.size(); ++i)
      if (node.outputs[i] != kNoValue) tree_.AddView(node.outputs[i], trees[list ? i : 0], id, argument, i);
    return Ok();
  }

  // The functional nodes of one write, then the write itself.
  Status Write(NodeId id, const InPlaceForm& form) {
    if (form.training) ReportTraining(id);
    std::vector<AliasTree::Id> written;
    for (const ValueId value : WrittenValues(graph_.node(id), form)) {
      if (value == kNoValue) return Error("FL1001", "an argument that it writes is missing");
      written.push_back(tree_.Of(value));
    }
    FL_RETURN_IF_ERROR(ReadArguments(graph_.node(id)));
    std::vector<Type> types;
    for (const AliasTree::Id alias : written) types.push_back(tree_.type(alias));
    FL_ASSIGN_OR_RETURN(const std::vector<NewValue> values, EmitInPlace(emitter_, graph_.node(id), form, types));
    for (std::size_t i = 0; i < values.size(); ++i) {
      FL_RETURN_IF_ERROR(values[i].resized ? tree_.Replace(written[i], values[i].value, graph_.value(values[i].value).type)
                                           : tree_.Write(written[i], values[i].value));
      if (values[i].result != kNoValue) tree_.Bind(values[i].result, written[i]);
    }
    return Ok();
  }

  void ReportTraining(NodeId id) {
    const Node& node = graph_.node(id);
    Finding finding;
    finding.rule = "FL1004";
    finding.message = fmt::format("{} runs in training mode and updates its running statistics", ToString(node.op));
    finding.locations = {LocationOf(graph_.source(node.source))};
    diagnostics_.Report(std::move(finding));
  }

  // Nested graphs of a higher-order operator. `operands` are the inputs of the node before they were read.
  Status Nested(NodeId id, const std::vector<ValueId>& operands) {
    std::vector<Graph*> graphs;
    ForEachSubgraph(graph_.node(id), [&](Graph& nested) { graphs.push_back(&nested); });
    std::vector<std::vector<MutatedInput>> mutated;
    for (Graph* nested : graphs) {
      FL_ASSIGN_OR_RETURN(std::vector<MutatedInput> found,
                          Functionalizer(*nested, diagnostics_).Run(nested->mutable_outputs()));
      mutated.push_back(std::move(found));
    }
    if (std::ranges::all_of(mutated, [](const auto& found) { return found.empty(); })) return Ok();
    if (graph_.node(id).op != OpName{"higher_order", "cond", "default"})
      return Error("FL5004", "a graph inside of it changes an operand");
    return ExposeInBranches(id, graphs, mutated, operands);
  }

  // cond: each branch returns every operand that one of them changes.
  Status ExposeInBranches(NodeId id, const std::vector<Graph*>& graphs,
                          const std::vector<std::vector<MutatedInput>>& mutated, const std::vector<ValueId>& inputs) {
    Node& node = graph_.node(id);
    const Attribute* attribute = node.Find("operands");
    const auto* operands = attribute ? std::get_if<ValueRefs>(&attribute->value) : nullptr;
    if (!operands) return Error("FL1001", "the operands are missing");
    std::vector<ValueId> written;
    for (std::size_t i = 0; i < operands->items.size(); ++i) {
      const bool changed = std::ranges::any_of(
          mutated, [&](const auto& found) { return std::ranges::count(found, i, &MutatedInput::input) > 0; });
      if (!changed) continue;
      for (std::size_t g = 0; g < graphs.size(); ++g) {
        if (i >= graphs[g]->inputs().size()) return Error("FL1001", "a branch takes fewer operands than it is given");
        const auto found = std::ranges::find(mutated[g], i, &MutatedInput::input);
        graphs[g]->AddOutput(found == mutated[g].end() ? graphs[g]->inputs()[i] : found->value);
      }
      const ValueRef ref = operands->items[i];
      if (ref.input < 0) return Error("FL1001", "an operand is missing");
      written.push_back(inputs[static_cast<std::size_t>(ref.input)]);
    }
    for (const ValueId operand : written) {
      const AliasTree::Id alias = tree_.Of(operand);
      const ValueId value = graph_.AddValue(WithoutStrides(tree_.type(alias)));
      graph_.value(value).producer = id;
      graph_.value(value).output = static_cast<uint32_t>(node.outputs.size());
      node.outputs.push_back(value);
      if (node.output_lists.size() == 1 && node.output_lists[0] >= 0) ++node.output_lists[0];
      FL_RETURN_IF_ERROR(tree_.Write(alias, value));
    }
    return Ok();
  }

  Graph& graph_;
  Diagnostics& diagnostics_;
  std::vector<NodeId> order_;
  NodeEmitter emitter_;
  AliasTree tree_;
};

bool IsWeight(const InputSpec& spec) {
  return spec.kind == InputSpec::Kind::kParameter || spec.kind == InputSpec::Kind::kBuffer ||
         spec.kind == InputSpec::Kind::kTensorConstant;
}

// Weights by where their bytes begin. Two that are the same tensor are one memory; two that overlap otherwise must not be
// written to.
struct WeightMemory {
  const std::byte* begin;
  const std::byte* end;
  const Tensor* tensor;
  std::size_t input;
};

std::vector<WeightMemory> WeightsByAddress(const ExportedProgram& program) {
  std::vector<WeightMemory> out;
  for (std::size_t i = 0; i < program.inputs.size(); ++i) {
    const InputSpec& spec = program.inputs[i];
    const auto weight =
        IsWeight(spec) && spec.value != kNoValue ? program.weights.find(spec.target) : program.weights.end();
    if (weight == program.weights.end() || weight->second.bytes().empty()) continue;
    const std::span<const std::byte> bytes = weight->second.bytes();
    out.push_back({bytes.data(), bytes.data() + bytes.size(), &weight->second, i});
  }
  std::ranges::stable_sort(out,
                           [](const WeightMemory& a, const WeightMemory& b) { return std::less<>()(a.begin, b.begin); });
  return out;
}

Status RefusePartialOverlap(const ExportedProgram& program, const std::vector<WeightMemory>& weights,
                            const std::vector<bool>& mutated) {
  const WeightMemory* widest = nullptr;  // of those before, the one that ends last
  for (const WeightMemory& weight : weights) {
    const bool overlaps = widest && std::less<>()(weight.begin, widest->end);
    if (overlaps && (mutated[weight.input] || mutated[widest->input]) && !SameView(*weight.tensor, *widest->tensor))
      return Error("FL5004", "\"{}\" and \"{}\" overlap in memory, and the program writes to one of them",
                   program.inputs[widest->input].target, program.inputs[weight.input].target);
    if (!widest || std::less<>()(widest->end, weight.end)) widest = &weight;
  }
  return Ok();
}

OutputSpec::Kind MutationOf(InputSpec::Kind kind) {
  switch (kind) {
    case InputSpec::Kind::kUser: return OutputSpec::Kind::kInputMutation;
    case InputSpec::Kind::kParameter: return OutputSpec::Kind::kParameterMutation;
    case InputSpec::Kind::kBuffer:
    case InputSpec::Kind::kTensorConstant:
    case InputSpec::Kind::kConstant:
    case InputSpec::Kind::kCustomObject:
    case InputSpec::Kind::kToken: return OutputSpec::Kind::kBufferMutation;
  }
  return OutputSpec::Kind::kBufferMutation;
}

class FunctionalizePass final : public ProgramPass {
 public:
  std::string_view name() const override { return "functionalize"; }
  Status Run(ExportedProgram& program, PassContext& context) const override {
    Functionalizer functionalizer(program.graph, context.diagnostics);
    const std::vector<WeightMemory> weights = WeightsByAddress(program);
    for (std::size_t i = 1; i < weights.size(); ++i)
      if (SameView(*weights[i - 1].tensor, *weights[i].tensor))
        functionalizer.Unite(program.inputs[weights[i - 1].input].value, program.inputs[weights[i].input].value);
    std::unordered_map<ValueId, std::size_t> spec_of;
    for (std::size_t i = 0; i < program.inputs.size(); ++i) spec_of.emplace(program.inputs[i].value, i);
    const std::vector<ValueId> inputs = program.graph.inputs();
    std::vector<ValueId> results;
    for (const OutputSpec& spec : program.outputs) results.push_back(spec.value);
    FL_ASSIGN_OR_RETURN(const std::vector<MutatedInput> mutated, functionalizer.Run(results));
    for (std::size_t i = 0; i < results.size(); ++i) program.outputs[i].value = results[i];
    std::vector<bool> is_mutated(program.inputs.size());
    for (const MutatedInput& found : mutated) {
      const auto spec = spec_of.find(inputs[found.input]);
      if (spec == spec_of.end()) return Error("FL1001", "a graph input has no meaning in the program's signature");
      is_mutated[spec->second] = true;
      AddMutation(program, program.inputs[spec->second], found.value);
    }
    FL_RETURN_IF_ERROR(RefusePartialOverlap(program, weights, is_mutated));
    SyncOutputs(program);
    return Ok();
  }

 private:
  static void AddMutation(ExportedProgram& program, const InputSpec& input, ValueId value) {
    OutputSpec spec;
    spec.kind = MutationOf(input.kind);
    spec.value = value;
    spec.target = input.kind == InputSpec::Kind::kUser ? input.name : input.target;
    program.outputs.push_back(std::move(spec));
  }
};

}  // namespace

const ProgramPass& Functionalize() {
  static const FunctionalizePass pass;
  return pass;
}

}  // namespace fairlead::passes
