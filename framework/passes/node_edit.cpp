#include "passes/node_edit.hpp"

#include <algorithm>

namespace fairlead {

OpName AtenOp(std::string_view type, std::string_view overload) {
  return {"aten", std::string(type), std::string(overload)};
}

namespace {

ValueRef AddInput(Node& node, ValueId value) {
  if (value == kNoValue) return {};
  node.inputs.push_back(value);
  return {static_cast<int32_t>(node.inputs.size() - 1)};
}

ValueId ValueOf(const Node& node, ValueRef ref) {
  return ref.input < 0 ? kNoValue : node.inputs[static_cast<std::size_t>(ref.input)];
}

// The argument as given, else the schema's default; null when there is neither.
const AttributeValue* GivenOrDefault(const Node& node, std::string_view name) {
  if (const Attribute* given = node.Find(name)) return &given->value;
  const AtenSchema* schema = FindSchema(node.op);
  const AtenParameter* parameter = schema ? schema->Find(name) : nullptr;
  return parameter && parameter->default_value ? &*parameter->default_value : nullptr;
}

template <class T> std::optional<T> As(const Node& node, std::string_view name) {
  const AttributeValue* value = GivenOrDefault(node, name);
  const T* number = value ? std::get_if<T>(value) : nullptr;
  return number ? std::optional<T>(*number) : std::nullopt;
}

}  // namespace

void GiveValue(Node& node, std::string_view name, ValueId value) { node.Set(name, AddInput(node, value)); }

void GiveValues(Node& node, std::string_view name, const std::vector<ValueId>& values) {
  ValueRefs refs;
  for (const ValueId value : values) refs.items.push_back(AddInput(node, value));
  node.Set(name, std::move(refs));
}

void CopyArgument(const Node& from, std::string_view name, Node& node, std::string_view as) {
  const Attribute* given = from.Find(name);
  if (!given) return;
  AttributeValue value = given->value;
  if (auto* ref = std::get_if<ValueRef>(&value)) *ref = AddInput(node, ValueOf(from, *ref));
  if (auto* refs = std::get_if<ValueRefs>(&value))
    for (ValueRef& ref : refs->items) ref = AddInput(node, ValueOf(from, ref));
  if (auto* ints = std::get_if<SymInts>(&value))
    for (auto& item : ints->items)
      if (auto* ref = std::get_if<ValueRef>(&item)) *ref = AddInput(node, ValueOf(from, *ref));
  node.Set(as.empty() ? name : as, std::move(value));
}

std::vector<ValueId> ArgumentValues(const Node& node, std::string_view name) {
  const Attribute* given = node.Find(name);
  if (!given) return {};
  if (const auto* ref = std::get_if<ValueRef>(&given->value)) return {ValueOf(node, *ref)};
  const auto* refs = std::get_if<ValueRefs>(&given->value);
  std::vector<ValueId> out;
  if (refs) std::ranges::transform(refs->items, std::back_inserter(out), [&](ValueRef ref) { return ValueOf(node, ref); });
  return out;
}

std::optional<int64_t> IntArgument(const Node& node, std::string_view name) { return As<int64_t>(node, name); }

std::optional<std::vector<int64_t>> IntsArgument(const Node& node, std::string_view name) {
  if (const std::optional<int64_t> single = IntArgument(node, name)) return std::vector{*single};
  return As<std::vector<int64_t>>(node, name);
}

std::optional<bool> BoolArgument(const Node& node, std::string_view name) { return As<bool>(node, name); }

std::optional<double> FloatArgument(const Node& node, std::string_view name) {
  if (const std::optional<int64_t> integer = IntArgument(node, name)) return static_cast<double>(*integer);
  return As<double>(node, name);
}

std::optional<std::vector<Size>> SizesArgument(const Node& node, std::string_view name) {
  const AttributeValue* value = GivenOrDefault(node, name);
  std::vector<Size> out;
  if (const auto* numbers = value ? std::get_if<std::vector<int64_t>>(value) : nullptr) {
    out.assign(numbers->begin(), numbers->end());
    return out;
  }
  const auto* mixed = value ? std::get_if<SymInts>(value) : nullptr;
  if (!mixed) return std::nullopt;
  for (const auto& item : mixed->items) {
    if (const auto* number = std::get_if<int64_t>(&item))
      out.emplace_back(*number);
    else
      out.emplace_back(ValueOf(node, std::get<ValueRef>(item)));
  }
  return out;
}

void GiveSizes(Node& node, std::string_view name, const std::vector<Size>& sizes) {
  SymInts mixed;
  std::vector<int64_t> numbers;
  for (const Size& size : sizes) {
    if (const auto* number = std::get_if<int64_t>(&size)) {
      mixed.items.emplace_back(*number);
      numbers.push_back(*number);
    } else {
      mixed.items.emplace_back(AddInput(node, std::get<ValueId>(size)));
    }
  }
  if (numbers.size() == sizes.size())
    node.Set(name, std::move(numbers));
  else
    node.Set(name, std::move(mixed));
}

ValueId NodeEmitter::Emit(Node node, Type type, std::string name) {
  const ValueId output = graph_.AddValue(std::move(type), std::move(name));
  EmitInto(std::move(node), {output});
  return output;
}

NodeId NodeEmitter::EmitInto(Node node, std::vector<ValueId> outputs) {
  node.outputs.clear();
  const NodeId id = graph_.AddNode(std::move(node), 0);
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (outputs[i] == kNoValue) continue;
    graph_.value(outputs[i]).producer = id;
    graph_.value(outputs[i]).output = static_cast<uint32_t>(i);
  }
  graph_.node(id).outputs = std::move(outputs);
  order_.push_back(id);
  return id;
}

}  // namespace fairlead
