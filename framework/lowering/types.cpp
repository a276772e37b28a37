// Data types that ONNX did not have yet at the target opset, all at once.
#include <algorithm>
#include <map>
#include <set>

#include "lowering/driver.hpp"

namespace fairlead {
namespace {

// Where a program has values of one type. A value that nobody reads counts nowhere: it is not in the model, or harms
// nobody.
struct TypeUse {
  std::vector<std::string> inputs, weights;
  std::vector<Location> places;
};
using TypeUses = std::map<DType, TypeUse>;

bool IsAfter(int opset, const Type& type) { return onnx_room::FirstOpset(type.dtype) > opset; }

void CollectNodes(const Graph& graph, const std::vector<uint32_t>& uses, int opset, TypeUses& found) {
  for (const NodeId id : graph.order()) {
    const Node& node = graph.node(id);
    for (const DType dtype : TypesAfter(opset, graph, node, uses)) found[dtype].places.push_back(LocationOfNode(graph, id));
    ForEachSubgraph(node, [&](const Graph& nested) { CollectNodes(nested, CountUses(nested), opset, found); });
  }
}

// State is an input and an initializer; it is called a weight.
void CollectPorts(const Graph& graph, const std::vector<uint32_t>& uses, int opset, TypeUses& found) {
  for (const Initializer& weight : graph.initializers()) {
    const Value& value = graph.value(weight.value);
    if (uses[weight.value] > 0 && IsAfter(opset, value.type)) found[value.type.dtype].weights.push_back(value.name);
  }
  for (const ValueId input : graph.inputs()) {
    const Value& value = graph.value(input);
    const bool is_state = graph.FindInitializer(input) != nullptr;
    if (uses[input] > 0 && !is_state && IsAfter(opset, value.type)) found[value.type.dtype].inputs.push_back(value.name);
  }
}

// ": input "x"; weights "a" and "b""; empty where only values in between are of the type.
std::string Ports(const TypeUse& use) {
  constexpr std::size_t kShown = 8;
  std::vector<std::string> parts;
  for (const auto& [noun, names] : {std::pair("input", &use.inputs), std::pair("weight", &use.weights)}) {
    if (names->empty()) continue;
    const std::vector<std::string> shown(names->begin(), names->begin() + std::min(names->size(), kShown));
    parts.push_back(fmt::format("{}{} \"{}\"{}", noun, names->size() == 1 ? "" : "s", fmt::join(shown, "\", \""),
                                names->size() > kShown ? fmt::format(" and {} more", names->size() - kShown) : ""));
  }
  return parts.empty() ? "" : fmt::format(": {}", fmt::join(parts, "; "));
}

Finding Describe(DType dtype, TypeUse use, int opset) {
  const int since = onnx_room::FirstOpset(dtype);
  return {.rule = "FL3004",
          .message =
              fmt::format("{} is a type of ONNX since opset {}, the target is {}{}", Name(dtype), since, opset, Ports(use)),
          .locations = std::move(use.places),
          .hint = fmt::format("Raise --opset to {} or more, or use another type in the model.", since)};
}

}  // namespace

std::set<DType> TypesAfter(int opset, const Graph& graph, const Node& node, const std::vector<uint32_t>& uses) {
  std::set<DType> found;
  for (const std::vector<ValueId>* const values : {&node.inputs, &node.outputs})
    for (const ValueId value : *values)
      if (value != kNoValue && uses[value] > 0 && IsAfter(opset, graph.value(value).type))
        found.insert(graph.value(value).type.dtype);
  return found;
}

Status ReportMissingTypes(const Graph& graph, int opset, Diagnostics& diagnostics) {
  TypeUses found;
  const std::vector<uint32_t> uses = CountUses(graph);
  CollectPorts(graph, uses, opset, found);
  CollectNodes(graph, uses, opset, found);
  Status first;
  for (auto& [dtype, use] : found) {
    Finding finding = Describe(dtype, std::move(use), opset);
    if (first.ok()) first = Status({finding.rule, finding.message, finding.hint});
    diagnostics.Report(std::move(finding));
  }
  return first;
}

}  // namespace fairlead
