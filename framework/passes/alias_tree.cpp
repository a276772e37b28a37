#include "passes/alias_tree.hpp"

#include <algorithm>

#include "passes/view_inverse.hpp"

namespace fairlead {
namespace {

constexpr std::size_t kLongestChain = 1000;  // of views of views; a program has a handful

}  // namespace

AliasTree::Id AliasTree::Of(ValueId value) {
  if (value >= of_value_.size()) of_value_.resize(std::max<std::size_t>(emitter_.graph().value_count(), value + 1), kNone);
  if (of_value_[value] != kNone) return of_value_[value];
  const Id id = static_cast<Id>(nodes_.size());
  Entry root{value, emitter_.graph().value(value).type, 0, id};
  root.memory = static_cast<uint32_t>(roots_.size());
  nodes_.push_back(std::move(root));
  roots_.emplace_back();
  return of_value_[value] = id;
}

void AliasTree::Bind(ValueId value, Id node) {
  if (value >= of_value_.size()) of_value_.resize(std::max<std::size_t>(emitter_.graph().value_count(), value + 1), kNone);
  of_value_[value] = node;
}

void AliasTree::AddView(ValueId value, Id parent, NodeId view, std::string argument, std::size_t result) {
  const Id id = static_cast<Id>(nodes_.size());
  Entry entry{value, emitter_.graph().value(value).type, MemoryOf(parent).generation, nodes_[parent].root};
  entry.parent = parent;
  entry.view = view;
  entry.argument = std::move(argument);
  entry.result = static_cast<uint32_t>(result);
  nodes_.push_back(std::move(entry));
  Bind(value, id);
}

void AliasTree::MarkUncertain(Id a, Id b, NodeId node) {
  MemoryOf(a).uncertain.emplace_back(nodes_[b].root, node);
  MemoryOf(b).uncertain.emplace_back(nodes_[a].root, node);
}

// The stale nodes from `node` upwards.
Result<std::vector<AliasTree::Id>> AliasTree::StalePath(Id node) const {
  const uint32_t generation = roots_[nodes_[nodes_[node].root].memory].generation;
  std::vector<Id> path;
  for (; nodes_[node].root != node && nodes_[node].generation != generation; node = nodes_[node].parent) {
    path.push_back(node);
    if (path.size() > kLongestChain) return Error("FL5004", "a chain of more than {} views is written to", kLongestChain);
  }
  return path;
}

// Makes a view anew from its parent, which is fresh.
void AliasTree::Refresh(Id node) {
  Graph& graph = emitter_.graph();
  Entry& entry = nodes_[node];
  Node view = graph.node(entry.view);
  const std::vector<ValueId> results = view.outputs;
  const Attribute* argument = view.Find(entry.argument);
  const ValueId parent = nodes_[entry.parent].current;
  if (const auto* ref = std::get_if<ValueRef>(&argument->value)) view.inputs[static_cast<std::size_t>(ref->input)] = parent;
  if (const auto* refs = std::get_if<ValueRefs>(&argument->value))
    view.inputs[static_cast<std::size_t>(refs->items[entry.result].input)] = parent;
  std::vector<ValueId> outputs;
  for (const ValueId result : results)
    outputs.push_back(result == kNoValue ? kNoValue : graph.AddValue(graph.value(result).type, graph.value(result).name));
  entry.current = outputs[entry.result];
  entry.generation = MemoryOf(node).generation;
  emitter_.EmitInto(std::move(view), std::move(outputs));
}

Result<ValueId> AliasTree::Read(Id node) {
  if (const std::string& why = MemoryOf(node).unreadable; !why.empty()) return Error("FL5004", "{}", why);
  FL_ASSIGN_OR_RETURN(const std::vector<Id> path, StalePath(node));
  for (auto at = path.rbegin(); at != path.rend(); ++at) Refresh(*at);
  return nodes_[node].current;
}

// Everything that may share memory with a written root cannot be read any more.
void AliasTree::Spoil(Id root) {
  std::vector<Id> pending = {root};
  while (!pending.empty()) {
    Memory& memory = roots_[nodes_[pending.back()].memory];
    pending.pop_back();
    for (const auto& [other, node] : std::exchange(memory.uncertain, {})) {
      Memory& spoilt = roots_[nodes_[other].memory];
      if (other == root || !spoilt.unreadable.empty()) continue;
      spoilt.unreadable = fmt::format(
          "{} may or may not copy (its strides are symbolic), and its argument or its result is "
          "written to later",
          ToString(emitter_.graph().node(node).op));
      pending.push_back(other);
    }
  }
}

Status AliasTree::Write(Id node, ValueId written) {
  FL_ASSIGN_OR_RETURN([[maybe_unused]] const ValueId before, Read(node));  // so that all nodes above are fresh
  Memory& memory = MemoryOf(node);
  const uint32_t generation = memory.generation + 1;
  for (Id at = node;; at = nodes_[at].parent) {
    nodes_[at].current = written;
    nodes_[at].generation = generation;
    if (IsRoot(at)) break;
    const Entry& parent = nodes_[nodes_[at].parent];
    const Type parent_type = parent.type;
    FL_ASSIGN_OR_RETURN(written, WriteThroughView(emitter_, emitter_.graph().node(nodes_[at].view), nodes_[at].result,
                                                  parent.current, parent_type, written));
  }
  memory.generation = generation;
  Spoil(nodes_[node].root);
  return Ok();
}

Status AliasTree::Replace(Id node, ValueId written, Type type) {
  if (!IsRoot(node)) return Error("FL5004", "a view would be resized");
  for (Id other = 0; other < nodes_.size(); ++other)
    if (other != node && nodes_[other].root == node) return Error("FL5004", "a tensor that has views would be resized");
  nodes_[node].type = std::move(type);
  return Write(node, written);
}

}  // namespace fairlead
