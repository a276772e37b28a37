// identity-removal: operators whose result is their argument, element for element, type for type.
//
// Judged by the recorded types, after functionalization: a copy nobody writes to is its original. An operator that changes
// the dtype or the sizes stays, and so does one whose types are not known.
#include <algorithm>
#include <array>

#include "aten/schema.hpp"
#include "passes/node_edit.hpp"
#include "passes/passes.hpp"
#include "passes/program_edit.hpp"

namespace fairlead::passes {
namespace {

using namespace std::string_view_literals;

// Keep the elements in any case; the types decide.
constexpr std::array kElementsStay = {
    "_reshape_alias"sv,
    "_to_copy"sv,
    "_unsafe_view"sv,
    "alias"sv,
    "atleast_1d"sv,
    "atleast_2d"sv,
    "atleast_3d"sv,
    "broadcast_to"sv,
    "clone"sv,
    "contiguous"sv,
    "convert_element_type"sv,
    "detach"sv,
    "expand"sv,
    "expand_as"sv,
    "flatten"sv,
    "lift"sv,
    "lift_fresh"sv,
    "lift_fresh_copy"sv,
    "pin_memory"sv,
    "positive"sv,
    "ravel"sv,
    "reshape"sv,
    "reshape_as"sv,
    "squeeze"sv,
    "sum_to_size"sv,
    "to"sv,
    "type_as"sv,
    "unflatten"sv,
    "view"sv,
    "view_as"sv,
    "view_of"sv,
};
static_assert(std::ranges::is_sorted(kElementsStay));

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, text) != words.end();
}

bool IsIdentityPermutation(const Node& node, int64_t rank) {
  const std::optional<std::vector<int64_t>> dims = IntsArgument(node, "dims");
  if (!dims || static_cast<int64_t>(dims->size()) != rank) return false;
  for (int64_t i = 0; i < rank; ++i)
    if ((*dims)[static_cast<std::size_t>(i)] != i && (*dims)[static_cast<std::size_t>(i)] != i - rank) return false;
  return true;
}

// The argument that the node's result equals, if its type is the same; empty when the operator changes elements.
std::string_view PassedThrough(const Node& node, const Type& result) {
  const std::string& type = node.op.type;
  if (node.op.domain == "python") return type == "pos" ? "a" : "";
  if (node.op.domain != "aten" && node.op.domain != "prims") return "";
  const AtenSchema* schema = FindSchema(node.op);
  if (!schema || schema->parameters.empty()) return "";
  const std::string_view first = schema->parameters[0].name;
  if (std::ranges::binary_search(kElementsStay, type)) return node.op.overload == "dtype" && type == "view" ? "" : first;
  if (IsOneOf(type, {"dropout", "alpha_dropout", "feature_dropout", "feature_alpha_dropout"}))
    return BoolArgument(node, "train") == false || FloatArgument(node, "p") == 0.0 ? first : "";
  if (IsOneOf(type, {"conj", "real", "resolve_conj", "resolve_neg"})) return IsComplex(result.dtype) ? "" : first;
  if (type == "slice") return IntArgument(node, "step") == 1 ? first : "";
  if (type == "permute") return IsIdentityPermutation(node, result.rank()) ? first : "";
  if (type == "copy") return "src";
  return "";
}

bool SameTypes(const Type& a, const Type& b) {
  if (a.IsSymbolicNumber()) return a.kind == b.kind;
  const bool known = a.IsTensor() && b.IsTensor() && a.dims && a.dtype == b.dtype && a.dims == b.dims;
  return known && std::ranges::none_of(*a.dims, &Dim::IsUnknown);
}

std::vector<ValueId> RemoveFrom(Graph& graph) {
  std::vector<ValueId> replacement(graph.value_count(), kNoValue);
  std::vector<NodeId> kept;
  for (const NodeId id : graph.order()) {
    const Node& node = graph.node(id);
    const ValueId result = node.outputs.size() == 1 ? node.outputs[0] : kNoValue;
    const std::string_view argument = result == kNoValue ? "" : PassedThrough(node, graph.value(result).type);
    const ValueId source = argument.empty() ? kNoValue : node.Argument(argument);
    if (source != kNoValue && SameTypes(graph.value(source).type, graph.value(result).type))
      replacement[result] = source;
    else
      kept.push_back(id);
  }
  graph.SetOrder(std::move(kept));
  return replacement;
}

class IdentityRemovalPass final : public ProgramPass {
 public:
  std::string_view name() const override { return "identity-removal"; }
  Status Run(ExportedProgram& program, PassContext&) const override {
    return ForEachGraph(program.graph, [&](Graph& graph) {
      ReplaceIn(program, graph, RemoveFrom(graph));
      return Ok();
    });
  }
};

}  // namespace

const ProgramPass& IdentityRemoval() {
  static const IdentityRemovalPass pass;
  return pass;
}

}  // namespace fairlead::passes
