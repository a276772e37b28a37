#include "frontend/pytree.hpp"

#include <fmt/format.h>

#include <optional>
#include <unordered_map>

namespace fairlead {
namespace {

constexpr std::size_t kMaxLeaves = 1'000'000;
constexpr int kMaxDepth = 64;

class Walker {
 public:
  explicit Walker(JsonValue namedtuple_fields) {
    for (std::size_t i = 0; i < namedtuple_fields.size(); ++i)
      namedtuples_.emplace(namedtuple_fields.member(i).key, namedtuple_fields.member(i).value["field_names"]);
  }

  // {"type": …, "context": …, "children_spec": […]}; a leaf has the type null.
  bool Walk(JsonValue spec, const std::string& path, int depth) {
    if (!spec.IsObject() || depth > kMaxDepth || paths_.size() >= kMaxLeaves) return false;
    const JsonValue children = spec["children_spec"];
    if (spec["type"].IsNull()) {
      paths_.push_back(path.empty() ? "output_0" : path);
      return true;
    }
    const auto names = ChildNames(spec, children.size());
    std::size_t i = 0;
    for (const JsonValue child : children) {
      const std::string position = path.empty() ? fmt::format("output_{}", i) : std::to_string(i);
      const std::string& name = names ? (*names)[i] : position;
      if (!Walk(child, path.empty() ? name : path + '.' + name, depth + 1)) return false;
      ++i;
    }
    return true;
  }

  std::vector<std::string> Take() { return std::move(paths_); }

 private:
  // Names of the children where their class gives them some: keys of a dict, fields of a namedtuple, a dataclass or a
  // registered class. The context is JSON, mostly as text within the JSON.
  std::optional<std::vector<std::string>> ChildNames(JsonValue spec, std::size_t count) const {
    const std::string_view type = spec["type"].text();
    if (type == "builtins.tuple" || type == "builtins.list" || type == "collections.deque") return std::nullopt;
    if (type == "collections.namedtuple") {
      const auto fields = namedtuples_.find(spec["context"].text());
      return Names(fields == namedtuples_.end() ? JsonValue() : fields->second, count);
    }
    const JsonValue context = spec["context"];
    if (!context.IsString()) return Names(context, count);
    const auto parsed = JsonDocument::Parse(context.text(), "pytree context");
    if (!parsed.ok()) return std::nullopt;
    if (auto names = Names(parsed->root(), count)) return names;
    // A dataclass has [fields, absent fields], a defaultdict [factory, keys].
    if (auto names = Names(parsed->root()[std::size_t{0}], count)) return names;
    return Names(parsed->root()[1], count);
  }

  static std::optional<std::vector<std::string>> Names(JsonValue list, std::size_t count) {
    if (!list.IsArray() || list.size() != count) return std::nullopt;
    std::vector<std::string> out;
    for (const JsonValue name : list) {
      if (!name.IsString() && !name.AsInt()) return std::nullopt;
      out.push_back(name.IsString() ? std::string(name.text()) : std::to_string(*name.AsInt()));
    }
    return out;
  }

  std::unordered_map<std::string_view, JsonValue> namedtuples_;  // their field names
  std::vector<std::string> paths_;
};

}  // namespace

std::vector<std::string> LeafPaths(std::string_view spec, JsonValue namedtuple_fields) {
  const auto parsed = JsonDocument::Parse(spec, "pytree spec");
  // [protocol, spec]
  if (!parsed.ok() || parsed->root().size() != 2) return {};
  Walker walker(namedtuple_fields);
  if (!walker.Walk(parsed->root()[1], {}, 0)) return {};
  return walker.Take();
}

}  // namespace fairlead
