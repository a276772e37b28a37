// Positional operands of higher-order operators and Python functions, brought to our pseudo-schemas.
#include <fmt/format.h>

#include "aten/schema.hpp"
#include "frontend/graph_reader.hpp"

namespace fairlead {
namespace {

bool IsTensorList(const AtenType& type) { return type.base == AtenType::Base::kTensor && type.list; }

bool IsGraph(JsonValue argument) { return ReadUnion(argument["arg"]).tag == "as_graph"; }

bool IsOperandList(JsonValue argument) {
  const std::string_view tag = ReadUnion(argument["arg"]).tag;
  return tag.ends_with("tensors") || tag.ends_with("ints") || tag.ends_with("floats") || tag.ends_with("bools") ||
         tag == "as_tuple";
}

}  // namespace

// Arguments by their own names; those without one by position in the schema, if there is one.
Status GraphReader::ReadPositional(JsonValue arguments, Node& node) {
  const AtenSchema* schema = nullptr;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    FL_RETURN_IF_ERROR(RefuseComplexHalf(arguments[i]));
    FL_ASSIGN_OR_RETURN(AttributeValue value, ReadArgument(arguments[i]["arg"], node));
    std::string_view name = arguments[i]["name"].text();
    // Python's functions have other names for their parameters in other versions.
    const bool positional = name.empty() || node.op.domain == "python";
    if (positional && !schema) schema = FindSchema(node.op);
    const bool known = schema && i < schema->parameters.size();
    if (positional && known) {
      FL_RETURN_IF_ERROR(SetArgument(node, schema->parameters[i].name, std::move(value)));
    } else {
      FL_RETURN_IF_ERROR(SetArgument(node, name.empty() ? fmt::format("arg{}", i) : std::string(name), std::move(value)));
    }
  }
  return Ok();
}

// hints_wrapper(graph, [operands], {}, hints={…}): a dictionary without entries says nothing, and hints change no result.
static bool IsWithoutMeaning(JsonValue argument) {
  const Tagged tagged = ReadUnion(argument["arg"]);
  return tagged.tag == "as_string_to_argument" && (tagged.value.size() == 0 || argument["name"].text() == "hints");
}

Status GraphReader::ReadHigherOrder(JsonValue arguments, Node& node) {
  const std::string& type = node.op.type;
  if (type == "scan" || type == "associative_scan") return ReadScan(arguments, node);
  if (type == "map_impl") return ReadMap(arguments, node);
  if (type == "with_effects") return ReadWithEffects(arguments, node);
  const AtenSchema* const schema = FindSchema(node.op);
  if (!schema || type.starts_with("auto_functionalized")) return ReadPositional(arguments, node);

  std::size_t next = 0;
  const auto positional = [&] {
    while (next < arguments.size() && IsWithoutMeaning(arguments[next])) ++next;
    return next < arguments.size() && arguments[next]["name"].text().empty();
  };
  for (std::size_t i = 0; i < schema->parameters.size(); ++i) {
    const AtenParameter& parameter = schema->parameters[i];
    if (IsTensorList(parameter.type)) {
      ValueRefs operands;
      // The last list takes all operands that are left, one by one or as lists; any other list is one argument.
      const bool last = i + 1 == schema->parameters.size();
      do {
        if (positional()) FL_RETURN_IF_ERROR(AddOperands(arguments[next++]["arg"], node, operands));
      } while (last && positional());
      FL_RETURN_IF_ERROR(SetArgument(node, parameter.name, std::move(operands)));
    } else if (parameter.type.base == AtenType::Base::kSubgraph && parameter.type.list) {
      std::vector<GraphPtr> graphs;
      while (positional() && IsGraph(arguments[next])) {
        FL_ASSIGN_OR_RETURN(AttributeValue value, ReadArgument(arguments[next++]["arg"], node));
        graphs.push_back(std::get<GraphPtr>(value));
      }
      FL_RETURN_IF_ERROR(SetArgument(node, parameter.name, std::move(graphs)));
    } else if (positional()) {
      FL_ASSIGN_OR_RETURN(AttributeValue value, ReadArgument(arguments[next++]["arg"], node));
      FL_RETURN_IF_ERROR(SetArgument(node, parameter.name, std::move(value)));
    }
  }
  for (; next < arguments.size(); ++next) {
    if (IsWithoutMeaning(arguments[next])) continue;
    FL_ASSIGN_OR_RETURN(AttributeValue value, ReadArgument(arguments[next]["arg"], node));
    const std::string_view name = arguments[next]["name"].text();
    FL_RETURN_IF_ERROR(SetArgument(node, name.empty() ? fmt::format("arg{}", next) : std::string(name), std::move(value)));
  }
  return Ok();
}

