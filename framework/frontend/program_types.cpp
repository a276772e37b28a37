#include "frontend/program_types.hpp"

#include <charconv>
#include <set>
#include <unordered_map>

#include "frontend/schema.hpp"

namespace fairlead {
namespace {

// torch/_export/serde/schema.py, class Layout.
constexpr int64_t kStrided = 7;

std::string_view TextOfExpression(JsonValue json) {
  const Tagged tagged = ReadUnion(json);
  if (tagged.tag != "as_expr") return {};
  return tagged.value.IsString() ? tagged.value.text() : tagged.value["expr_str"].text();
}

// Schema 1 wraps it once more.
JsonValue TensorMeta(JsonValue json) { return json["meta"].IsObject() ? json["meta"] : json; }

}  // namespace

std::string_view TypeReader::ExpressionText(JsonValue json) const { return TextOfExpression(json); }

Dim TypeReader::Size(JsonValue json) {
  const Tagged tagged = ReadUnion(json);
  const auto number = json.AsInt() ? json.AsInt() : tagged.tag == "as_int" ? tagged.value.AsInt() : std::nullopt;
  if (number) return *number >= 0 ? Dim(*number) : Dim();
  const std::string_view text = ExpressionText(json);
  if (text.empty()) return Dim();
  const auto& expression = expressions_.Read(text);
  if (!expression) return Dim();
  int64_t constant = 0;
  const char* const end = expression->data() + expression->size();
  const auto parsed = std::from_chars(expression->data(), end, constant);
  if (parsed.ec != std::errc() || parsed.ptr != end) return Dim(*expression);
  return constant >= 0 ? Dim(constant) : Dim();
}

Type TypeReader::Symbolic(JsonValue json, Type::Kind kind) {
  Type type;
  type.kind = kind;
  type.dtype = kind == Type::Kind::kSymInt ? DType::kInt64 : kind == Type::Kind::kSymFloat ? DType::kDouble : DType::kBool;
  const Tagged tagged = ReadUnion(json);
  if (const auto number = tagged.value.AsInt(); number && tagged.tag == "as_int") {
    type.expression = std::to_string(*number);
  } else if (const std::string_view text = ExpressionText(json); !text.empty()) {
    type.expression = expressions_.Read(text).value_or("");
  }
  return type;
}

Result<Type> TypeReader::Tensor(JsonValue json, std::string_view value_name) {
  const JsonValue meta = TensorMeta(json);
  if (!meta["sizes"].IsArray()) return Error("FL1001", "the program records no type for value '{}'", value_name);
  if (const auto layout = meta["layout"].AsInt(); layout && *layout != kStrided)
    return Error("FL2015", "value '{}' has layout {} instead of strided", value_name, *layout);
  const auto dtype = ReadScalarType(meta["dtype"]);
  if (IsComplexHalf(meta["dtype"])) return Error("FL2014", "value '{}' is complex32, which ONNX does not have", value_name);
  if (!dtype)
    return Error("FL1002", "value '{}' has ScalarType {}, which is not read", value_name,
                 meta["dtype"].AsInt().value_or(-1));
  Type type(*dtype, Dims());
  for (const JsonValue size : meta["sizes"]) {
    type.dims->push_back(Size(size));
    if (const auto number = ReadUnion(size).value.AsInt(); number && *number < 0)
      return Error("FL1001", "value '{}' has a negative size {}", value_name, *number);
  }
  for (const JsonValue stride : meta["strides"]) type.strides.push_back(Size(stride));
  if (type.strides.size() != type.dims->size()) type.strides.clear();
  if (!meta["storage_offset"].IsNull()) type.storage_offset = Size(meta["storage_offset"]);
  return type;
}

namespace {

std::string Identifier(std::string_view text) {
  std::string out;
  for (const char c : text) out += (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ? c : '_';
  if (out.empty() || (out[0] >= '0' && out[0] <= '9')) out.insert(out.begin(), '_');
  return out;
}

// Gives each symbol the first name that is offered and free.
class SymbolNames {
 public:
  void Offer(JsonValue json, std::string name) {
    const std::string_view text = TextOfExpression(json);
    if (text.empty()) return;
    auto symbol = BareSymbol(text);
    if (!symbol || names_.contains(*symbol)) return;
    while (!taken_.insert(name).second) name += '_';
    names_.emplace(*std::move(symbol), std::move(name));
  }
  std::map<std::string, std::string> Take() { return std::move(names_); }

 private:
  std::map<std::string, std::string> names_;
  std::set<std::string> taken_;
};

}  // namespace

std::map<std::string, std::string> NameSymbols(JsonValue graph, const std::vector<std::string_view>& user_inputs) {
  std::unordered_map<std::string_view, JsonValue> tensors, numbers;
  for (std::size_t i = 0; i < graph["tensor_values"].size(); ++i)
    tensors.emplace(graph["tensor_values"].member(i).key, graph["tensor_values"].member(i).value);
  for (std::size_t i = 0; i < graph["sym_int_values"].size(); ++i)
    numbers.emplace(graph["sym_int_values"].member(i).key, graph["sym_int_values"].member(i).value);

  SymbolNames names;
  for (const std::string_view input : user_inputs) {
    std::size_t axis = 0;
    if (const auto tensor = tensors.find(input); tensor != tensors.end())
      for (const JsonValue size : TensorMeta(tensor->second)["sizes"])
        names.Offer(size, Identifier(input) + "_dim" + std::to_string(axis++));
  }
  for (const std::string_view input : user_inputs)
    if (const auto number = numbers.find(input); number != numbers.end()) names.Offer(number->second, Identifier(input));
  return names.Take();
}

}  // namespace fairlead
