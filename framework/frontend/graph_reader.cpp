#include "frontend/graph_reader.hpp"

namespace fairlead {
namespace {

constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxArguments = 4096;

// The kinds of a union that name one value.
std::optional<Type::Kind> ValueKind(std::string_view tag) {
  if (tag == "as_tensor") return Type::Kind::kTensor;
  if (tag == "as_sym_int") return Type::Kind::kSymInt;
  if (tag == "as_sym_float") return Type::Kind::kSymFloat;
  if (tag == "as_sym_bool") return Type::Kind::kSymBool;
  return std::nullopt;
}

// The name that a tensor or symbolic-number argument refers to; empty when it is a plain number.
std::string_view ReferredName(const Tagged& tagged) {
  return tagged.tag == "as_tensor"                  ? ReadName(tagged.value)
         : ReadUnion(tagged.value).tag == "as_name" ? ReadUnion(tagged.value).value.text()
                                                    : std::string_view();
}

// None, a number or a string that stands where a value could.
std::optional<ConstantLeaf> ReadConstant(Tagged tagged) {
  // A symbolic number may be given as a plain one: {"as_sym_int": {"as_int": 3}}.
  if (ValueKind(tagged.tag) && tagged.tag != "as_tensor") tagged = ReadUnion(tagged.value);
  if (tagged.tag == "as_none") return None{};
  if (tagged.tag == "as_string" && tagged.value.IsString()) return std::string(tagged.value.text());
  if (tagged.tag == "as_bool" && tagged.value.AsBool()) return *tagged.value.AsBool();
  if (tagged.tag == "as_int" && tagged.value.AsInt()) return *tagged.value.AsInt();
  if (tagged.tag == "as_float" && ReadDouble(tagged.value)) return *ReadDouble(tagged.value);
  return std::nullopt;
}

}  // namespace

void GraphReader::IndexTypes(JsonValue json) {
  const auto index = [&](std::string_view key, auto& map) {
    const JsonValue values = json[key];
    for (std::size_t i = 0; i < values.size(); ++i) map.emplace(values.member(i).key, values.member(i).value);
  };
  index("tensor_values", tensor_types_);
  for (const char* const key : {"sym_int_values", "sym_float_values", "sym_bool_values"}) index(key, number_types_);
}

Status GraphReader::Read(JsonValue json) {
  if (depth_ > kMaxDepth) return Error("FL1001", "graphs are nested deeper than {}", kMaxDepth);
  if (!json["nodes"].IsArray() || !json["inputs"].IsArray() || !json["outputs"].IsArray())
    return Error("FL1001", "graph '{}' has no lists of inputs, nodes and outputs", graph_.name());
  IndexTypes(json);
  for (const JsonValue input : json["inputs"]) FL_RETURN_IF_ERROR(ReadInput(input));
  FL_RETURN_IF_ERROR(ReadConstants(json["constants"]));
  for (const JsonValue node : json["nodes"]) FL_RETURN_IF_ERROR(ReadNode(node));
  for (const JsonValue output : json["outputs"]) FL_RETURN_IF_ERROR(ReadOutput(output));
  return Ok();
}

Result<Type> GraphReader::TypeOf(std::string_view name, Type::Kind kind) {
  if (kind != Type::Kind::kTensor) {
    const auto found = number_types_.find(name);
    return types_.Symbolic(found == number_types_.end() ? JsonValue() : found->second, kind);
  }
  const auto found = tensor_types_.find(name);
  return types_.Tensor(found == tensor_types_.end() ? JsonValue() : found->second, name);
}

Result<ValueId> GraphReader::Find(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end())
    return Error("FL1001", "'{}' reads value '{}', which nothing before it defines", target_, name);
  return found->second;
}

Status GraphReader::ReadInput(JsonValue json) {
  const Tagged tagged = ReadUnion(json);
  const auto kind = ValueKind(tagged.tag);
  if (const std::string_view name = kind ? ReferredName(tagged) : std::string_view(); !name.empty()) {
    FL_ASSIGN_OR_RETURN(Type type, TypeOf(name, *kind));
    const ValueId value = graph_.AddInput(std::string(name), std::move(type));
    if (!values_.emplace(name, value).second) return Error("FL1001", "two inputs are named '{}'", name);
    inputs_.push_back({.value = value, .name = std::string(name)});
    return Ok();
  }
  if (tagged.tag == "as_custom_obj") {
    inputs_.push_back({.name = std::string(ReadName(tagged.value)), .custom_object = true});
    return Ok();
  }
  auto constant = ReadConstant(tagged);
  if (!constant) return Error("FL1002", "an input of graph '{}' is of the unknown kind '{}'", graph_.name(), tagged.tag);
  inputs_.push_back({.constant = *std::move(constant)});
  return Ok();
}

// Schema 1 keeps constant tensors in the graph. They follow the inputs; a type that is not recorded is the tensor's.
Status GraphReader::ReadConstants(JsonValue constants) {
  for (std::size_t i = 0; i < constants.size(); ++i) {
    const std::string_view name = constants.member(i).key;
    Type type;
    if (tensor_types_.contains(name)) {
      FL_ASSIGN_OR_RETURN(type, TypeOf(name, Type::Kind::kTensor));
    }
    const ValueId value = graph_.AddInput(std::string(name), std::move(type));
    if (!values_.emplace(name, value).second) return Error("FL1001", "an input and a constant are named '{}'", name);
    inputs_.push_back({.value = value, .name = std::string(name), .constant_tensor = true});
  }
  return Ok();
}

