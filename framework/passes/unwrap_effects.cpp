// unwrap-effects: the operators inside with_effects and auto_functionalized.
//
//   with_effects(token, op, …) -> (token', results…)            becomes op(…) -> results; tokens go
//   auto_functionalized(op, …) -> (results…, written…)          becomes the functional twin of an ATen operator; an
//   operator auto_functionalized_v2(op, …, _all_bases, _x_base_index …)  of another namespace keeps its name and returns
//   its results,
//                                                               then the new value of each argument that it writes
#include <algorithm>

#include "aten/schema.hpp"
#include "passes/node_edit.hpp"
#include "passes/passes.hpp"
#include "passes/program_edit.hpp"
#include "passes/view_inverse.hpp"

namespace fairlead::passes {
namespace {

// One graph's nodes, rewritten in order.
class Unwrapper {
 public:
  explicit Unwrapper(Graph& graph) : graph_(graph), emitter_(graph, order_) {}

  Status Run() {
    const std::vector<NodeId> order = graph_.order();
    for (const NodeId id : order) {
      const Node& node = graph_.node(id);
      const std::string& type = node.op.type;
      if (node.op.domain != "higher_order") {
        order_.push_back(id);
      } else if (type == "with_effects") {
        FL_RETURN_IF_ERROR(WithEffects(node));
      } else if (type == "auto_functionalized") {
        FL_RETURN_IF_ERROR(AutoFunctionalized(node));
      } else if (type == "auto_functionalized_v2") {
        FL_RETURN_IF_ERROR(AutoFunctionalizedV2(node));
      } else {
        order_.push_back(id);
      }
    }
    graph_.SetOrder(std::move(order_));
    return Ok();
  }

  const std::vector<ValueId>& replacement() const { return replacement_; }

 private:
  static Result<OpName> InnerOp(const Node& node) {
    const Attribute* op = node.Find("op");
    const auto* name = op ? std::get_if<OpName>(&op->value) : nullptr;
    if (!name) return Error("FL1001", "{} does not say which operator it calls", ToString(node.op));
    return *name;
  }

  Node Start(const OpName& op, const Node& from) const {
    Node node{.op = op};
    node.source = from.source;
    return node;
  }

  void Replace(ValueId old, ValueId by) {
    if (replacement_.size() <= old) replacement_.resize(graph_.value_count(), kNoValue);
    replacement_[old] = by;
  }

  Status WithEffects(const Node& node) {
    FL_ASSIGN_OR_RETURN(const OpName op, InnerOp(node));
    Node inner = Start(op, node);
    for (const Attribute& attribute : node.attributes)
      if (attribute.name != "token" && attribute.name != "op") CopyArgument(node, attribute.name, inner);
    if (node.outputs.empty()) return Error("FL1001", "with_effects returns no token");
    const ValueId token = node.Argument("token");
    if (node.outputs[0] != kNoValue && token != kNoValue) Replace(node.outputs[0], token);
    std::vector<ValueId> results(node.outputs.begin() + 1, node.outputs.end());
    while (!results.empty() && results.back() == kNoValue) results.pop_back();
    const AtenSchema* schema = FindSchema(op);
    if (schema && schema->results.size() == 1 && schema->results[0].type.list)
      inner.output_lists = {static_cast<int32_t>(results.size())};
    emitter_.EmitInto(std::move(inner), std::move(results));
    return Ok();
  }

  // The functional twin with `results`; any other operator as it is. Names of arguments are the same.
  void EmitFunctional(Node inner, std::vector<ValueId> results) {
    if (const std::optional<FunctionalForm> twin = FindFunctionalForm(inner.op)) inner.op = twin->op;
    emitter_.EmitInto(std::move(inner), std::move(results));
  }

  Status AutoFunctionalized(const Node& node) {
    FL_ASSIGN_OR_RETURN(const OpName op, InnerOp(node));
    Node inner = Start(op, node);
    for (const Attribute& attribute : node.attributes)
      if (attribute.name != "op") CopyArgument(node, attribute.name, inner);
    std::vector<ValueId> results = node.outputs;
    std::erase(results, kNoValue);
    EmitFunctional(std::move(inner), std::move(results));
    return Ok();
  }

  // An argument of an auto_functionalized_v2 operator that is written: which base it is a view of, and how.
  struct WrittenArgument {
    std::string name;
    std::size_t base;
    ValueId view;   // what the operator is given
    ValueId value;  // what it makes of it
  };

  static bool Given(const Node& node, const std::string& attribute) {
    const Attribute* found = node.Find(attribute);
    return found && !std::holds_alternative<None>(found->value);
  }

  // The view of `base` that the argument is; the base itself unless the node says a slice or strides.
  ValueId EmitView(const Node& node, const WrittenArgument& argument, ValueId base) {
    const std::string prefix = "_" + argument.name;
    const bool slice = Given(node, prefix + "_slice_dim"), strided = Given(node, prefix + "_size");
    if (!slice && !strided) return base;
    Node view = Start(slice ? AtenOp("slice", "Tensor") : AtenOp("as_strided"), node);
    GiveValue(view, "self", base);
    CopyViewArguments(node, prefix, slice, view);
    return emitter_.Emit(std::move(view), Type(graph_.value(base).type.dtype, std::nullopt));
  }

