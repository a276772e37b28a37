#include <fmt/format.h>

#include <unordered_map>
#include <unordered_set>

#include "ir/number_text.hpp"
#include "ir/text.hpp"
#include "ir/text_lists.hpp"
#include "ir/text_reader.hpp"
#include "ir/text_words.hpp"

namespace fairlead {
namespace {

constexpr std::size_t kMaxText = std::size_t{64} << 20;
constexpr int kMaxNesting = 64;

// The graph being read and those around it.
struct Frame {
  Graph& graph;
  Frame* outer;
  int depth;
  std::unordered_map<std::string, ValueId> values = {};  // by the text of the name: "x", "x%3", "%4"
  std::unordered_set<ValueId> captured = {};
};

// An output that stands left of "=": the name as written, empty for one left out.
struct OutputName {
  std::string text;
  std::size_t at;
};
struct Outputs {
  std::vector<OutputName> names;
  std::vector<int32_t> lists;
};

class GraphParser {
 public:
  explicit GraphParser(std::string_view text) : reader_(text) {}

  Result<Graph> Parse() {
    FL_ASSIGN_OR_RETURN(Graph graph, ParseGraphAt(nullptr));
    reader_.SkipBlanks();
    if (!reader_.AtEnd()) return reader_.Fail("expected the end of the text");
    return graph;
  }

 private:
  // ---- agraph name (inputs) => (outputs) <initializers> { nodes }

  Result<Graph> ParseGraphAt(Frame* outer) {
    const int depth = outer == nullptr ? 1 : outer->depth + 1;
    if (depth > kMaxNesting) return reader_.Fail("graphs are nested deeper than {}", kMaxNesting);
    FL_RETURN_IF_ERROR(reader_.ExpectWord("agraph"));
    std::string name = "main";
    if (!reader_.Sees("(")) {
      FL_ASSIGN_OR_RETURN(name, reader_.Name());
    }
    Graph graph(std::move(name));
    Frame frame = {.graph = graph, .outer = outer, .depth = depth};
    FL_RETURN_IF_ERROR(ParseInputs(frame));
    FL_RETURN_IF_ERROR(reader_.Expect("=>"));
    FL_ASSIGN_OR_RETURN(const std::vector<GraphOutput> outputs, ParseOutputs());
    FL_RETURN_IF_ERROR(ParseInitializers(frame));
    FL_RETURN_IF_ERROR(reader_.Expect("{"));
    while (!reader_.Accept("}")) FL_RETURN_IF_ERROR(ParseStatement(frame));
    for (const GraphOutput& output : outputs) FL_RETURN_IF_ERROR(BindOutput(frame, output));
    return graph;
  }

  // Items of a list up to `close`, which is read too.
  template <class ParseItem> Status ParseList(std::string_view close, ParseItem&& item) {
    if (reader_.Accept(close)) return Ok();
    while (true) {
      FL_RETURN_IF_ERROR(item());
      if (reader_.Accept(close)) return Ok();
      FL_RETURN_IF_ERROR(reader_.Expect(","));
    }
  }

  Status ParseInputs(Frame& frame) {
    FL_RETURN_IF_ERROR(reader_.Expect("("));
    return ParseList(")", [&]() -> Status {
      FL_ASSIGN_OR_RETURN(Type type, reader_.ReadType());
      const std::size_t at = reader_.Position();
      FL_ASSIGN_OR_RETURN(const ValueName name, reader_.ReadValueName());
      return Define(frame, name.text, at, frame.graph.AddInput(name.name, std::move(type)));
    });
  }

  struct GraphOutput {
    Type type;
    std::string text;  // empty: none
    std::size_t at;
  };

  Result<std::vector<GraphOutput>> ParseOutputs() {
    std::vector<GraphOutput> outputs;
    FL_RETURN_IF_ERROR(reader_.Expect("("));
    FL_RETURN_IF_ERROR(ParseList(")", [&]() -> Status {
      GraphOutput output;
      output.at = reader_.Position();
      if (reader_.AcceptAbsent()) {
        outputs.push_back(std::move(output));
        return Ok();
      }
      if (reader_.SeesType()) {
        FL_ASSIGN_OR_RETURN(output.type, reader_.ReadType());
      }
      FL_ASSIGN_OR_RETURN(ValueName name, reader_.ReadValueName());
      output.text = std::move(name.text);
      outputs.push_back(std::move(output));
      return Ok();
    }));
    return outputs;
  }

