#define XXH_INLINE_ALL
#include <fmt/format.h>
#include <xxhash.h>

#include <unordered_map>
#include <unordered_set>

#include "ir/number_text.hpp"
#include "ir/text.hpp"
#include "ir/text_words.hpp"

namespace fairlead {
namespace {

constexpr std::size_t kLineWidth = 120;

// The values of `graph` that its text names: read by a node, by a graph nested in it, or as an output.
std::unordered_set<ValueId> ReadsOf(const Graph& graph) {
  std::unordered_set<ValueId> reads(graph.outputs().begin(), graph.outputs().end());
  for (const NodeId id : graph.order()) {
    reads.insert(graph.node(id).inputs.begin(), graph.node(id).inputs.end());
    ForEachSubgraph(graph.node(id), [&](const Graph& nested) {
      const std::unordered_set<ValueId> inner = ReadsOf(nested);
      for (const Capture& capture : nested.captures())
        if (inner.contains(capture.inner)) reads.insert(capture.outer);
    });
  }
  return reads;
}

// What the values of one graph are called in the text. A name that is taken in the graph, or that the graph reads of the
// graphs around it, is told apart by a number: "x%3". A value without a name is a number alone: "%4".
class Scope {
 public:
  Scope(const Graph& graph, Scope* outer, uint32_t& next_number)
      : graph_(graph), outer_(outer), next_number_(next_number), texts_(graph.value_count()) {
    if (outer == nullptr) return;
    const std::unordered_set<ValueId> reads = ReadsOf(graph);
    for (const Capture& capture : graph.captures()) {
      outer_of_[capture.inner] = capture.outer;
      if (reads.contains(capture.inner)) taken_.insert(outer->Text(capture.outer));
    }
  }

  std::string Text(ValueId value) {
    if (value == kNoValue) return "none";
    if (value >= texts_.size()) return fmt::format("<value {}>", value);
    std::string& text = texts_[value];
    if (text.empty()) text = NewText(value);
    return text;
  }

 private:
  std::string NewText(ValueId value) {
    if (const auto captured = outer_of_.find(value); captured != outer_of_.end()) return outer_->Text(captured->second);
    const std::string& name = graph_.value(value).name;
    std::string text = name.empty() ? "" : NameText(name);
    if (name.empty() || taken_.contains(text)) text += fmt::format("%{}", next_number_++);
    taken_.insert(text);
    return text;
  }

  const Graph& graph_;
  Scope* const outer_;
  uint32_t& next_number_;
  std::vector<std::string> texts_;
  std::unordered_set<std::string> taken_;
  std::unordered_map<ValueId, ValueId> outer_of_;
};

class Printer {
 public:
  explicit Printer(const PrintOptions& options) : options_(options) {}

  // "agraph name (…) => (…) {…}", its lines indented by `indent` beyond the first.
  std::string GraphText(const Graph& graph, Scope* outer, std::size_t indent) {
    Scope scope(graph, outer, next_number_);
    std::string out = "agraph ";
    if (graph.name() != "main") out += NameText(graph.name()) + " ";
    out += ListText('(', TypedValues(graph, scope, graph.inputs()), ')', indent) + " => ";
    out += ListText('(', TypedValues(graph, scope, graph.outputs()), ')', indent);
    const std::string margin(indent, ' ');
    if (graph.initializers().empty()) {
      out += " {\n";
    } else {
      out += "\n" + margin + ListText('<', InitializerTexts(graph, scope), '>', indent) + "\n" + margin + "{\n";
    }
    const std::unordered_set<ValueId> shown_above(graph.outputs().begin(), graph.outputs().end());
    for (const NodeId id : graph.order()) {
      out += margin + "  " + StatementText(graph.node(id), scope, indent + 2);
      out += RemarkText(graph, graph.node(id), shown_above) + "\n";
    }
    return out + margin + "}";
  }

  std::string CallOf(const Graph& graph, const Node& node) {
    Scope scope(graph, nullptr, next_number_);
    return CallText(node, scope, 0);
  }

 private:
  static std::string Joined(const std::vector<std::string>& items, std::string_view separator) {
    std::string out;
    for (const std::string& item : items) out.append(out.empty() ? "" : separator).append(item);
    return out;
  }

  // In one line where it fits, else one item a line.
  static std::string ListText(char open, const std::vector<std::string>& items, char close, std::size_t indent) {
    std::size_t width = indent;
    for (const std::string& item : items) width += item.size() + 2;
    if (width <= kLineWidth || items.size() < 2) return open + Joined(items, ", ") + close;
    const std::string margin(indent, ' ');
    return open + ("\n" + margin + "  ") + Joined(items, ",\n" + margin + "  ") + "\n" + margin + close;
  }

  std::string TypeOf(const Type& type) const { return TypeText(type, options_.strides); }

