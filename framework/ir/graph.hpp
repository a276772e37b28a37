// One graph for both sides: ATen nodes as torch.export wrote them, ONNX nodes as lowerings made them, or both mixed.
//
//   Graph graph("main");
//   ValueId x = graph.AddInput("x", Type(DType::kFloat, Dims{2, 3}));
//   NodeId relu = graph.AddNode({.op = {"", "Relu", ""}, .inputs = {x}}, 1);
//   graph.AddOutput(graph.node(relu).outputs[0]);
//   Print(graph);        // ir/text.hpp
//
// Ids are 32-bit indices into this graph's arenas and stay valid while the graph lives (TruncateTo excepted). A node that
// is erased keeps its slot. Order of execution is `order()`. There are no use lists: a pass that needs them builds them
// in one sweep (Uses), and replaces values with one sweep (ReplaceValues).
//
// All references of a node to values stand in `inputs`. Arguments of an ATen node are attributes in the schema's order;
// one that holds values says which inputs they are (ValueRef). So every pass rewires ATen and ONNX nodes the same way.
//
// A nested graph (attribute of kind graph) has its own arena. What it reads of the graph around it enters as a capture:
// a value of the nested graph with no producer, paired with the outer value it stands for.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "ir/tensor.hpp"
#include "ir/type.hpp"

namespace fairlead {

class Graph;

using ValueId = uint32_t;
using NodeId = uint32_t;
inline constexpr ValueId kNoValue = UINT32_MAX;
inline constexpr NodeId kNoNode = UINT32_MAX;

// {"aten", "add", "Tensor"}; ONNX: {"" or a custom domain, "Add", ""}. The unnamed ATen overload is "default".
struct OpName {
  std::string domain;
  std::string type;
  std::string overload;

  friend bool operator==(const OpName&, const OpName&) = default;
  bool IsOnnx() const { return overload.empty(); }
};
// "aten::add.Tensor", "aten::relu.default", "Add", "com.acme::Foo".
std::string ToString(const OpName& op);

// ---- attributes ------------------------------------------------------------------------------------------------------

// In an ATen argument: input number `input` of the node, or absent (None) when it is -1.
struct ValueRef {
  int32_t input = -1;
  friend bool operator==(const ValueRef&, const ValueRef&) = default;
};
struct ValueRefs {  // Tensor[] and Tensor?[]
  std::vector<ValueRef> items;
  friend bool operator==(const ValueRefs&, const ValueRefs&) = default;
};
// SymInt[] with at least one symbolic entry: each a number, or a reference to an input of symbolic-integer type.
struct SymInts {
  std::vector<std::variant<int64_t, ValueRef>> items;
  friend bool operator==(const SymInts&, const SymInts&) = default;
};
struct None {
  friend bool operator==(const None&, const None&) = default;
};
struct MemoryFormat {
  int32_t value;  // 1 contiguous, 2 channels_last, 3 channels_last_3d, 4 preserve
  friend bool operator==(const MemoryFormat&, const MemoryFormat&) = default;
};
struct Layout {
  int32_t value;  // 7 strided
  friend bool operator==(const Layout&, const Layout&) = default;
};
struct Device {
  std::string text;  // "cpu", "cuda:0"
  friend bool operator==(const Device&, const Device&) = default;
};
struct Complex {
  double real, imag;
  friend bool operator==(const Complex&, const Complex&) = default;
};
using GraphPtr =
    std::shared_ptr<Graph>;  // owned by one attribute; shared only so that an Attribute can be copied (copies alias)

using AttributeValue =
    std::variant<None, int64_t, double, bool, std::string, std::vector<int64_t>, std::vector<double>, std::vector<bool>,
                 std::vector<std::string>, Tensor, std::vector<Tensor>, GraphPtr, std::vector<GraphPtr>, ValueRef,
                 ValueRefs, SymInts, DType, MemoryFormat, Layout, Device, Complex, OpName>;

struct Attribute {
  std::string name;
  AttributeValue value;
};

// ---- nodes and values ------------------------------------------------------------------------------------------------

// Where a node stands in the user's program; interned per graph (Graph::AddSource), 0 = nowhere.
struct Source {
  std::string module_path;  // "encoder.layers.0.attn", empty at the top
  std::string module_type;  // "torch.nn.modules.linear.Linear"
  std::string stack_trace;  // as torch.export wrote it: Python frames, innermost last
};
using SourceId = uint32_t;

struct Node {
  OpName op;
  std::vector<ValueId> inputs = {};        // kNoValue where an optional ONNX input is absent
  std::vector<Attribute> attributes = {};  // ATen: the arguments that were given, in the schema's order
  std::vector<ValueId> outputs = {};       // kNoValue where torch recorded None
  // ATen operators with list results: how `outputs` is cut. Empty: one output per result. Otherwise one entry per result
  // of the schema: -1 a single value, n a list of n values.
  std::vector<int32_t> output_lists = {};
  SourceId source = 0;
  std::string name = {};  // a node name for ONNX, or empty