  Status BindOutput(Frame& frame, const GraphOutput& output) {
    if (output.text.empty()) {
      frame.graph.AddOutput(kNoValue);
      return Ok();
    }
    const ValueId value = Lookup(frame, output.text);
    if (value == kNoValue) return reader_.FailAt(output.at, "no node gives the output {}", output.text);
    Type& type = frame.graph.value(value).type;
    if (output.type.kind != Type::Kind::kUnknown) {
      if (type.kind != Type::Kind::kUnknown && !frame.captured.contains(value) && type != output.type)
        return reader_.FailAt(output.at, "output {} is {} here and {} where it is made", output.text,
                              TypeText(output.type, true), TypeText(type, true));
      type = output.type;
    }
    frame.graph.AddOutput(value);
    return Ok();
  }

  Status ParseInitializers(Frame& frame) {
    if (!reader_.Accept("<")) return Ok();
    return ParseList(">", [&]() -> Status {
      const std::size_t at = reader_.Position();
      FL_ASSIGN_OR_RETURN(const Type type, reader_.ReadType());
      FL_ASSIGN_OR_RETURN(const ValueName name, reader_.ReadValueName());
      FL_RETURN_IF_ERROR(reader_.Expect("="));
      FL_ASSIGN_OR_RETURN(Tensor tensor, ReadElements(type, at));
      const ValueId value = frame.graph.AddInitializer(name.name, std::move(tensor));
      frame.graph.value(value).type = type;
      return Define(frame, name.text, at, value);
    });
  }

  // ---- names

  Status Define(Frame& frame, const std::string& text, std::size_t at, ValueId value) {
    if (!frame.values.try_emplace(text, value).second) return reader_.FailAt(at, "{} is defined twice", text);
    return Ok();
  }

  // The value of that name in this graph; one of an outer graph is captured by every graph between. kNoValue: unknown.
  static ValueId Lookup(Frame& frame, const std::string& text) {
    if (const auto found = frame.values.find(text); found != frame.values.end()) return found->second;
    if (frame.outer == nullptr) return kNoValue;
    const ValueId outer = Lookup(*frame.outer, text);
    if (outer == kNoValue) return kNoValue;
    const Value& value = frame.outer->graph.value(outer);
    const ValueId inner = frame.graph.AddCapture(outer, value.type, value.name);
    frame.captured.insert(inner);
    return frame.values[text] = inner;
  }

  Result<ValueId> ReadValue(Frame& frame) {
    const std::size_t at = reader_.Position();
    FL_ASSIGN_OR_RETURN(const ValueName name, reader_.ReadValueName());
    const ValueId value = Lookup(frame, name.text);
    if (value == kNoValue) return reader_.FailAt(at, "{} is not defined before it is read", name.text);
    return value;
  }

  // ---- [name] a, [b, c] = op<attributes>(inputs)  # types

  Status ParseStatement(Frame& frame) {
    Node node;
    FL_ASSIGN_OR_RETURN(node.name, ReadLabel());
    FL_ASSIGN_OR_RETURN(Outputs outputs, ReadOutputs());
    FL_ASSIGN_OR_RETURN(node.op, reader_.ReadOp());
    if (node.op.IsOnnx()) {
      FL_RETURN_IF_ERROR(ParseOnnxCall(frame, node));
    } else {
      FL_RETURN_IF_ERROR(ParseAtenCall(frame, node));
    }
    const std::vector<Type> types = reader_.ReadTypeRemark(outputs.names.size());
    node.output_lists = std::move(outputs.lists);
    const auto id = static_cast<NodeId>(frame.graph.node_count());
    for (uint32_t i = 0; i < outputs.names.size(); ++i) {
      const auto& [text, at] = outputs.names[i];
      node.outputs.push_back(text.empty() ? kNoValue
                                          : frame.graph.AddValue(types.empty() ? Type() : types[i], NameOf(text)));
      if (text.empty()) continue;
      FL_RETURN_IF_ERROR(Define(frame, text, at, node.outputs.back()));
      frame.graph.value(node.outputs.back()).producer = id;
      frame.graph.value(node.outputs.back()).output = i;
    }
    frame.graph.AddNode(std::move(node), 0);
    return Ok();
  }

  // "[name]" in front of a node; "[a, b] =" is a list of outputs.
  Result<std::string> ReadLabel() {
    const std::size_t start = reader_.Position();
    if (!reader_.Accept("[")) return std::string();
    if (reader_.SeesName()) {
      FL_ASSIGN_OR_RETURN(std::string name, reader_.Name());
      if (reader_.Accept("]") && !reader_.Sees("=") && !reader_.Sees(",")) return name;
    }
    reader_.Rewind(start);
    return std::string();
  }