  std::vector<std::string> TypedValues(const Graph& graph, Scope& scope, const std::vector<ValueId>& values) const {
    std::vector<std::string> out;
    for (const ValueId value : values) {
      const bool typed = value < graph.value_count();
      out.push_back((typed ? TypeOf(graph.value(value).type) + " " : "") + scope.Text(value));
    }
    return out;
  }

  std::vector<std::string> InitializerTexts(const Graph& graph, Scope& scope) const {
    std::vector<std::string> out;
    for (const auto& [value, tensor] : graph.initializers()) {
      Type type = tensor.type();
      type.wrapped_number = graph.value(value).type.wrapped_number;
      out.push_back(fmt::format("{} {} = {}", TypeOf(type), scope.Text(value), ElementsText(tensor)));
    }
    return out;
  }

  // "{1.0, 2.0}", "<absent>", "<65536 bytes, 0123456789abcdef>".
  std::string ElementsText(const Tensor& tensor) const {
    if (tensor.IsAbsent()) return "<absent>";
    const Tensor dense = tensor.Dense();
    if (dense.element_count() > options_.max_elements || BitWidth(dense.dtype()) == 0)
      return fmt::format("<{} bytes, {:016x}>", dense.bytes().size(),
                         XXH3_64bits(dense.bytes().data(), dense.bytes().size()));
    const DType component = ComponentType(dense.dtype());
    const auto number = [&](uint64_t i) { return NumberText(component, LoadBits(component, dense.bytes(), i)); };
    std::vector<std::string> elements;
    for (uint64_t i = 0; i < static_cast<uint64_t>(dense.element_count()); ++i)
      elements.push_back(component == dense.dtype() ? number(i)
                                                    : fmt::format("complex({}, {})", number(2 * i), number(2 * i + 1)));
    return "{" + Joined(elements, ", ") + "}";
  }

  // "float[2] {1.0, 2.0}"; a scalar as ONNX writes it: "float {2.0}".
  std::string LiteralText(const Tensor& tensor) const {
    const std::string type = tensor.dims().empty() ? std::string(Name(tensor.dtype())) : TypeText(tensor.type());
    return type + " " + ElementsText(tensor);
  }

  // ---- statements

  std::string StatementText(const Node& node, Scope& scope, std::size_t indent) {
    std::string out = node.name.empty() ? "" : "[" + NameText(node.name) + "] ";
    const std::string outputs = OutputsText(node, scope);
    if (!outputs.empty()) out += outputs + " = ";
    return out + CallText(node, scope, indent);
  }

  // "a, [b, none]"; "(a, b)" where a list of single outputs was recorded.
  static std::string OutputsText(const Node& node, Scope& scope) {
    std::vector<std::string> names;
    for (const ValueId output : node.outputs) names.push_back(AbsentAs(scope, output, node.op));
    if (!ListsFit(node)) return Joined(names, ", ");
    std::vector<std::string> items;
    auto name = names.begin();
    bool any_list = false;
    for (const int32_t length : node.output_lists) {
      if (length < 0) {
        items.push_back(*name++);
        continue;
      }
      any_list = true;
      items.push_back("[" + Joined({name, name + length}, ", ") + "]");
      name += length;
    }
    return any_list ? Joined(items, ", ") : "(" + Joined(items, ", ") + ")";
  }

  static bool ListsFit(const Node& node) {
    std::size_t sum = 0;
    for (const int32_t length : node.output_lists) sum += length < 0 ? 1 : static_cast<std::size_t>(length);
    return !node.output_lists.empty() && sum == node.outputs.size();
  }

  // ONNX writes "" for what is left out, ATen says None.
  static std::string AbsentAs(Scope& scope, ValueId value, const OpName& op) {
    return value == kNoValue && op.IsOnnx() ? "\"\"" : scope.Text(value);
  }

  std::string CallText(const Node& node, Scope& scope, std::size_t indent) {
    std::vector<std::string> arguments, inputs;
    std::vector<bool> referred(node.inputs.size());
    for (const Attribute& attribute : node.attributes)
      arguments.push_back(NameText(attribute.name) + "=" + ValueText(node, attribute.value, scope, indent, referred));
    for (std::size_t i = 0; i < node.inputs.size(); ++i)
      if (node.op.IsOnnx() || !referred[i]) inputs.push_back(AbsentAs(scope, node.inputs[i], node.op));
    std::string out = OpText(node.op);
    if (node.op.IsOnnx()) {
      if (!arguments.empty()) out += "<" + Joined(arguments, ", ") + ">";
      return out + "(" + Joined(inputs, ", ") + ")";
    }
    arguments.insert(arguments.end(), inputs.begin(), inputs.end());
    return out + "(" + Joined(arguments, ", ") + ")";
  }

