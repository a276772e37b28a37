// Which values are the same memory while a graph is made functional.
//
// Every tensor is a root (memory of its own) or a view of its parent: the node that made it, and which result. A write
// gives a node of the tree a new value and carries it up to the root through the views' inverses; a generation per root
// says which other nodes are stale. A stale node is made anew from its parent when it is read.
#pragma once

#include <string>
#include <vector>

#include "passes/node_edit.hpp"

namespace fairlead {

class AliasTree {
 public:
  using Id = uint32_t;

  explicit AliasTree(NodeEmitter& emitter) : emitter_(emitter) {}

  // The node of `value`; a root of its own unless it was bound.
  Id Of(ValueId value);
  // `value` is another name of `node` from now on.
  void Bind(ValueId value, Id node);
  // `value` is result `result` of the view node `view`, whose argument `argument` is `parent`.
  void AddView(ValueId value, Id parent, NodeId view, std::string argument, std::size_t result);
  // Whether both share memory cannot be told: once one of them is written, reading the other is an error that names `node`.
  void MarkUncertain(Id a, Id b, NodeId node);

  // The value that has the elements of `node` now; emits the views that are stale.
  Result<ValueId> Read(Id node);
  // `node` has the elements of `written` from now on, which has its type; so have all views of the same memory.
  Status Write(Id node, ValueId written);
  // The memory as a whole, replaced by a value of another size (resize_, out= arguments). FL5004 for a view and where it
  // has views, which would be of the old sizes.
  Status Replace(Id node, ValueId written, Type type);

  const Type& type(Id node) const { return nodes_[node].type; }
  Id RootOf(Id node) const { return nodes_[node].root; }
  bool IsRoot(Id node) const { return nodes_[node].root == node; }
  bool IsWritten(Id node) const { return roots_[nodes_[nodes_[node].root].memory].generation > 0; }

 private:
  struct Entry {
    ValueId current;
    Type type;
    uint32_t generation;
    Id root;
    uint32_t memory = 0;  // of a root: its place in roots_
    // Of a view:
    Id parent = 0;
    NodeId view = kNoNode;
    std::string argument = {};
    uint32_t result = 0;
  };
  struct Memory {
    uint32_t generation = 0;
    std::string unreadable = {};  // why its elements are not known any more
    std::vector<std::pair<Id, NodeId>> uncertain = {};
  };

  Memory& MemoryOf(Id node) { return roots_[nodes_[nodes_[node].root].memory]; }
  void Refresh(Id node);
  void Spoil(Id root);
  Result<std::vector<Id>> StalePath(Id node) const;

  NodeEmitter& emitter_;
  std::vector<Entry> nodes_;
  std::vector<Memory> roots_;
  std::vector<Id> of_value_;  // indexed by ValueId; kNone where not looked at yet
  static constexpr Id kNone = UINT32_MAX;
};

}  // namespace fairlead