  static void CopyViewArguments(const Node& node, const std::string& prefix, bool slice, Node& to) {
    if (slice) {
      for (const std::string_view part : {"dim", "start", "end"})
        CopyArgument(node, fmt::format("{}_slice_{}", prefix, part), to, part);
    } else {
      for (const std::string_view part : {"size", "stride", "storage_offset"})
        CopyArgument(node, fmt::format("{}_{}", prefix, part), to, part);
    }
  }

  ValueId EmitWriteBack(const Node& node, const WrittenArgument& argument, ValueId base, ValueId view_of) {
    if (argument.view == view_of) return argument.value;
    const std::string prefix = "_" + argument.name;
    const bool slice = Given(node, prefix + "_slice_dim");
    Node scatter = Start(AtenOp(slice ? "slice_scatter" : "as_strided_scatter"), node);
    GiveValue(scatter, "self", base);
    GiveValue(scatter, "src", argument.value);
    CopyViewArguments(node, prefix, slice, scatter);
    return emitter_.Emit(std::move(scatter), WithoutStrides(graph_.value(base).type));
  }

  // "_x_base_index=0" names argument x and its base.
  Result<std::vector<WrittenArgument>> WrittenArguments(const Node& node, std::size_t bases) const {
    constexpr std::string_view kSuffix = "_base_index";
    std::vector<WrittenArgument> out;
    for (const Attribute& attribute : node.attributes) {
      const std::string& name = attribute.name;
      if (!name.starts_with('_') || !name.ends_with(kSuffix) || name.size() <= kSuffix.size() + 1) continue;
      if (std::holds_alternative<None>(attribute.value)) continue;
      const auto* index = std::get_if<int64_t>(&attribute.value);
      if (!index || *index < 0 || static_cast<std::size_t>(*index) >= bases)
        return Error("FL1001", "auto_functionalized_v2: {} is not the number of a base", name);
      out.push_back(
          {name.substr(1, name.size() - 1 - kSuffix.size()), static_cast<std::size_t>(*index), kNoValue, kNoValue});
    }
    return out;
  }

  Status AutoFunctionalizedV2(const Node& node) {
    FL_ASSIGN_OR_RETURN(const OpName op, InnerOp(node));
    std::vector<ValueId> bases = ArgumentValues(node, "_all_bases");
    FL_ASSIGN_OR_RETURN(std::vector<WrittenArgument> written, WrittenArguments(node, bases.size()));
    if (node.outputs.size() < bases.size() || std::ranges::count(bases, kNoValue) > 0)
      return Error("FL1001", "auto_functionalized_v2 returns fewer values than it has bases");
    Node inner = Start(op, node);
    for (const Attribute& attribute : node.attributes)
      if (attribute.name != "op" && !IsBookkeeping(attribute.name, written)) CopyArgument(node, attribute.name, inner);
    const std::size_t own = node.outputs.size() - bases.size();
    std::vector<ValueId> results(node.outputs.begin(), node.outputs.begin() + static_cast<std::ptrdiff_t>(own));
    std::erase(results, kNoValue);
    for (WrittenArgument& argument : written) {
      argument.view = EmitView(node, argument, bases[argument.base]);
      argument.value = graph_.AddValue(WithoutStrides(graph_.value(argument.view).type));
      GiveValue(inner, argument.name, argument.view);
      results.push_back(argument.value);
    }
    EmitFunctional(std::move(inner), std::move(results));
    const std::vector<ValueId> before = bases;
    for (const WrittenArgument& argument : written)
      bases[argument.base] = EmitWriteBack(node, argument, bases[argument.base], before[argument.base]);
    for (std::size_t i = 0; i < bases.size(); ++i)
      if (node.outputs[own + i] != kNoValue) Replace(node.outputs[own + i], bases[i]);
    return Ok();
  }

  static bool IsBookkeeping(const std::string& attribute, const std::vector<WrittenArgument>& written) {
    if (attribute == "_all_bases" || attribute.ends_with("_base_index")) return true;
    return std::ranges::any_of(written, [&](const WrittenArgument& argument) {
      const std::string prefix = "_" + argument.name + "_";
      if (!attribute.starts_with(prefix)) return false;
      const std::string_view rest = std::string_view(attribute).substr(prefix.size());
      return rest == "alias" || rest == "size" || rest == "stride" || rest == "storage_offset" ||
             rest.starts_with("slice_");
    });
  }

  Graph& graph_;
  std::vector<NodeId> order_;
  NodeEmitter emitter_;
  std::vector<ValueId> replacement_;
};

class UnwrapEffectsPass final : public ProgramPass {
 public:
  std::string_view name() const override { return "unwrap-effects"; }
  Status Run(ExportedProgram& program, PassContext&) const override {
    return ForEachGraph(program.graph, [&](Graph& graph) -> Status {
      Unwrapper unwrapper(graph);
      FL_RETURN_IF_ERROR(unwrapper.Run());
      ReplaceIn(program, graph, unwrapper.replacement());
      return Ok();
    });
  }
};

}  // namespace

const ProgramPass& UnwrapEffects() {
  static const UnwrapEffectsPass pass;
  return pass;
}

}  // namespace fairlead::passes