// PyTorch 2.14: scan(graph, init, xs, additional); 2.6: scan(graph, init, xs, dim, reverse, additional). Without init it is
// associative_scan. The lists come in one order always, and of numbers there is one of each kind.
Status GraphReader::ReadScan(JsonValue arguments, Node& node) {
  std::vector<std::string_view> lists = {"init", "xs", "additional"};
  if (node.op.type == "associative_scan") lists.erase(lists.begin());
  std::size_t list = 0;
  std::vector<Attribute> numbers;
  for (const JsonValue argument : arguments) {
    const JsonValue json = argument["arg"];
    const std::string_view tag = ReadUnion(json).tag;
    if (IsGraph(argument)) {
      FL_ASSIGN_OR_RETURN(AttributeValue graph, ReadArgument(json, node));
      FL_RETURN_IF_ERROR(SetArgument(node, "combine_graph", std::move(graph)));
    } else if (IsOperandList(argument) && list < lists.size()) {
      ValueRefs operands;
      FL_RETURN_IF_ERROR(AddOperands(json, node, operands));
      FL_RETURN_IF_ERROR(SetArgument(node, lists[list++], std::move(operands)));
    } else if (tag == "as_bool" || tag == "as_int") {
      FL_ASSIGN_OR_RETURN(AttributeValue number, ReadArgument(json, node));
      numbers.push_back({tag == "as_bool" ? "reverse" : "dim", std::move(number)});
    } else {
      return Broken(tag);
    }
  }
  while (list < lists.size()) FL_RETURN_IF_ERROR(SetArgument(node, lists[list++], ValueRefs()));
  for (const std::string_view name : {"reverse", "dim"})
    for (Attribute& number : numbers)
      if (number.name == name) FL_RETURN_IF_ERROR(SetArgument(node, name, std::move(number.value)));
  return Ok();
}

// map_impl(graph, [mapped], [additional]); before PyTorch 2.3: map_impl(graph, count, *mapped, *additional).
Status GraphReader::ReadMap(JsonValue arguments, Node& node) {
  if (arguments.size() < 2 || !IsGraph(arguments[0])) return Broken(ReadUnion(arguments[0]["arg"]).tag);
  FL_ASSIGN_OR_RETURN(AttributeValue graph, ReadArgument(arguments[0]["arg"], node));
  FL_RETURN_IF_ERROR(SetArgument(node, "body_graph", std::move(graph)));
  ValueRefs mapped, additional;
  const auto count =
      ReadUnion(arguments[1]["arg"]).tag == "as_int" ? ReadUnion(arguments[1]["arg"]).value.AsInt() : std::nullopt;
  for (std::size_t i = count ? 2 : 1; i < arguments.size(); ++i) {
    const bool is_mapped = count ? static_cast<int64_t>(mapped.items.size()) < *count : i == 1;
    FL_RETURN_IF_ERROR(AddOperands(arguments[i]["arg"], node, is_mapped ? mapped : additional));
  }
  FL_RETURN_IF_ERROR(SetArgument(node, "mapped", std::move(mapped)));
  return SetArgument(node, "additional", std::move(additional));
}

// with_effects(token, operator, *arguments of the operator): the latter by the operator's own names.
Status GraphReader::ReadWithEffects(JsonValue arguments, Node& node) {
  const AtenSchema* schema = nullptr;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    FL_ASSIGN_OR_RETURN(AttributeValue value, ReadArgument(arguments[i]["arg"], node));
    if (const auto* const op = std::get_if<OpName>(&value); op && i == 1) schema = FindSchema(*op);
    std::string name(arguments[i]["name"].text());
    if (name.empty() && i < 2) name = i == 0 ? "token" : "op";
    if (name.empty() && schema && i - 2 < schema->parameters.size()) name = schema->parameters[i - 2].name;
    if (name.empty()) name = fmt::format("arg{}", i - 2);
    FL_RETURN_IF_ERROR(SetArgument(node, name, std::move(value)));
  }
  return Ok();
}

