#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

#include "archive/json.hpp"
#include "runtime/runtime.hpp"

namespace fairlead {
namespace {

using Names = std::vector<std::string>;  // by pytree leaf; empty where the leaf is no port
using NameSet = std::set<std::string, std::less<>>;

constexpr std::string_view kNext = ".next";  // a buffer or input after the call

Names NamesOf(const std::vector<Port>& ports) {
  Names names;
  for (const Port& port : ports) names.push_back(port.name);
  return names;
}

// The model's own list under `key`, or the ports in order for a model that has none.
Result<Names> LeafNames(const std::map<std::string, std::string>& metadata, const std::string& key,
                        const std::vector<Port>& ports) {
  const auto entry = metadata.find(key);
  if (entry == metadata.end()) return NamesOf(ports);
  auto document = JsonDocument::Parse(entry->second, key);
  if (!document.ok() || !document->root().IsArray())
    return Error("FL8013", "the model's metadata {} is no JSON list of names", key);
  Names names;
  for (const JsonValue leaf : document->root()) {
    if (!leaf.IsString() && !leaf.IsNull())
      return Error("FL8013", "the model's metadata {}: leaf {} is neither a name nor null", key, names.size());
    names.emplace_back(leaf.text());
  }
  return names;
}

// "in.3" under "in." is leaf 3.
std::optional<std::size_t> LeafOf(std::string_view key, std::string_view kind) {
  if (!key.starts_with(kind)) return std::nullopt;
  key.remove_prefix(kind.size());
  std::size_t leaf = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), leaf);
  return error == std::errc() && end == key.data() + key.size() ? std::optional(leaf) : std::nullopt;
}

// Empty when the key is of another kind or the leaf is no port.
std::string LeafName(std::string_view key, std::string_view kind, const Names& names) {
  const std::optional<std::size_t> leaf = LeafOf(key, kind);
  return leaf && *leaf < names.size() ? names[*leaf] : std::string();
}

class Matcher {
 public:
  Matcher(Names inputs, Names outputs, const Names& dropped_state, const std::vector<Port>& input_ports,
          const std::vector<Port>& output_ports)
      : input_leaves_(std::move(inputs)),
        output_leaves_(std::move(outputs)),
        dropped_state_(dropped_state.begin(), dropped_state.end()) {
    for (const Port& port : input_ports) input_names_.insert(port.name);
    for (const Port& port : output_ports) output_names_.insert(port.name);
    for (const auto& ports : {input_ports, output_ports})
      for (const Port& port : ports)
        if (IsComplex(port.type.dtype)) complex_names_.insert(port.name);
  }

  Status Add(const std::string& file_key, std::string_view key, const Tensor& tensor) {
    if (std::string name = InputName(key); input_names_.contains(name))
      return Put(io_.inputs, file_key, std::move(name), tensor);
    if (std::string name = OutputName(key); output_names_.contains(name))
      return Put(io_.outputs, file_key, std::move(name), tensor);
    (HasNoPort(key) ? io_.unused : io_.missing).push_back(file_key);
    return Ok();
  }
  ExpectedIo Take() { return std::move(io_); }

 private:
  std::string InputName(std::string_view key) const {
    if (input_names_.contains(key)) return std::string(key);
    return LeafName(key, "in.", input_leaves_);
  }
  std::string OutputName(std::string_view key) const {
    if (output_names_.contains(key)) return std::string(key);
    if (key.starts_with("mut.")) return std::string(key.substr(4)).append(kNext);
    if (key.starts_with("inmut.")) return LeafName(key, "inmut.", input_leaves_).append(kNext);
    return LeafName(key, "out.", output_leaves_);
  }
  // A value that the model rightly has no port for. An input that it does not take cannot make a comparison wrong.
  bool HasNoPort(std::string_view key) const {
    if (LeafOf(key, "in.")) return true;
    if (key.starts_with("mut.")) return dropped_state_.contains(key.substr(4));
    if (key.starts_with("inmut.")) return dropped_state_.contains(LeafName(key, "inmut.", input_leaves_));
    const std::optional<std::size_t> leaf = LeafOf(key, "out.");
    return leaf && *leaf < output_leaves_.size() && output_leaves_[*leaf].empty();
  }
  // A port that is not complex takes complex numbers as pairs (FL2022).
  Status Put(NamedTensors& tensors, const std::string& file_key, std::string name, const Tensor& tensor) const {
    if (tensors.Find(name) != nullptr) return Error("FL8013", "{}: the file has a value for {} already", file_key, name);
    const bool in_pairs = IsComplex(tensor.dtype()) && !complex_names_.contains(name);
    tensors.tensors.emplace_back(std::move(name), in_pairs ? tensor.AsPairs() : tensor);
    return Ok();
  }

  Names input_leaves_, output_leaves_;
  NameSet dropped_state_, input_names_, output_names_, complex_names_;
  ExpectedIo io_;
};

}  // namespace

Result<ExpectedIo> MatchExpected(const NamedTensors& file, const std::string& set, const std::vector<Port>& inputs,
                                 const std::vector<Port>& outputs,
                                 const std::map<std::string, std::string>& model_metadata) {
  FL_ASSIGN_OR_RETURN(Names input_leaves, LeafNames(model_metadata, "fairlead.inputs", inputs));
  FL_ASSIGN_OR_RETURN(Names output_leaves, LeafNames(model_metadata, "fairlead.outputs", outputs));
  FL_ASSIGN_OR_RETURN(const Names dropped_state, LeafNames(model_metadata, "fairlead.dropped_state", {}));
  Matcher matcher(std::move(input_leaves), std::move(output_leaves), dropped_state, inputs, outputs);
  const std::string prefix = set.empty() ? "" : set + ".";
  bool has_set = file.tensors.empty();
  for (const auto& [key, tensor] : file.tensors) {
    if (!key.starts_with(prefix)) continue;
    has_set = true;
    FL_RETURN_IF_ERROR(matcher.Add(key, std::string_view(key).substr(prefix.size()), tensor));
  }
  if (!has_set)
    return Error("FL8013", "no key of the expected values begins with {}; the first is {}", prefix, file.tensors[0].first);
  return matcher.Take();
}

}  // namespace fairlead