  const Attribute* Find(std::string_view attribute) const;
  Attribute* Find(std::string_view attribute);
  void Set(std::string_view attribute, AttributeValue value);
  void Remove(std::string_view attribute);
  // ATen: the value of a tensor argument; kNoValue when it is absent or None.
  ValueId Argument(std::string_view attribute) const;
};

struct Value {
  std::string name;  // unique within the graph once NameValues has run; may be empty before
  Type type;
  NodeId producer = kNoNode;  // kNoNode: an input, a capture or an initializer
  uint32_t output = 0;        // which output of the producer
};

struct Capture {
  ValueId inner;
  ValueId outer;
};
struct Initializer {
  ValueId value;
  Tensor tensor;
};

class Graph {
 public:
  explicit Graph(std::string name = "main");

  const std::string& name() const { return name_; }

  // -- building. New nodes go to the end of the order.
  ValueId AddInput(std::string name, Type type);
  ValueId AddInitializer(std::string name, Tensor tensor);  // not an input; names are made unique when written
  ValueId AddCapture(ValueId outer, Type type, std::string name = {});
  // Creates `outputs` new values for it.
  NodeId AddNode(Node node, std::size_t outputs);
  NodeId InsertBefore(NodeId where, Node node, std::size_t outputs);  // linear; for passes, prefer Rebuild
  void AddOutput(ValueId value) { outputs_.push_back(value); }
  ValueId AddValue(Type type, std::string name = {});  // free: for a pass that sets Node::outputs itself
  SourceId AddSource(const Source& source);
  // Removes the node from the order; its outputs stay as values without a producer.
  void Erase(NodeId node);
  // Sets the whole order at once (a pass that inserts much builds a new list). Nodes not in it are erased.
  void SetOrder(std::vector<NodeId> order);

  // -- reading
  const std::vector<NodeId>& order() const { return order_; }
  const std::vector<ValueId>& inputs() const { return inputs_; }
  const std::vector<ValueId>& outputs() const { return outputs_; }
  std::vector<ValueId>& mutable_inputs() { return inputs_; }
  std::vector<ValueId>& mutable_outputs() { return outputs_; }
  const std::vector<Initializer>& initializers() const { return initializers_; }
  std::vector<Initializer>& mutable_initializers() { return initializers_; }
  const std::vector<Capture>& captures() const { return captures_; }
  std::vector<Capture>& mutable_captures() { return captures_; }
  Node& node(NodeId id) { return nodes_[id]; }
  const Node& node(NodeId id) const { return nodes_[id]; }
  Value& value(ValueId id) { return values_[id]; }
  const Value& value(ValueId id) const { return values_[id]; }
  const Source& source(SourceId id) const { return sources_[id]; }
  std::size_t source_count() const { return sources_.size(); }
  std::size_t node_count() const { return nodes_.size(); }  // slots, erased ones included
  std::size_t value_count() const { return values_.size(); }
  const Tensor* FindInitializer(ValueId value) const;  // linear in nothing: indexed

  // -- transactions: everything added after Mark goes away with TruncateTo. Erasures and edits are not undone.
  struct Watermark {
    std::size_t nodes, values, order, inputs, outputs, initializers, captures, sources;
  };
  Watermark Mark() const;
  void TruncateTo(const Watermark& mark);

 private:
  std::string name_;
  std::deque<Node> nodes_;
  std::deque<Value> values_;
  std::vector<NodeId> order_;
  std::vector<ValueId> inputs_, outputs_;
  std::vector<Initializer> initializers_;
  std::unordered_map<ValueId, std::size_t> initializer_index_;
  std::vector<Capture> captures_;
  std::deque<Source> sources_;
  std::unordered_map<std::string, SourceId> source_index_;
};

// ---- sweeps that passes are made of ----------------------------------------------------------------------------------

// How often each value of `graph` is read: by nodes, by captures of nested graphs, by graph outputs. Indexed by ValueId.
std::vector<uint32_t> CountUses(const Graph& graph);
// Calls `visit(Graph&)` for every graph nested directly in the node's attributes.
void ForEachSubgraph(Node& node, const std::function<void(Graph&)>& visit);
void ForEachSubgraph(const Node& node, const std::function<void(const Graph&)>& visit);
// Replaces values everywhere they are read (nodes, captures of nested graphs, outputs): `replacement[v]` instead of v
// unless it is kNoValue. Chains are followed. `replacement` is indexed by ValueId and may be shorter than value_count.
void ReplaceValues(Graph& graph, const std::vector<ValueId>& replacement);
// Gives every value a name that is unique in the graph and the graphs nested in it. Values that have a name keep it where
// it is free; inputs, initializers and outputs are served first.
void NameValues(Graph& graph);
// A deep copy: nested graphs are copied, tensors are shared views.
Graph Clone(const Graph& graph);

}  // namespace fairlead
