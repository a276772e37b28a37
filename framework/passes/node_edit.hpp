// Making ATen nodes in a pass: arguments by name, with their references to values.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "aten/schema.hpp"
#include "ir/graph.hpp"

namespace fairlead {

// {"aten", type, overload}.
OpName AtenOp(std::string_view type, std::string_view overload = "default");

// Adds the argument `name` that is `value`.
void GiveValue(Node& node, std::string_view name, ValueId value);
// Adds the argument `name` that is the list `values`; kNoValue stands for None.
void GiveValues(Node& node, std::string_view name, const std::vector<ValueId>& values);
// Adds `from`'s argument `name` to `node` as `as` (the same name when empty), with the values it refers to. Nothing when
// `from` was not given it.
void CopyArgument(const Node& from, std::string_view name, Node& node, std::string_view as = {});

// The values of a Tensor[] argument, kNoValue for None; a single Tensor counts as a list of one.
std::vector<ValueId> ArgumentValues(const Node& node, std::string_view name);

// An argument as a number, from the node or else from its schema's default; empty when it is symbolic, None or absent.
std::optional<int64_t> IntArgument(const Node& node, std::string_view name);
std::optional<std::vector<int64_t>> IntsArgument(const Node& node, std::string_view name);
std::optional<bool> BoolArgument(const Node& node, std::string_view name);
std::optional<double> FloatArgument(const Node& node, std::string_view name);

// An argument of sizes: numbers, and values where they are symbolic.
using Size = std::variant<int64_t, ValueId>;
// Empty when the argument is absent or None.
std::optional<std::vector<Size>> SizesArgument(const Node& node, std::string_view name);
// Adds the argument `name`: a plain list of numbers where all are.
void GiveSizes(Node& node, std::string_view name, const std::vector<Size>& sizes);

// Makes nodes of a graph whose order is being built anew.
class NodeEmitter {
 public:
  NodeEmitter(Graph& graph, std::vector<NodeId>& order) : graph_(graph), order_(order) {}

  // Appends `node` with one new output of `type` and answers it.
  ValueId Emit(Node node, Type type, std::string name = {});
  // Appends `node`, which produces `outputs` (existing values; kNoValue where a result is not wanted).
  NodeId EmitInto(Node node, std::vector<ValueId> outputs);

  Graph& graph() { return graph_; }

 private:
  Graph& graph_;
  std::vector<NodeId>& order_;
};

}  // namespace fairlead