  // Nothing at all where the statement begins with the operator.
  Result<Outputs> ReadOutputs() {
    Outputs outputs;
    const std::size_t start = reader_.Position();
    if (reader_.Accept("(")) {
      FL_RETURN_IF_ERROR(ParseList(")", [&]() -> Status {
        outputs.lists.push_back(-1);
        return ReadOutputName(outputs);
      }));
      FL_RETURN_IF_ERROR(reader_.Expect("="));
      return outputs;
    }
    bool any_list = false;
    while (true) {
      if (reader_.Accept("[")) {
        any_list = true;
        const std::size_t before = outputs.names.size();
        FL_RETURN_IF_ERROR(ParseList("]", [&] { return ReadOutputName(outputs); }));
        outputs.lists.push_back(static_cast<int32_t>(outputs.names.size() - before));
      } else {
        const bool is_first = outputs.lists.empty();
        if (is_first && !reader_.SeesValueName() && !reader_.Sees("\"\"") && !reader_.SeesWord("none")) return outputs;
        FL_RETURN_IF_ERROR(ReadOutputName(outputs));
        if (is_first && !reader_.Sees("=") && !reader_.Sees(",")) {
          reader_.Rewind(start);
          return Outputs{};
        }
        outputs.lists.push_back(-1);
      }
      if (reader_.Accept("=")) break;
      FL_RETURN_IF_ERROR(reader_.Expect(","));
    }
    if (!any_list) outputs.lists.clear();
    return outputs;
  }

  Status ReadOutputName(Outputs& outputs) {
    const std::size_t at = reader_.Position();
    if (reader_.AcceptAbsent()) {
      outputs.names.push_back({"", at});
      return Ok();
    }
    FL_ASSIGN_OR_RETURN(ValueName name, reader_.ReadValueName());
    outputs.names.push_back({std::move(name.text), at});
    names_[outputs.names.back().text] = std::move(name.name);
    return Ok();
  }

  const std::string& NameOf(const std::string& text) { return names_[text]; }

  Status ParseOnnxCall(Frame& frame, Node& node) {
    if (reader_.Accept("<")) {
      FL_RETURN_IF_ERROR(ParseList(">", [&]() -> Status {
        FL_ASSIGN_OR_RETURN(std::string name, reader_.Name());
        FL_RETURN_IF_ERROR(reader_.Expect("="));
        return ParseAttribute(frame, node, std::move(name));
      }));
    }
    FL_RETURN_IF_ERROR(reader_.Expect("("));
    return ParseList(")", [&]() -> Status {
      if (reader_.AcceptAbsent()) {
        node.inputs.push_back(kNoValue);
        return Ok();
      }
      FL_ASSIGN_OR_RETURN(const ValueId value, ReadValue(frame));
      node.inputs.push_back(value);
      return Ok();
    });
  }

  // Arguments by name; a bare value is an input that no argument refers to.
  Status ParseAtenCall(Frame& frame, Node& node) {
    FL_RETURN_IF_ERROR(reader_.Expect("("));
    return ParseList(")", [&]() -> Status {
      const std::size_t start = reader_.Position();
      if (reader_.SeesName()) {
        FL_ASSIGN_OR_RETURN(std::string name, reader_.Name());
        if (reader_.Accept("=")) return ParseAttribute(frame, node, std::move(name));
        reader_.Rewind(start);
      }
      if (reader_.AcceptAbsent()) {
        node.inputs.push_back(kNoValue);
        return Ok();
      }
      FL_ASSIGN_OR_RETURN(const ValueId value, ReadValue(frame));
      node.inputs.push_back(value);
      return Ok();
    });
  }

  Status ParseAttribute(Frame& frame, Node& node, std::string name) {
    FL_ASSIGN_OR_RETURN(AttributeValue value, ReadAttributeValue(frame, node));
    node.attributes.push_back({std::move(name), std::move(value)});
    return Ok();
  }

  // ---- attribute values

  Result<AttributeValue> ReadAttributeValue(Frame& frame, Node& node) {
    for (const std::string_view word : kListWords)
      if (reader_.AcceptWordBefore(word, "[")) return ReadList(frame, node, word);
    if (reader_.Accept("[")) return ReadList(frame, node, "");
    return ReadItem(frame, node);
  }

