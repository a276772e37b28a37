// Where nodes stand in the user's program: module paths and stack traces out of a node's metadata.
#pragma once

#include <functional>
#include <string_view>
#include <unordered_map>

#include "archive/json.hpp"
#include "ir/graph.hpp"

namespace fairlead {

// The innermost module of an nn_module_stack text: items "key,path,type" (or "key:(path,type)" in schema 1) joined by ';'.
// Types may hold commas and semicolons in brackets. Paths lose the L['self'] of strict tracing.
struct ModulePlace {
  std::string path, type;
};
ModulePlace InnermostModule(std::string_view nn_module_stack);

// Interns sources of one graph. Metadata is more than half of a program's text: equal text is looked at once, by view.
class SourceReader {
 public:
  explicit SourceReader(Graph& graph) : graph_(graph) {}
  SourceId Read(JsonValue metadata);

 private:
  struct Metadata {
    std::string_view trace, stack;
    friend bool operator==(const Metadata&, const Metadata&) = default;
  };
  struct Hash {
    std::size_t operator()(const Metadata& m) const {
      const std::hash<std::string_view> hash;
      return hash(m.trace) * 31 + hash(m.stack);
    }
  };

  Graph& graph_;
  std::unordered_map<Metadata, SourceId, Hash> known_;
};

}  // namespace fairlead
