#include "frontend/sources.hpp"

namespace fairlead {
namespace {

// The position of `separator` outside all brackets from `begin` on; the text's size when there is none.
std::size_t FindOutside(std::string_view text, char separator, std::size_t begin) {
  int depth = 0;
  for (std::size_t i = begin; i < text.size(); ++i) {
    const char c = text[i];
    if (depth == 0 && c == separator) return i;
    depth += (c == '[' || c == '(') - (c == ']' || c == ')');
  }
  return text.size();
}

std::string_view LastItem(std::string_view text) {
  std::size_t begin = 0;
  for (std::size_t end = FindOutside(text, ';', 0); end < text.size(); end = FindOutside(text, ';', begin)) begin = end + 1;
  return text.substr(begin);
}

// "L['self'].encoder.attn@1" → "encoder.attn": the local that held the model, and the count of a repeated call, go.
std::string_view PlainPath(std::string_view path) {
  if (path.starts_with("L['")) {
    const std::size_t end = path.find("']");
    path = end == std::string_view::npos ? path : path.substr(end + 2);
    if (path.starts_with('.')) path.remove_prefix(1);
  }
  const std::size_t at = path.rfind('@');
  const bool counted =
      at != std::string_view::npos && path.find_first_not_of("0123456789", at + 1) == std::string_view::npos;
  return counted ? path.substr(0, at) : path;
}

}  // namespace

ModulePlace InnermostModule(std::string_view stack) {
  std::string_view item = LastItem(stack);
  // Schema 1: "L__s___a:(L['s'].a,torch.nn.modules.linear.Linear)".
  if (const std::size_t colon = item.find(":("); colon != std::string_view::npos && item.ends_with(')')) {
    item = item.substr(colon + 2, item.size() - colon - 3);
    const std::size_t comma = FindOutside(item, ',', 0);
    if (comma == item.size()) return {};
    return {std::string(PlainPath(item.substr(0, comma))), std::string(item.substr(comma + 1))};
  }
  const std::size_t first = FindOutside(item, ',', 0);
  const std::size_t second = first < item.size() ? FindOutside(item, ',', first + 1) : item.size();
  // The second form of a node that PyTorch itself inserted: the key's name three times.
  if (second == item.size() || item.substr(0, first) == "_empty_nn_module_stack_from_metadata_hook") return {};
  return {std::string(PlainPath(item.substr(first + 1, second - first - 1))), std::string(item.substr(second + 1))};
}

SourceId SourceReader::Read(JsonValue metadata) {
  std::string_view trace = metadata["stack_trace"].text();
  const std::string_view stack = metadata["nn_module_stack"].text();
  if (trace.starts_with("NoneType")) trace = {};
  if (trace.empty() && stack.empty()) return 0;
  const auto [entry, added] = known_.try_emplace(Metadata{trace, stack}, 0);
  if (!added) return entry->second;
  ModulePlace place = InnermostModule(stack);
  entry->second = graph_.AddSource({std::move(place.path), std::move(place.type), std::string(trace)});
  return entry->second;
}

}  // namespace fairlead
