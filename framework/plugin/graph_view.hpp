// A finished graph as plugins read it: fl.graph/1, fl.types/1 and fl.tensor/1 over one immutable picture.
//
//   const GraphView view(model.graph, model.opset_imports);
//   GraphContext context(plugin, diagnostics, view);      // one call; its handles are good for this call only
#pragma once

#include <fairlead/sdk/abi/graph.h>
#include <fairlead/sdk/abi/types.h>

#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "plugin/context.hpp"

namespace fairlead {

// The main graph and every graph nested in it, numbered. The graphs must not change while it lives. Any thread.
class GraphView {
 public:
  GraphView(const Graph& main, std::map<std::string, int> opsets);

  struct GraphEntry {
    const Graph* graph;
    uint32_t parent;  // of the main graph: itself
    uint32_t first_node, first_value;
    std::unordered_map<ValueId, ValueId> captures;  // inner → outer, of the parent
  };
  const std::vector<GraphEntry>& graphs() const { return graphs_; }
  const std::map<std::string, int>& opsets() const { return opsets_; }
  uint32_t node_count() const { return node_count_; }
  uint32_t value_count() const { return value_count_; }

  // Numbers of nodes and values count over all graphs; a number beyond the count is for the caller to refuse.
  struct Place {
    uint32_t graph;
    uint32_t id;  // NodeId or ValueId in that graph
  };
  Place PlaceOfNode(uint32_t number) const;
  Place PlaceOfValue(uint32_t number) const;
  const Node& node(uint32_t number) const;
  const Value& value(uint32_t number) const;
  uint32_t NumberOfNode(uint32_t graph, NodeId id) const { return graphs_[graph].first_node + id; }
  // A value read from outside is the outer value.
  uint32_t NumberOfValue(uint32_t graph, ValueId id) const;
  uint32_t NumberOfGraph(const Graph& graph) const { return numbers_.at(&graph); }
  // The nodes that read a value, by number, ascending; each once.
  const std::vector<uint32_t>& Users(uint32_t value) const;
  // Of an initializer or of a Constant node; null for other values.
  const Tensor* TensorOf(uint32_t value) const;

 private:
  void FindUsers() const;

  std::map<std::string, int> opsets_;
  std::vector<GraphEntry> graphs_;
  std::unordered_map<const Graph*, uint32_t> numbers_;
  uint32_t node_count_ = 0, value_count_ = 0;
  mutable std::once_flag users_found_;
  mutable std::unordered_map<uint32_t, std::vector<uint32_t>> users_;
};

// One call into a plugin that reads a graph.
class GraphContext : public CallContext {
 public:
  GraphContext(PluginPtr plugin, Diagnostics& diagnostics, const GraphView& view);

  const GraphView& view() const { return view_; }
  void NewCall();  // reuse: handles given before are no longer good, messages and memory are dropped

  fl_graph GraphHandle(uint32_t number) const { return {Handle(kGraph, number)}; }
  fl_node NodeHandle(uint32_t number) const { return {Handle(kNode, number)}; }
  fl_value ValueHandle(uint32_t number) const { return {Handle(kValue, number)}; }
  fl_tensor TensorHandle(const Tensor& tensor);
  // FL_INVALID_ARGUMENT's message is kept when the handle is not of this call and kind; then empty.
  std::optional<uint32_t> NumberOf(fl_graph handle);
  std::optional<uint32_t> NumberOf(fl_node handle);
  std::optional<uint32_t> NumberOf(fl_value handle);
  const Tensor* Find(fl_tensor handle);

  // Kept until the call ends.
  const Location& Keep(Location location) { return locations_.emplace_back(std::move(location)); }
  const Tensor& Keep(Tensor tensor) { return dense_.emplace_back(std::move(tensor)); }
  template <class T> T* NewArray(std::size_t count) {
    void* memory = nullptr;
    return Allocate(count * sizeof(T), alignof(T), &memory) == FL_OK ? static_cast<T*>(memory) : nullptr;
  }

 private:
  enum Kind : uint64_t { kGraph = 1, kNode, kValue, kTensor };
  uint64_t Handle(Kind kind, uint32_t number) const { return kind << 56 | uint64_t{generation_} << 32 | number; }
  std::optional<uint32_t> Checked(Kind kind, uint64_t id, uint64_t count, std::string_view what);

  const GraphView& view_;
  uint32_t generation_;  // 24 bits, never 0
  std::vector<const Tensor*> tensors_;
  std::deque<Location> locations_;
  std::deque<Tensor> dense_;
};

const fl_graphs* GraphTable();
const fl_types* TypesTable();
const fl_tensors* TensorTable();

}  // namespace fairlead