  // One value that is no list.
  Result<AttributeValue> ReadItem(Frame& frame, Node& node) {
    const std::size_t at = reader_.Position();
    if (reader_.SeesNumber()) return ReadNumber();
    if (reader_.Sees("\"")) {
      FL_ASSIGN_OR_RETURN(std::string text, reader_.QuotedText('"'));
      return AttributeValue(std::move(text));
    }
    if (reader_.SeesWord("agraph")) {
      FL_ASSIGN_OR_RETURN(Graph graph, ParseGraphAt(&frame));
      return AttributeValue(std::make_shared<Graph>(std::move(graph)));
    }
    if (reader_.AcceptWord("none")) return AttributeValue(None{});
    if (reader_.AcceptWord("absent")) return AttributeValue(ValueRef{-1});
    if (reader_.AcceptWord("true")) return AttributeValue(true);
    if (reader_.AcceptWord("false")) return AttributeValue(false);
    if (const auto type = reader_.AcceptDType()) return ReadTensorOrDType(*type, at);
    if (auto named = ReadNamedKind(node)) return *std::move(named);
    if (node.op.IsOnnx()) return reader_.Fail("expected the value of an attribute");
    FL_ASSIGN_OR_RETURN(const ValueId value, ReadValue(frame));
    node.inputs.push_back(value);
    return AttributeValue(ValueRef{static_cast<int32_t>(node.inputs.size() - 1)});
  }

  Result<AttributeValue> ReadNumber() {
    const std::size_t at = reader_.Position();
    const std::string_view token = reader_.NumberToken();
    if (token.find_first_not_of("-0123456789") == std::string_view::npos) {
      const auto bits = ParseNumber(DType::kInt64, token);
      if (!bits) return reader_.FailAt(at, "{} is not a 64-bit integer", token);
      return AttributeValue(static_cast<int64_t>(*bits));
    }
    const auto value = ParseDouble(token);
    if (!value) return reader_.FailAt(at, "{} is not a number", token);
    return AttributeValue(*value);
  }

  // "float" is a data type, "float[2] {…}" and "float {…}" are tensors.
  Result<AttributeValue> ReadTensorOrDType(DType dtype, std::size_t at) {
    if (!reader_.Sees("[") && !reader_.Sees("{") && !reader_.Sees("<")) return AttributeValue(dtype);
    Type type(dtype, Dims{});
    if (reader_.Sees("[")) {
      FL_ASSIGN_OR_RETURN(type, reader_.ReadDimsOf(dtype));
    }
    FL_ASSIGN_OR_RETURN(Tensor tensor, ReadElements(type, at));
    return AttributeValue(std::move(tensor));
  }

  // complex(1.0, 2.0), device("cpu"), memory_format(9), torch.channels_last, layout(3), torch.strided, op(…), input(3).
  std::optional<Result<AttributeValue>> ReadNamedKind(const Node&) {
    if (const auto format = reader_.AcceptTorchWord(ParseMemoryFormat)) return AttributeValue(*format);
    if (const auto layout = reader_.AcceptTorchWord(ParseLayout)) return AttributeValue(*layout);
    if (reader_.AcceptWordBefore("complex", "(")) return ReadComplex();
    if (reader_.AcceptWordBefore("device", "(")) return ReadDevice();
    if (reader_.AcceptWordBefore("op", "(")) return ReadOpValue();
    if (reader_.AcceptWordBefore("memory_format", "("))
      return ReadInt32([](int32_t v) { return AttributeValue(MemoryFormat{v}); });
    if (reader_.AcceptWordBefore("layout", "(")) return ReadInt32([](int32_t v) { return AttributeValue(Layout{v}); });
    if (reader_.AcceptWordBefore("input", "(")) return ReadInt32([](int32_t v) { return AttributeValue(ValueRef{v}); });
    return std::nullopt;
  }

  template <class Make> Result<AttributeValue> ReadInt32(Make&& make) {
    const std::size_t at = reader_.Position();
    const auto bits = ParseNumber(DType::kInt32, reader_.NumberToken());
    if (!bits) return reader_.FailAt(at, "expected a 32-bit integer");
    FL_RETURN_IF_ERROR(reader_.Expect(")"));
    return make(static_cast<int32_t>(*bits));
  }

  Result<AttributeValue> ReadComplex() {
    double parts[2] = {};
    for (double& part : parts) {
      const std::size_t at = reader_.Position();
      const auto value = ParseDouble(reader_.NumberToken());
      if (!value) return reader_.FailAt(at, "expected a number");
      part = *value;
      FL_RETURN_IF_ERROR(reader_.Expect(&part == parts ? "," : ")"));
    }
    return AttributeValue(Complex{parts[0], parts[1]});
  }