Status GraphReader::ReadOutput(JsonValue json) {
  target_ = "the graph's output";
  const Tagged tagged = ReadUnion(json);
  const auto kind = ValueKind(tagged.tag);
  if (const std::string_view name = kind ? ReferredName(tagged) : std::string_view(); !name.empty()) {
    FL_ASSIGN_OR_RETURN(const ValueId value, Find(name));
    outputs_.push_back({.value = value, .name = std::string(name)});
    return Ok();
  }
  if (tagged.tag == "as_custom_obj") {
    outputs_.push_back({.name = std::string(ReadName(tagged.value)), .custom_object = true});
    return Ok();
  }
  auto constant = ReadConstant(tagged);
  if (!constant) return Error("FL1002", "an output of graph '{}' is of the unknown kind '{}'", graph_.name(), tagged.tag);
  outputs_.push_back({.constant = *std::move(constant)});
  return Ok();
}

Status GraphReader::ReadNode(JsonValue json) {
  target_ = json["target"].text();
  if (target_.empty()) return Error("FL1001", "a node of graph '{}' has no target", graph_.name());
  if (json["inputs"].size() > kMaxArguments)
    return Error("FL1001", "'{}' has {} arguments, at most {} are read", target_, json["inputs"].size(), kMaxArguments);
  Node node{.op = ReadTarget(target_)};
  node.source = sources_.Read(json["metadata"]);
  const bool higher_order = node.op.domain == "higher_order";
  FL_RETURN_IF_ERROR(higher_order ? ReadHigherOrder(json["inputs"], node) : ReadPositional(json["inputs"], node));
  const NodeId id = graph_.AddNode(std::move(node), 0);
  return ReadResults(json["outputs"], id, higher_order);
}

// ---- results

Status GraphReader::ReadResults(JsonValue results, NodeId node, bool higher_order) {
  // An operator without results is written with none, or with a single None.
  if (results.size() == 1 && ReadUnion(results[0]).tag == "as_none" && !higher_order) return Ok();
  bool subgraphs = false;
  ForEachSubgraph(std::as_const(graph_).node(node), [&](const Graph&) { subgraphs = true; });
  std::vector<int32_t> lists;
  bool any_list = false;
  for (const JsonValue result : results) {
    const std::string_view tag = ReadUnion(result).tag;
    // Graphs called by a higher-order operator do not return their Nones (ReadSubgraph), so neither does it.
    if (subgraphs && tag == "as_none") continue;
    const std::size_t before = graph_.node(node).outputs.size();
    FL_RETURN_IF_ERROR(AddResult(result, node));
    const bool list =
        tag.ends_with("tensors") || tag.ends_with("ints") || tag.ends_with("floats") || tag.ends_with("bools");
    any_list |= list;
    lists.push_back(list ? static_cast<int32_t>(graph_.node(node).outputs.size() - before) : -1);
  }
  Node& read = graph_.node(node);
  if (higher_order) lists = {static_cast<int32_t>(read.outputs.size())};
  if (higher_order || any_list) read.output_lists = std::move(lists);
  return subgraphs ? CheckSubgraphs(read) : Ok();
}

Status GraphReader::AddResult(JsonValue json, NodeId node) {
  const Tagged tagged = ReadUnion(json);
  if (const auto kind = ValueKind(tagged.tag)) {
    const std::string_view name = ReferredName(tagged);
    return name.empty() ? AddConstantResult(node) : DefineResult(name, *kind, node);
  }
  if (tagged.tag == "as_tensors") {
    for (const JsonValue element : tagged.value)
      FL_RETURN_IF_ERROR(DefineResult(ReadName(element), Type::Kind::kTensor, node));
    return Ok();
  }
  if (tagged.tag == "as_optional_tensor") return AddResult(tagged.value, node);
  if (tagged.tag == "as_optional_tensors" || tagged.tag == "as_tuple") {
    for (const JsonValue element : tagged.value) FL_RETURN_IF_ERROR(AddResult(element, node));
    return Ok();
  }
  if (tagged.tag == "as_sym_ints" || tagged.tag == "as_sym_floats" || tagged.tag == "as_sym_bools") {
    const Type::Kind kind = *ValueKind(tagged.tag.substr(0, tagged.tag.size() - 1));
    for (const JsonValue element : tagged.value) {
      const Tagged number = ReadUnion(element);
      FL_RETURN_IF_ERROR(number.tag == "as_name" ? DefineResult(number.value.text(), kind, node) : AddConstantResult(node));
    }
    return Ok();
  }
  if (tagged.tag == "as_custom_obj") return DefineResult(ReadName(tagged.value), Type::Kind::kUnknown, node);
  if (tagged.tag == "as_none") {
    graph_.node(node).outputs.push_back(kNoValue);
    return Ok();
  }
  if (ReadConstant(tagged)) return AddConstantResult(node);
  return Error("FL1002", "a result of '{}' is of the unknown kind '{}'", target_, tagged.tag);
}

// A result that is a plain number: nothing refers to it by name.
Status GraphReader::AddConstantResult(NodeId node) {
  graph_.node(node).outputs.push_back(kNoValue);
  return Ok();
}

Status GraphReader::DefineResult(std::string_view name, Type::Kind kind, NodeId node) {
  if (name.empty()) return Error("FL1001", "a result of '{}' has no name", target_);
  Type type;
  if (kind != Type::Kind::kUnknown) {
    FL_ASSIGN_OR_RETURN(type, TypeOf(name, kind));
  }
  const ValueId value = graph_.AddValue(std::move(type), std::string(name));
  if (!values_.emplace(name, value).second)
    return Error("FL1001", "value '{}' is defined twice, again by '{}'", name, target_);
  auto& outputs = graph_.node(node).outputs;
  graph_.value(value).producer = node;
  graph_.value(value).output = static_cast<uint32_t>(outputs.size());
  outputs.push_back(value);
  return Ok();
}

}  // namespace fairlead
