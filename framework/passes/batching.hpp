// torch.vmap, undone: operators on values that carry hidden dimensions.
//
// Between torch.vmap's markers a value's recorded type leaves out the dimensions that are mapped over. Here every such
// value has them in front, one per level of nesting, outermost first, and each operator is written for the value with all
// its dimensions: pointwise operators on aligned arguments, dimensions counted from behind the hidden ones, sizes with the
// hidden ones in front.
#pragma once

#include <map>
#include <vector>

#include "passes/node_edit.hpp"

namespace fairlead {

class Batching {
 public:
  explicit Batching(NodeEmitter& emitter) : emitter_(emitter), graph_(emitter.graph()) {}

  // True when an input of `node` has hidden dimensions.
  bool IsBatched(const Node& node) const;
  // The markers.
  Status AddBatchDim(const Node& node);
  Status RemoveBatchDim(const Node& node);
  // Emits `node` for its arguments with all their dimensions. FL2021 where no rule covers the operator.
  Status Apply(const Node& node);

 private:
  using Levels = std::vector<int64_t>;  // ascending

  const Levels& LevelsOf(ValueId value) const;
  Levels Union(const std::vector<ValueId>& values) const;
  int64_t LogicalRank(ValueId value) const;  // -1: not known
  Status Refuse(const Node& node) const;
  // Gives the recorded result `value` its hidden dimensions.
  void Hide(ValueId value, const Levels& levels);
  // The result of the view `type`, which puts `dim` of size `size` (or takes it away when it is a squeeze) into `value`.
  ValueId Unsqueezed(ValueId value, std::size_t at, SourceId source);
  ValueId Aligned(ValueId value, const Levels& levels, int64_t rank, SourceId source);
  ValueId Expanded(ValueId value, const Levels& levels, SourceId source);
  Size SizeOf(ValueId value, std::size_t dim, SourceId source);

  // Rules; each emits the node.
  Status Pointwise(const Node& node);
  Status Shifted(const Node& node, std::initializer_list<std::string_view> dims);
  Status ReducedFully(const Node& node, std::string_view type, std::string_view overload);
  Status Resized(const Node& node, std::string_view sizes);
  Status ExpandedTo(const Node& node);
  Status Joined(const Node& node);
  Status Product(const Node& node, std::string_view left, std::string_view right);
  Status Linear(const Node& node);
  Status Indexed(const Node& node);

  void EmitWith(const Node& node, const std::map<ValueId, ValueId>& replaced, const Levels& levels);
  void EmitNode(Node node, const Node& from, const Levels& levels);

  NodeEmitter& emitter_;
  Graph& graph_;
  std::map<ValueId, Levels> levels_;
  std::map<int64_t, Dim> sizes_;  // of the levels seen so far
};

}  // namespace fairlead