  // "  # float[2,3]" for values whose type does not stand in the head of the graph, "  // encoder.attn".
  std::string RemarkText(const Graph& graph, const Node& node, const std::unordered_set<ValueId>& shown_above) const {
    std::string out;
    bool any = false;
    std::vector<std::string> types;
    for (const ValueId output : node.outputs) {
      const bool typed = output < graph.value_count() && graph.value(output).type.kind != Type::Kind::kUnknown;
      any |= typed && !shown_above.contains(output);
      types.push_back(typed ? TypeOf(graph.value(output).type) : "unknown");
    }
    if (options_.types && any) out += "  # " + Joined(types, ", ");
    if (options_.sources && !graph.source(node.source).module_path.empty())
      out += "  // " + NameText(graph.source(node.source).module_path);
    return out;
  }

  // ---- attribute values

  template <class Item, class Text>
  static std::string Items(std::string_view word, const std::vector<Item>& items, Text&& text) {
    std::vector<std::string> out;
    for (const auto& item : items) out.push_back(text(item));
    // "[]" is a list of integers.
    return (items.empty() ? std::string(word) : "") + "[" + Joined(out, ", ") + "]";
  }

  std::string ValueText(const Node& node, const AttributeValue& value, Scope& scope, std::size_t indent,
                        std::vector<bool>& referred) {
    const auto reference = [&](ValueRef ref) -> std::string {
      if (ref.input == -1) return "none";
      if (ref.input < 0 || static_cast<std::size_t>(ref.input) >= node.inputs.size() || node.op.IsOnnx())
        return fmt::format("input({})", ref.input);
      const auto input = static_cast<std::size_t>(ref.input);
      referred[input] = true;
      return scope.Text(node.inputs[input]);
    };
    struct Visitor {
      Printer& printer;
      Scope& scope;
      std::size_t indent;
      decltype(reference)& reference_text;

      std::string operator()(None) { return "none"; }
      std::string operator()(int64_t v) { return std::to_string(v); }
      std::string operator()(double v) { return NumberText(v); }
      std::string operator()(bool v) { return v ? "true" : "false"; }
      std::string operator()(const std::string& v) { return StringText(v); }
      std::string operator()(const std::vector<int64_t>& v) { return Items("", v, *this); }
      std::string operator()(const std::vector<double>& v) { return Items("floats", v, *this); }
      std::string operator()(const std::vector<bool>& v) { return Items("bools", v, *this); }
      std::string operator()(const std::vector<std::string>& v) { return Items("strings", v, *this); }
      std::string operator()(const Tensor& v) { return printer.LiteralText(v); }
      std::string operator()(const std::vector<Tensor>& v) { return Items("tensors", v, *this); }
      std::string operator()(const GraphPtr& v) { return printer.GraphText(*v, &scope, indent); }
      std::string operator()(const std::vector<GraphPtr>& v) { return Items("graphs", v, *this); }
      std::string operator()(ValueRef v) { return v.input == -1 ? "absent" : reference_text(v); }
      std::string operator()(const ValueRefs& v) { return Items("values", v.items, reference_text); }
      std::string operator()(const SymInts& v) { return SymIntsText(v, reference_text); }
      std::string operator()(DType v) { return std::string(Name(v)); }
      std::string operator()(MemoryFormat v) {
        const auto word = WordOf(v);
        return word ? std::string(*word) : fmt::format("memory_format({})", v.value);
      }
      std::string operator()(Layout v) {
        const auto word = WordOf(v);
        return word ? std::string(*word) : fmt::format("layout({})", v.value);
      }
      std::string operator()(const Device& v) { return fmt::format("device({})", StringText(v.text)); }
      std::string operator()(Complex v) { return fmt::format("complex({}, {})", NumberText(v.real), NumberText(v.imag)); }
      std::string operator()(const OpName& v) { return fmt::format("op({})", OpText(v)); }
    };
    return std::visit(Visitor{*this, scope, indent, reference}, value);
  }

  // A list that mixes numbers and values can be nothing else; one that does not says what it is.
  template <class Text> static std::string SymIntsText(const SymInts& ints, Text&& text) {
    std::vector<std::string> items;
    bool any_number = false, any_value = false;
    for (const auto& item : ints.items) {
      const auto* const number = std::get_if<int64_t>(&item);
      (number ? any_number : any_value) = true;
      items.push_back(number ? std::to_string(*number) : text(std::get<ValueRef>(item)));
    }
    return (any_number && any_value ? "[" : "symints[") + Joined(items, ", ") + "]";
  }

  const PrintOptions& options_;
  uint32_t next_number_ = 0;
};

}  // namespace

std::string Print(const Graph& graph, const PrintOptions& options) { return Printer(options).GraphText(graph, nullptr, 0); }

std::string PrintNode(const Graph& graph, NodeId node, const PrintOptions& options) {
  return Printer(options).CallOf(graph, graph.node(node));
}

}  // namespace fairlead
