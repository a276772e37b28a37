#include "include/fairlead/testing/lowering.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <mutex>

#include "ir/text.hpp"
#include "lowering/lowering.hpp"

namespace fairlead::testing {
namespace {

// ---- reading a call

std::string_view Trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// Splits at commas outside of brackets and quotes.
std::vector<std::string_view> SplitList(std::string_view text) {
  std::vector<std::string_view> items;
  int depth = 0;
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '\'') quoted = !quoted;
    if (i < text.size() && !quoted) depth += (text[i] == '[' || text[i] == '(') - (text[i] == ']' || text[i] == ')');
    if (i == text.size() || (text[i] == ',' && depth == 0 && !quoted)) {
      if (!Trimmed(text.substr(begin, i - begin)).empty()) items.push_back(Trimmed(text.substr(begin, i - begin)));
      begin = i + 1;
    }
  }
  return items;
}

std::optional<int64_t> ParseInt(std::string_view text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

std::optional<double> ParseFloat(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

// "f32[2,n]", "symint", "i64[]".
Result<Type> ParseType(std::string_view text) {
  if (text == "symint") return SymIntType();
  const std::size_t open = text.find('[');
  const auto dtype = ParseShortDType(text.substr(0, open));
  if (!dtype) return Error("FL1001", "'{}' is not a type", text);
  if (open == text.npos || !text.ends_with(']')) return Error("FL1001", "type '{}' has no dims", text);
  Dims dims;
  for (const std::string_view item : SplitList(text.substr(open + 1, text.size() - open - 2))) {
    const auto size = ParseInt(item);
    dims.push_back(size ? Dim(*size) : Dim(std::string(item)));
  }
  return Type(*dtype, std::move(dims));
}

class CallReader {
 public:
  // `registry` has the schemas of operators that are not PyTorch's own.
  CallReader(ExportedProgram& program, const Registry& registry, int opset)
      : program_(program), registry_(registry), opset_(opset) {}

  Status Read(std::string_view text) {
    const std::size_t open = text.find('(');
    const std::size_t arrow = text.rfind("->");
    const std::size_t close = text.substr(0, arrow).rfind(')');
    if (open == text.npos || close == text.npos || close < open) return Error("FL1001", "'{}' is not a call", text);
    FL_RETURN_IF_ERROR(ReadName(text.substr(0, open)));
    const auto arguments = SplitList(text.substr(open + 1, close - open - 1));
    for (std::size_t i = 0; i < arguments.size(); ++i) FL_RETURN_IF_ERROR(ReadArgument(arguments[i], i));
    FL_RETURN_IF_ERROR(ReadResults(arrow == text.npos ? "" : Trimmed(text.substr(arrow + 2))));
    return Ok();
  }

 private:
  // "aten.add.Tensor", or "aten.relu" for the unnamed overload.
  Status ReadName(std::string_view name) {
    const std::size_t first = name.find('.');
    if (first == name.npos) return Error("FL1001", "'{}' is not an operator", name);
    const std::size_t second = name.find('.', first + 1);
    node_.op = {std::string(name.substr(0, first)), std::string(name.substr(first + 1, second - first - 1)),
                second == name.npos ? "default" : std::string(name.substr(second + 1))};
    schema_ = FindSchema(node_.op);
    if (schema_ != nullptr) return Ok();
    const auto& rows = registry_.Choose(node_.op, opset_);
    if (!rows.empty()) schema_ = &rows.front()->schema();
    return Ok();
  }

  Status ReadArgument(std::string_view text, std::size_t position) {
    std::string name;
    const std::size_t equals = text.find('=');
    if (equals != text.npos && text.find_first_of("[':") > equals) {
      name = Trimmed(text.substr(0, equals));
      text = Trimmed(text.substr(equals + 1));
    } else if (schema_ && position < schema_->parameters.size()) {
      name = schema_->parameters[position].name;
    } else {
      name = text.substr(0, text.find(':'));  // a custom operator: the tensor's own name
    }
    const AtenParameter* const parameter = schema_ ? schema_->Find(name) : nullptr;
    if (schema_ && !parameter) return Error("FL1001", "{} has no parameter {}", ToString(node_.op), name);
    FL_ASSIGN_OR_RETURN(AttributeValue value, ReadValue(text, parameter));
    node_.attributes.push_back({name, std::move(value)});
    return Ok();
  }

  Result<ValueRef> ReadTensor(std::string_view text) {
    const std::size_t colon = text.find(':');
    const std::string name(Trimmed(text.substr(0, colon)));
    auto found = inputs_.find(name);
    if (found == inputs_.end()) {
      if (colon == text.npos) return Error("FL1001", "'{}' was not declared", name);
      FL_ASSIGN_OR_RETURN(Type type, ParseType(Trimmed(text.substr(colon + 1))));
      if (type.kind == Type::Kind::kSymInt) type.expression = name;
      found = inputs_.emplace(name, program_.graph.AddInput(name, std::move(type))).first;
    }
    node_.inputs.push_back(found->second);
    return ValueRef{static_cast<int32_t>(node_.inputs.size() - 1)};
  }

  bool IsTensor(std::string_view text) const { return text.find(": ") != text.npos || inputs_.contains(text); }

  Result<AttributeValue> ReadValue(std::string_view text, const AtenParameter* parameter) {
    if (text.starts_with('[')) return ReadListValue(SplitList(text.substr(1, text.size() - 2)), parameter);
    if (text == "none") return AttributeValue(None{});
    if (text == "true" || text == "false") return AttributeValue(text == "true");
    if (text.starts_with('\'')) return AttributeValue(std::string(text.substr(1, text.size() - 2)));
    if (const auto number = ParseInt(text)) return AttributeValue(*number);
    if (const auto number = ParseFloat(text)) return AttributeValue(*number);
    if (parameter && parameter->type.base == AtenType::Base::kScalarType)
      if (const auto dtype = ParseShortDType(text)) return AttributeValue(*dtype);
    if (!IsTensor(text)) return Error("FL1001", "'{}' is not a value", text);
    FL_ASSIGN_OR_RETURN(const ValueRef ref, ReadTensor(text));
    return AttributeValue(ref);
  }

  Result<AttributeValue> ReadListValue(const std::vector<std::string_view>& items, const AtenParameter* parameter) {
    const bool tensors = parameter ? parameter->type.base == AtenType::Base::kTensor : false;
    ValueRefs refs;
    SymInts sizes;
    std::vector<int64_t> ints;
    std::vector<double> floats;
    std::vector<bool> bools;
    bool symbolic = false, floating = false;
    for (const std::string_view item : items) {
      if (tensors && item == "none") {
        refs.items.push_back({});
      } else if (item == "true" || item == "false") {
        bools.push_back(item == "true");
      } else if (const auto number = ParseInt(item)) {
        ints.push_back(*number);
        floats.push_back(static_cast<double>(*number));
        sizes.items.emplace_back(*number);
      } else if (const auto real = ParseFloat(item)) {
        floating = true;
        floats.push_back(*real);
      } else {
        FL_ASSIGN_OR_RETURN(const ValueRef ref, ReadTensor(item));
        refs.items.push_back(ref);
        sizes.items.emplace_back(ref);
        symbolic = true;
      }
    }
    if (tensors) return AttributeValue(refs);
    if (symbolic) return AttributeValue(sizes);
    if (!bools.empty()) return AttributeValue(bools);
    if (floating) return AttributeValue(floats);
    return AttributeValue(ints);
  }

  Status ReadResults(std::string_view text) {
    std::vector<Type> types;
    if (text.empty()) {
      types.resize(schema_ ? schema_->results.size() : 1);
    } else {
      if (text.starts_with('(') && text.ends_with(')')) text = text.substr(1, text.size() - 2);
      for (const std::string_view item : SplitList(text)) {
        FL_ASSIGN_OR_RETURN(Type type, ParseType(item));
        types.push_back(std::move(type));
      }
    }
    Graph& graph = program_.graph;
    const NodeId node = graph.AddNode(std::move(node_), types.size());
    for (std::size_t i = 0; i < types.size(); ++i) {
      const ValueId output = graph.node(node).outputs[i];
      graph.value(output).type = types[i];
      graph.AddOutput(output);
      program_.outputs.push_back({.value = output});
    }
    return Ok();
  }

  ExportedProgram& program_;
  const Registry& registry_;
  int opset_;
  Node node_;
  const AtenSchema* schema_ = nullptr;
  std::map<std::string, ValueId, std::less<>> inputs_;
};

// A whole program: what nests graphs is more than a call.
Status ReadProgram(std::string_view text, ExportedProgram& program) {
  FL_ASSIGN_OR_RETURN(program.graph, ParseGraph(text));
  for (const ValueId output : program.graph.outputs()) program.outputs.push_back({.value = output});
  return Ok();
}

// ---- one naming and one order for graphs that mean the same

// Nodes in the order a depth-first walk from the outputs meets them; values v0, v1 … in that order, inputs i0, i1 ….
void Canonicalize(Graph& graph, uint64_t& next) {
  std::vector<NodeId> order;
  std::vector<bool> seen(graph.node_count());
  const std::function<void(ValueId)> visit = [&](ValueId value) {
    if (value == kNoValue) return;
    const NodeId producer = graph.value(value).producer;
    if (producer == kNoNode || seen[producer]) return;
    seen[producer] = true;
    Node& node = graph.node(producer);
    for (const ValueId input : node.inputs) visit(input);
    ForEachSubgraph(node, [&](Graph& nested) {
      for (const Capture& capture : nested.captures()) visit(capture.outer);
    });
    order.push_back(producer);
  };
  for (const ValueId output : graph.outputs()) visit(output);
  graph.SetOrder(std::move(order));
  for (const ValueId input : graph.inputs()) graph.value(input).name = fmt::format("i{}", next++);
  for (const Initializer& initializer : graph.initializers())
    graph.value(initializer.value).name = fmt::format("w{}", next++);
  for (const NodeId id : graph.order()) {
    for (const ValueId output : graph.node(id).outputs)
      if (output != kNoValue) graph.value(output).name = fmt::format("v{}", next++);
    std::ranges::sort(graph.node(id).attributes, {}, &Attribute::name);
    graph.node(id).name.clear();
    ForEachSubgraph(graph.node(id), [&](Graph& nested) {
      for (const Capture& capture : nested.captures()) nested.value(capture.inner).name = graph.value(capture.outer).name;
      Canonicalize(nested, next);
    });
  }
}

constexpr PrintOptions kPlain{.types = false, .sources = false, .max_elements = 1024};

Result<std::string> CanonicalText(std::string_view text) {
  FL_ASSIGN_OR_RETURN(Graph graph, ParseGraph(text));
  uint64_t next = 0;
  Canonicalize(graph, next);
  // Types of results are not part of the comparison: a text may leave them out.
  return Print(graph, kPlain);
}

// ---- plugins

Result<Registry> LoadOnce(const std::vector<std::string>& plugins, Diagnostics& diagnostics) {
  static std::mutex mutex;
  static std::map<std::string, PluginPtr> loaded;
  const std::lock_guard lock(mutex);
  std::vector<PluginPtr> wanted;
  for (const std::string& path : plugins) {
    if (!loaded.contains(path)) {
      PluginSources sources;
      sources.files = {path};
      sources.builtin = sources.environment = false;
      FL_ASSIGN_OR_RETURN(const std::vector<PluginPtr> found,
                          PluginLoader(LoweringTables()).Load(sources, FL_KIND_LOWERING, diagnostics));
      if (found.empty()) return Error("FL9005", "{} has no lowerings", path);
      loaded[path] = found.front();
    }
    wanted.push_back(loaded[path]);
  }
  return Registry::Make(wanted, {}, diagnostics);
}

Result<std::string> LowerToText(const std::vector<std::string>& plugins, std::string_view call, int opset,
                                Diagnostics& diagnostics, LoweringStatistics& statistics) {
  ExportedProgram program;
  FL_ASSIGN_OR_RETURN(const Registry registry, LoadOnce(plugins, diagnostics));
  const bool is_program = call.starts_with("agraph");
  FL_RETURN_IF_ERROR(is_program ? ReadProgram(call, program) : CallReader(program, registry, opset).Read(call));
  FL_ASSIGN_OR_RETURN(Model model, LowerProgram(program, registry, {.opset = opset}, diagnostics, &statistics));
  uint64_t next = 0;
  Canonicalize(model.graph, next);
  return Print(model.graph, kPlain);
}

}  // namespace

Lowered LowerText(const std::vector<std::string>& plugins, std::string_view call, int opset) {
  Diagnostics diagnostics;
  LoweringStatistics statistics;
  Result<std::string> text = LowerToText(plugins, call, opset, diagnostics, statistics);
  if (!text.ok()) return {.ok = false, .text = {}, .error = text.error().message, .rule = text.error().rule, .rows = {}};
  Lowered lowered{.ok = true, .text = *std::move(text), .error = {}, .rule = {}, .rows = {}};
  for (const LoweringUse& row : statistics.lowerings) lowered.rows.push_back({row.schema, row.since, row.until});
  return lowered;
}

bool SameGraph(std::string_view a, std::string_view b, std::string* difference) {
  const Result<std::string> x = CanonicalText(a), y = CanonicalText(b);
  if (x.ok() && y.ok() && *x == *y) return true;
  if (!x.ok()) {
    *difference = "the first is not a graph: " + x.error().message;
  } else if (!y.ok()) {
    *difference = "the second is not a graph: " + y.error().message;
  } else {
    *difference = *x + "\ndiffers from\n" + *y;
  }
  return false;
}

}  // namespace fairlead::testing
