// Builds an IR graph from a graph of the program's JSON: values, nodes, arguments, nested graphs.
//
// Arguments become attributes named by the schema, in its order. Operands of higher-order operators, which are positional
// in the archives, get the names of our pseudo-schemas (aten/pseudo_schemas.cpp); every layout that PyTorch has used is
// brought to one. Number and order of a nested graph's inputs are those of the operands it is called with.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "archive/json.hpp"
#include "base/status.hpp"
#include "frontend/exported_program.hpp"
#include "frontend/program_types.hpp"
#include "frontend/schema.hpp"
#include "frontend/sources.hpp"

namespace fairlead {

// One entry of a graph's input or output list: a value, or a constant that stands in its place.
struct GraphPort {
  ValueId value = kNoValue;
  std::string name = {};         // of the value, the token or the custom object
  bool custom_object = false;    // then there is no value
  bool constant_tensor = false;  // an entry of schema 1's graph.constants
  ConstantLeaf constant = None{};
};

class GraphReader {
 public:
  // `depth` counts nested graphs.
  GraphReader(Graph& graph, TypeReader& types, int depth) : graph_(graph), types_(types), sources_(graph), depth_(depth) {}

  // Fills the graph. FL1001 for a broken graph (a value read before it is defined, or defined twice), FL1002 naming node
  // and tag for an argument of a kind we do not know. Values' names and types are the program's. Outputs of the graph are
  // left to the caller, who knows what they mean; see `outputs`.
  Status Read(JsonValue json);

  const std::vector<GraphPort>& inputs() const { return inputs_; }
  const std::vector<GraphPort>& outputs() const { return outputs_; }

 private:
  // graph_reader.cpp: values, nodes, results
  void IndexTypes(JsonValue json);
  Status ReadInput(JsonValue json);
  Status ReadConstants(JsonValue json);
  Status ReadOutput(JsonValue json);
  Status ReadNode(JsonValue json);
  Status ReadResults(JsonValue json, NodeId node, bool higher_order);
  Status AddResult(JsonValue json, NodeId node);
  Status AddConstantResult(NodeId node);
  Status DefineResult(std::string_view name, Type::Kind kind, NodeId node);
  Result<Type> TypeOf(std::string_view name, Type::Kind kind);
  Result<ValueId> Find(std::string_view name) const;

  // arguments.cpp: one argument's attribute. References to values are appended to the node's inputs.
  Result<AttributeValue> ReadArgument(JsonValue json, Node& node);
  Result<AttributeValue> ReadSymbolicList(Tagged tagged, Node& node);
  Result<AttributeValue> ReadTuple(JsonValue elements, Node& node);
  Result<AttributeValue> ReadSubgraph(JsonValue json);
  Result<ValueRef> Refer(std::string_view name, Node& node) const;
  Status Broken(std::string_view tag) const;
  // FL2014 for the type complex32, which is none of ours.
  Status RefuseComplexHalf(JsonValue argument) const;
  Status SetArgument(Node& node, std::string_view name, AttributeValue value) const;

  // higher_order.cpp: positional operands
  Status ReadPositional(JsonValue arguments, Node& node);
  Status ReadHigherOrder(JsonValue arguments, Node& node);
  Status ReadScan(JsonValue arguments, Node& node);
  Status ReadMap(JsonValue arguments, Node& node);
  Status ReadWithEffects(JsonValue arguments, Node& node);
  Status AddOperands(JsonValue json, Node& node, ValueRefs& operands);
  Status CheckSubgraphs(const Node& node) const;

  Graph& graph_;
  TypeReader& types_;
  SourceReader sources_;
  int depth_;
  std::unordered_map<std::string_view, JsonValue> tensor_types_, number_types_;
  std::unordered_map<std::string_view, ValueId> values_;
  std::vector<GraphPort> inputs_, outputs_;
  std::string_view target_;  // of the node that is being read, for messages
};

}  // namespace fairlead