// One operand, or a list of them. A constant operand becomes an initializer, so that each operand is a value.
Status GraphReader::AddOperands(JsonValue json, Node& node, ValueRefs& operands) {
  FL_ASSIGN_OR_RETURN(AttributeValue value, ReadArgument(json, node));
  const auto add_constant = [&](DType dtype, auto number) {
    node.inputs.push_back(graph_.AddInitializer({}, Tensor::Scalar(dtype, number)));
    operands.items.push_back({static_cast<int32_t>(node.inputs.size() - 1)});
  };
  if (const auto* const ref = std::get_if<ValueRef>(&value)) {
    operands.items.push_back(*ref);
  } else if (const auto* const refs = std::get_if<ValueRefs>(&value)) {
    operands.items.insert(operands.items.end(), refs->items.begin(), refs->items.end());
  } else if (const auto* const mixed = std::get_if<SymInts>(&value)) {
    for (const auto& item : mixed->items) {
      if (const auto* const number = std::get_if<int64_t>(&item)) {
        add_constant(DType::kInt64, *number);
      } else {
        operands.items.push_back(std::get<ValueRef>(item));
      }
    }
  } else if (const auto* const integer = std::get_if<int64_t>(&value)) {
    add_constant(DType::kInt64, *integer);
  } else if (const auto* const integers = std::get_if<std::vector<int64_t>>(&value)) {
    for (const int64_t number : *integers) add_constant(DType::kInt64, number);
  } else if (const auto* const real = std::get_if<double>(&value)) {
    add_constant(DType::kDouble, *real);
  } else if (const auto* const truth = std::get_if<bool>(&value)) {
    add_constant(DType::kBool, *truth);
  } else if (std::holds_alternative<None>(value)) {
    operands.items.push_back({});
  } else {
    return Broken(ReadUnion(json).tag);
  }
  return Ok();
}

namespace {

std::size_t CountOperands(const Node& node, std::initializer_list<std::string_view> lists) {
  std::size_t count = 0;
  for (const std::string_view list : lists) {
    const Attribute* const attribute = node.Find(list);
    const auto* const refs = attribute ? std::get_if<ValueRefs>(&attribute->value) : nullptr;
    count += refs ? refs->items.size() : 0;
  }
  return count;
}

// How many values a nested graph of `node` takes and returns; -1: not known.
struct Arity {
  int64_t inputs = -1, outputs = -1;
};

// How many of a node's results hand on operands, and whether there may be more.
struct HandedOn {
  std::size_t count = 0;
  bool more = true;
};

HandedOn HandedOnBy(const Node& node) {
  const std::string& type = node.op.type;
  if (type == "while_loop" || type == "while_loop_stack_output") return {CountOperands(node, {"carried"}), false};
  if (type == "associative_scan") return {CountOperands(node, {"xs"}), false};
  if (type == "scan") return {CountOperands(node, {"init"}), true};
  return {};
}

Arity ArityOf(const Node& node, std::string_view graph) {
  const auto results = static_cast<int64_t>(node.outputs.size());
  const auto operands = [&](auto... lists) { return static_cast<int64_t>(CountOperands(node, {lists...})); };
  const std::string& type = node.op.type;
  if (type == "while_loop") return {operands("carried", "additional"), graph == "cond_graph" ? 1 : results};
  if (type == "while_loop_stack_output")
    return {operands("carried", "additional"), graph == "cond_graph" ? 1 : operands("carried")};
  if (type == "scan") return {operands("init", "xs", "additional"), results};
  if (type == "associative_scan") return {2 * operands("xs") + operands("additional"), results};
  if (type == "map_impl") return {operands("mapped", "additional"), results};
  if (node.Find("operands")) return {operands("operands"), results};
  return {};
}

}  // namespace

// Lowerings pair operands with inputs and results with outputs; a program where they do not pair is broken.
Status GraphReader::CheckSubgraphs(const Node& node) const {
  const HandedOn wanted = HandedOnBy(node);
  if (node.outputs.size() < wanted.count || (!wanted.more && node.outputs.size() > wanted.count))
    return Error("FL1001", "'{}' has {} results and hands on {} operands", target_, node.outputs.size(), wanted.count);
  for (const Attribute& attribute : node.attributes) {
    std::vector<GraphPtr> graphs;
    if (const auto* const one = std::get_if<GraphPtr>(&attribute.value)) graphs = {*one};
    if (const auto* const many = std::get_if<std::vector<GraphPtr>>(&attribute.value)) graphs = *many;
    const Arity arity = ArityOf(node, attribute.name);
    for (const GraphPtr& graph : graphs) {
      const auto inputs = static_cast<int64_t>(graph->inputs().size()),
                 outputs = static_cast<int64_t>(graph->outputs().size());
      if ((arity.inputs >= 0 && inputs != arity.inputs) || (arity.outputs >= 0 && outputs != arity.outputs))
        return Error("FL1001", "'{}' calls graph '{}' ({} inputs, {} outputs) with {} operands for {} results", target_,
                     graph->name(), inputs, outputs, arity.inputs, arity.outputs);
    }
  }
  return Ok();
}

}  // namespace fairlead
