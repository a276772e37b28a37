// Arguments of nodes: the union `Argument` of torch.export's schema as attributes.
#include <algorithm>

#include "frontend/graph_reader.hpp"

namespace fairlead {
namespace {

template <class T, class Read> std::optional<std::vector<T>> List(JsonValue json, Read read) {
  if (!json.IsArray()) return std::nullopt;
  std::vector<T> out;
  out.reserve(json.size());
  for (const JsonValue element : json) {
    const std::optional<T> value = read(element);
    if (!value) return std::nullopt;
    out.push_back(*value);
  }
  return out;
}

std::optional<int64_t> ReadInt(JsonValue json) { return json.AsInt(); }
std::optional<bool> ReadBool(JsonValue json) { return json.AsBool(); }
std::optional<std::string> ReadString(JsonValue json) {
  return json.IsString() ? std::optional(std::string(json.text())) : std::nullopt;
}

// Alternatives whose value needs nothing but the JSON; empty for all others and for broken ones.
std::optional<AttributeValue> PlainArgument(const Tagged& tagged) {
  const auto [tag, json] = tagged;
  if (tag == "as_none") return None{};
  if (tag == "as_int") return ReadInt(json);
  if (tag == "as_ints") return List<int64_t>(json, ReadInt);
  if (tag == "as_float") return ReadDouble(json);
  if (tag == "as_floats") return List<double>(json, ReadDouble);
  if (tag == "as_bool") return ReadBool(json);
  // PyTorch 2.1 wrote every empty list as one of booleans. An empty list has no type of its own here.
  if (tag == "as_bools" && json.IsArray() && json.size() == 0) return std::vector<int64_t>();
  if (tag == "as_bools") return List<bool>(json, ReadBool);
  if (tag == "as_string") return ReadString(json);
  if (tag == "as_strings") return List<std::string>(json, ReadString);
  if (tag == "as_scalar_type") return ReadScalarType(json);
  if (tag == "as_memory_format" && json.AsInt()) return MemoryFormat{static_cast<int32_t>(*json.AsInt())};
  if (tag == "as_layout" && json.AsInt()) return Layout{static_cast<int32_t>(*json.AsInt())};
  if (tag == "as_device" && json.IsObject()) return Device{DeviceText(json)};
  if (tag == "as_operator" && json.IsString()) return ReadTarget(json.text());
  if (tag == "as_custom_obj" && json.IsObject()) return std::string(json["class_fqn"].text());
  if (tag == "as_complex" && ReadDouble(json["real"]) && ReadDouble(json["imag"]))
    return Complex{*ReadDouble(json["real"]), *ReadDouble(json["imag"])};
  return std::nullopt;
}

constexpr std::string_view kKnownTags[] = {"as_none",
                                           "as_int",
                                           "as_ints",
                                           "as_float",
                                           "as_floats",
                                           "as_bool",
                                           "as_bools",
                                           "as_string",
                                           "as_strings",
                                           "as_device",
                                           "as_layout",
                                           "as_memory_format",
                                           "as_scalar_type",
                                           "as_operator",
                                           "as_complex",
                                           "as_tensor",
                                           "as_tensors",
                                           "as_optional_tensor",
                                           "as_sym_int",
                                           "as_sym_ints",
                                           "as_sym_bool",
                                           "as_sym_bools",
                                           "as_sym_float",
                                           "as_sym_floats",
                                           "as_optional_tensors",
                                           "as_graph",
                                           "as_custom_obj",
                                           "as_tuple"};

}  // namespace

// A value that is broken, or an alternative that this reader does not have.
Status GraphReader::Broken(std::string_view tag) const {
  if (tag.empty()) return Error("FL1001", "an argument of '{}' is not exactly one alternative", target_);
  if (std::ranges::find(kKnownTags, tag) != std::end(kKnownTags))
    return Error("FL1001", "an argument of '{}' has a broken '{}'", target_, tag);
  return Error("FL1002", "an argument of '{}' is of the kind '{}', which is not read", target_, tag);
}

Status GraphReader::RefuseComplexHalf(JsonValue argument) const {
  const Tagged tagged = ReadUnion(argument["arg"]);
  if (tagged.tag != "as_scalar_type" || !IsComplexHalf(tagged.value)) return Ok();
  return Error("FL2014", "argument '{}' of '{}' is complex32, which ONNX does not have", argument["name"].text(), target_);
}

Result<ValueRef> GraphReader::Refer(std::string_view name, Node& node) const {
  FL_ASSIGN_OR_RETURN(const ValueId value, Find(name));
  node.inputs.push_back(value);
  return ValueRef{static_cast<int32_t>(node.inputs.size() - 1)};
}

Status GraphReader::SetArgument(Node& node, std::string_view name, AttributeValue value) const {
  if (node.Find(name)) return Error("FL1001", "'{}' has two arguments named '{}'", target_, name);
  node.attributes.push_back({std::string(name), std::move(value)});
  return Ok();
}

Result<AttributeValue> GraphReader::ReadArgument(JsonValue json, Node& node) {
  const Tagged tagged = ReadUnion(json);
  const std::string_view tag = tagged.tag;
  if (tag == "as_tensor") {
    FL_ASSIGN_OR_RETURN(const ValueRef ref, Refer(ReadName(tagged.value), node));
    return AttributeValue(ref);
  }
  if (tag == "as_tensors" || tag == "as_optional_tensors") {
    ValueRefs refs;
    if (!tagged.value.IsArray()) return Broken(tag);
    for (const JsonValue element : tagged.value) {
      // An optional one is {"as_tensor": …}, {"as_none": …}, or in schema 3 and before a text.
      const Tagged item = tag == "as_tensors" ? Tagged{"as_tensor", element} : ReadUnion(element);
      if (item.tag != "as_tensor" && item.tag != "as_none") return Broken(tag);
      ValueRef ref;
      if (item.tag == "as_tensor") {
        FL_ASSIGN_OR_RETURN(ref, Refer(ReadName(item.value), node));
      }
      refs.items.push_back(ref);
    }
    return AttributeValue(std::move(refs));
  }
  if (tag == "as_optional_tensor") return ReadArgument(tagged.value, node);
  if (tag == "as_sym_int" || tag == "as_sym_float" || tag == "as_sym_bool") {
    const Tagged number = ReadUnion(tagged.value);
    if (number.tag != "as_name") return ReadArgument(tagged.value, node);
    FL_ASSIGN_OR_RETURN(const ValueRef ref, Refer(number.value.text(), node));
    return AttributeValue(ref);
  }
  if (tag == "as_sym_ints" || tag == "as_sym_floats" || tag == "as_sym_bools") return ReadSymbolicList(tagged, node);
  if (tag == "as_tuple") return ReadTuple(tagged.value, node);
  if (tag == "as_graph") return ReadSubgraph(tagged.value);
  auto plain = PlainArgument(tagged);
  if (!plain) return Broken(tag);
  return *std::move(plain);
}

// SymInt[]: numbers and names mixed; a list without names is a plain one.
Result<AttributeValue> GraphReader::ReadSymbolicList(Tagged tagged, Node& node) {
  if (!tagged.value.IsArray()) return Broken(tagged.tag);
  SymInts mixed;
  ValueRefs names;
  std::vector<int64_t> ints;
  std::vector<double> floats;
  std::vector<bool> bools;
  for (const JsonValue element : tagged.value) {
    const Tagged number = ReadUnion(element);
    if (number.tag == "as_name") {
      FL_ASSIGN_OR_RETURN(const ValueRef ref, Refer(number.value.text(), node));
      names.items.push_back(ref);
      mixed.items.emplace_back(ref);
    } else if (const auto integer = number.value.AsInt(); integer && number.tag == "as_int") {
      ints.push_back(*integer);
      mixed.items.emplace_back(*integer);
    } else if (const auto real = ReadDouble(number.value); real && number.tag == "as_float") {
      floats.push_back(*real);
    } else if (const auto truth = number.value.AsBool(); truth && number.tag == "as_bool") {
      bools.push_back(*truth);
    } else {
      return Broken(tagged.tag);
    }
  }
  const std::size_t count = tagged.value.size();
  if (ints.size() == count && tagged.tag == "as_sym_ints") return AttributeValue(std::move(ints));
  if (mixed.items.size() == count && tagged.tag == "as_sym_ints") return AttributeValue(std::move(mixed));
  if (floats.size() == count) return AttributeValue(std::move(floats));
  if (bools.size() == count) return AttributeValue(std::move(bools));
  if (names.items.size() == count) return AttributeValue(std::move(names));
  return Error("FL1002", "an argument of '{}' mixes symbols and numbers in '{}', which is not read", target_, tagged.tag);
}

// A Python tuple: tensors, or numbers and symbols, as the list that it is.
Result<AttributeValue> GraphReader::ReadTuple(JsonValue elements, Node& node) {
  if (!elements.IsArray()) return Broken("as_tuple");
  ValueRefs refs;
  SymInts numbers;
  for (const JsonValue element : elements) {
    FL_ASSIGN_OR_RETURN(AttributeValue value, ReadArgument(element, node));
    if (const auto* const ref = std::get_if<ValueRef>(&value)) {
      refs.items.push_back(*ref);
      numbers.items.emplace_back(*ref);
    } else if (const auto* const number = std::get_if<int64_t>(&value)) {
      numbers.items.emplace_back(*number);
    } else if (std::holds_alternative<None>(value)) {
      refs.items.push_back({});
    } else {
      return Error("FL1002", "an argument of '{}' is a tuple of '{}', which is not read", target_, ReadUnion(element).tag);
    }
  }
  if (refs.items.size() == elements.size()) return AttributeValue(std::move(refs));
  if (numbers.items.size() == elements.size()) return AttributeValue(std::move(numbers));
  return Error("FL1002", "an argument of '{}' is a tuple of tensors and numbers, which is not read", target_);
}

// A nested graph has its own names and captures nothing. Inputs that are constants stay as unnamed inputs, so that operands
// and inputs pair; constant outputs become initializers, Nones go.
Result<AttributeValue> GraphReader::ReadSubgraph(JsonValue json) {
  auto nested = std::make_shared<Graph>(std::string(ReadName(json)));
  GraphReader reader(*nested, types_, depth_ + 1);
  FL_RETURN_IF_ERROR(reader.Read(json["graph"]));
  std::vector<ValueId> inputs;
  for (const GraphPort& input : reader.inputs())
    inputs.push_back(input.value != kNoValue ? input.value : nested->AddValue(Type()));
  nested->mutable_inputs() = std::move(inputs);
  for (const GraphPort& output : reader.outputs()) {
    if (output.value != kNoValue) {
      nested->AddOutput(output.value);
    } else if (const auto* const number = std::get_if<int64_t>(&output.constant)) {
      nested->AddOutput(nested->AddInitializer({}, Tensor::Scalar(DType::kInt64, *number)));
    } else if (const auto* const real = std::get_if<double>(&output.constant)) {
      nested->AddOutput(nested->AddInitializer({}, Tensor::Scalar(DType::kDouble, *real)));
    } else if (const auto* const truth = std::get_if<bool>(&output.constant)) {
      nested->AddOutput(nested->AddInitializer({}, Tensor::Scalar(DType::kBool, *truth)));
    } else if (!std::holds_alternative<None>(output.constant) || output.custom_object) {
      return Error("FL1002", "graph '{}' returns a string or an object", nested->name());
    }
  }
  return AttributeValue(std::move(nested));
}

}  // namespace fairlead
