// The ONNX graph under construction: nested graphs as frames, handles that are checked on each use, constants and sizes
// that are shared, and transactions.
//
//   Target target(opset);
//   target.BeginCall();                       // handles of earlier calls are now stale
//   const Target::Mark mark = target.MarkAll();
//   Result<std::vector<fl_value>> out = target.Emit({.op = {"", "Relu", ""}}, {x}, 1, 26);
//   target.RollBack(mark);
//
// A value of an outer graph that a nested node reads is captured by every graph between.
#pragma once

#include <fairlead/sdk/abi/build.h>

#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/status.hpp"
#include "ir/graph.hpp"
#include "onnx/schema.hpp"

namespace fairlead {

// A value of one of the graphs that are open.
struct TargetValue {
  uint32_t frame = 0;  // 0 is the main graph
  ValueId value = kNoValue;
  explicit operator bool() const { return value != kNoValue; }
};

class Target {
 public:
  // `seed`: what random operators start from; the n-th of the model is given seed + n.
  explicit Target(int opset, std::optional<int64_t> seed = std::nullopt);

  Graph& main() { return *frames_[0].graph; }
  Graph TakeMain() { return std::move(*main_); }
  int opset() const { return opset_; }
  Graph& current() { return graph(current_); }
  uint32_t current_frame() const { return current_; }
  Graph& graph(uint32_t frame) { return *frames_[frame].graph; }

  // -- handles
  // Makes all handles given out so far stale. Only when the main graph is the current one.
  void BeginCall();
  fl_value Handle(TargetValue value) const;
  // Empty (no value) for an absent handle; FL2012 for one that is stale, closed or made up.
  Result<TargetValue> Resolve(fl_value handle) const;
  // False for a value of a nested graph that was ended.
  bool IsOpen(TargetValue value) const { return value.frame < frames_.size() && frames_[value.frame].open; }
  // True when no other frame can be opened in this call: handles have room for 65,535.
  bool IsFull() const { return frames_.size() > 65'000; }
  const Type& TypeOf(TargetValue value) { return graph(value.frame).value(value.value).type; }
  // The value as the current graph reads it: captured where it belongs to a graph around.
  ValueId Here(TargetValue value);

  // -- building in the current graph
  // Types the outputs by ONNX's inference. FL2012 when the operator is not legal at the target or inference refuses; FL3004
  // where it is for the type of an input that ONNX has not had for long.
  Result<std::vector<TargetValue>> Emit(Node node, std::span<const TargetValue> inputs, std::size_t outputs, int authored);
  TargetValue Constant(const Tensor& tensor, bool wrapped = false);
  // Size of `axis` as a number or an int64 scalar; Shape and Gather nodes are shared.
  Result<fl_dim> Size(TargetValue value, int64_t axis);
  Result<TargetValue> Shape(std::span<const fl_dim> dims);
  // The constant a value is, looked up through captures; null when it is none.
  const Tensor* FindConstant(uint32_t frame, ValueId value) const;
  // What later nodes are labelled with.
  void SetOrigin(SourceId source, std::string name);

  // -- nested graphs
  // Opens a graph with the given inputs and makes it current.
  std::vector<TargetValue> OpenGraph(std::span<const Type> inputs);
  // Closes the current graph; it becomes the attribute of a node that is emitted next.
  GraphPtr CloseGraph(std::span<const TargetValue> outputs);
  std::size_t depth() const;
  // Closes graphs until `frame` is current (after a failure).
  void AbandonGraphsAbove(uint32_t frame);

  // -- transactions
  struct Mark {
    uint32_t frame;
    Graph::Watermark graph;
    std::size_t journal, draws;
  };
  Mark MarkAll() const;
  void RollBack(const Mark& mark);

  // Symbolic sizes known by their expression ("batch", "2*n"): later uses share the value.
  void Remember(const std::string& expression, TargetValue value);

 private:
  struct Frame {
    Graph* graph = nullptr;
    GraphPtr owned;
    uint32_t parent = UINT32_MAX;
    bool open = true;
    std::unordered_map<ValueId, ValueId> captured;        // value of the parent → value here
    std::unordered_map<std::string, TargetValue> shared;  // constants, Shape nodes and sizes by a key
  };

  Result<TargetValue> EmitOne(std::string op, std::vector<Attribute> attributes, std::initializer_list<TargetValue> inputs);
  void Share(uint32_t frame, std::string key, TargetValue value);
  const TargetValue* FindShared(uint32_t frame, const std::string& key) const;
  Status IllegalNode(const Graph& graph, const Node& node, const std::string& why) const;
  void LabelNode(Node& node);
  void SeedNode(Node& node);

  int opset_;
  std::vector<Frame> frames_;
  uint32_t current_ = 0;
  uint16_t generation_ = 1;
  SourceId source_ = 0;
  std::string origin_;
  std::optional<int64_t> seed_;
  std::size_t draws_ = 0;                                  // nodes with a seed so far
  std::vector<std::pair<uint32_t, std::string>> journal_;  // frames and keys of what was shared in this call, for RollBack
  std::unique_ptr<Graph> main_;
};

}  // namespace fairlead