  Result<AttributeValue> ReadDevice() {
    FL_ASSIGN_OR_RETURN(std::string text, reader_.QuotedText('"'));
    FL_RETURN_IF_ERROR(reader_.Expect(")"));
    return AttributeValue(Device{std::move(text)});
  }

  Result<AttributeValue> ReadOpValue() {
    FL_ASSIGN_OR_RETURN(OpName op, reader_.ReadOp());
    FL_RETURN_IF_ERROR(reader_.Expect(")"));
    return AttributeValue(std::move(op));
  }

  // ---- lists

  // After the bracket. `word` says what the list holds; empty: the items say it.
  Result<AttributeValue> ReadList(Frame& frame, Node& node, std::string_view word) {
    const std::size_t at = reader_.Position();
    std::vector<AttributeValue> items;
    FL_RETURN_IF_ERROR(ParseList("]", [&]() -> Status {
      FL_ASSIGN_OR_RETURN(AttributeValue item, ReadItem(frame, node));
      items.push_back(std::move(item));
      return Ok();
    }));
    auto list = ListAttribute(word, std::move(items));
    if (!list) return reader_.FailAt(at, "the items of a list are not all {}", word.empty() ? "of one kind" : word);
    return *std::move(list);
  }

  // ---- tensors: {1.0, 2.0} or <absent>

  Result<Tensor> ReadElements(const Type& type, std::size_t at) {
    const auto count = type.IsTensor() ? type.ElementCount() : std::nullopt;
    if (!count)
      return reader_.FailAt(at, "a tensor needs a static shape of fewer than 2^63 elements, not {}", TypeText(type));
    std::vector<int64_t> dims;
    for (const Dim& dim : *type.dims) dims.push_back(dim.size());
    if (reader_.Accept("<")) {
      if (!reader_.AcceptWord("absent")) return reader_.Fail("a tensor that was shown as <…> has no elements to read");
      FL_RETURN_IF_ERROR(reader_.Expect(">"));
      return Tensor::Absent(type.dtype, std::move(dims));
    }
    const auto size = ByteSize(type.dtype, static_cast<uint64_t>(*count));
    if (!size) return reader_.FailAt(at, "a tensor of {} cannot be written as text", TypeText(type));
    FL_ASSIGN_OR_RETURN(const std::vector<uint64_t> numbers, ReadNumbers(type.dtype));
    const DType component = ComponentType(type.dtype);
    const uint64_t per_element = component == type.dtype ? 1 : 2;
    if (numbers.size() != static_cast<uint64_t>(*count) * per_element)
      return reader_.FailAt(at, "{} has {} elements, {} are given", TypeText(type), *count, numbers.size() / per_element);
    std::vector<std::byte> bytes(*size);
    for (std::size_t i = 0; i < numbers.size(); ++i) StoreBits(component, bytes, i, numbers[i]);
    return Tensor::Owned(type.dtype, std::move(dims), std::move(bytes));
  }

  Result<std::vector<uint64_t>> ReadNumbers(DType dtype) {
    const DType component = ComponentType(dtype);
    std::vector<uint64_t> numbers;
    const auto read = [&]() -> Status {
      const std::size_t at = reader_.Position();
      const std::string_view token = reader_.NumberToken();
      const auto bits = ParseNumber(component, token);
      if (!bits) return reader_.FailAt(at, "'{}' is not a {}", token, Name(component));
      numbers.push_back(*bits);
      return Ok();
    };
    FL_RETURN_IF_ERROR(reader_.Expect("{"));
    FL_RETURN_IF_ERROR(ParseList("}", [&]() -> Status {
      if (component == dtype) return read();
      FL_RETURN_IF_ERROR(reader_.ExpectWord("complex"));
      FL_RETURN_IF_ERROR(reader_.Expect("("));
      FL_RETURN_IF_ERROR(read());
      FL_RETURN_IF_ERROR(reader_.Expect(","));
      FL_RETURN_IF_ERROR(read());
      return reader_.Expect(")");
    }));
    return numbers;
  }

  TextReader reader_;
  std::unordered_map<std::string, std::string> names_;  // the name behind "x%3", "`0.weight`"
};

}  // namespace

Result<Graph> ParseGraph(std::string_view text) {
  if (text.size() > kMaxText)
    return Error("FL1001", "the text of a graph has {} bytes, at most {} are read", text.size(), kMaxText);
  return GraphParser(text).Parse();
}

}  // namespace fairlead
