#include "aten/schema.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "aten/table.hpp"

namespace fairlead {
namespace {

using Base = AtenType::Base;

constexpr std::size_t kMaxText = 1 << 16;
constexpr std::size_t kMaxListSize = 64;  // of "int[3]": a default is repeated that often

constexpr std::pair<std::string_view, Base> kBases[] = {
    {"Tensor", Base::kTensor},
    {"Scalar", Base::kScalar},
    {"int", Base::kInt},
    {"SymInt", Base::kSymInt},
    {"bool", Base::kBool},
    {"SymBool", Base::kSymBool},
    {"float", Base::kFloat},
    {"SymFloat", Base::kSymFloat},
    {"str", Base::kString},
    {"ScalarType", Base::kScalarType},
    {"Layout", Base::kLayout},
    {"Device", Base::kDevice},
    {"MemoryFormat", Base::kMemoryFormat},
    {"Generator", Base::kGenerator},
    {"complex", Base::kComplex},
    {"Subgraph", Base::kSubgraph},
    {"SymNumber", Base::kSymNumber},
};

std::string_view Trim(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// Where the string that opens at `at` closes; a backslash takes the next character with it.
std::size_t ClosingQuote(std::string_view text, std::size_t at) {
  const char quote = text[at++];
  while (at < text.size() && text[at] != quote) at += text[at] == '\\' ? 2 : 1;
  return at;
}

// The first `stop` outside of brackets and quotes, or the size of the text.
std::size_t FindOutside(std::string_view text, char stop) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (depth == 0 && c == stop) return i;
    if (c == '(' || c == '[') ++depth;
    if (c == ')' || c == ']') --depth;
    if (c == '"' || c == '\'') i = ClosingQuote(text, i);
  }
  return text.size();
}

bool IsWord(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '|';
  });
}

template <class T> std::optional<T> Number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

AliasInfo ParseAlias(std::string_view marks) {
  return {std::string(Trim(marks.substr(0, std::min(marks.find('!'), marks.find(" ->"))))), marks.find('!') != marks.npos};
}

// Reads "Tensor(a!)[]?" into `parameter`.
bool ParseType(std::string_view text, AtenParameter& parameter) {
  const std::string_view base = text.substr(0, text.find_first_of("([?"));
  if (!IsWord(base)) return false;
  AtenType& type = parameter.type;
  for (const auto& [name, value] : kBases)
    if (name == base) type.base = value;
  for (text.remove_prefix(base.size()); !text.empty();) {
    if (text[0] == '?') {
      (text.size() > 1 && text[1] == '[' ? type.optional_element : type.optional) = true;
      text.remove_prefix(1);
      continue;
    }
    const std::size_t close = text.find(text[0] == '(' ? ')' : ']');
    if ((text[0] != '(' && text[0] != '[') || close == text.npos) return false;
    const std::string_view inside = text.substr(1, close - 1);
    if (text[0] == '(') {
      parameter.alias = ParseAlias(inside);
    } else {
      const std::optional<int64_t> size = inside.empty() ? 0 : Number<int64_t>(inside);
      if (type.list || !size || *size < 0 || *size > static_cast<int64_t>(kMaxListSize)) return false;
      type.list = true;
      type.list_size = *size;
    }
    text.remove_prefix(close + 1);
  }
  return true;
}

// ---- defaults --------------------------------------------------------------------------------------------------------

std::optional<AttributeValue> Unquoted(std::string_view text) {
  if (text.size() < 2 || (text[0] != '"' && text[0] != '\'') || ClosingQuote(text, 0) != text.size() - 1)
    return std::nullopt;
  constexpr std::pair<char, char> kEscapes[] = {{'n', '\n'}, {'t', '\t'}, {'f', '\f'}, {'v', '\v'}, {'r', '\r'}};
  std::string out;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    char c = text[i];
    if (c == '\\') {
      c = text[++i];
      for (const auto& [letter, value] : kEscapes)
        if (c == letter) {
          c = value;
          break;
        }
    }
    out += c;
  }
  return out;
}

// PyTorch prints c10's numbers, native_functions.yaml writes words.
std::optional<AttributeValue> DTypeDefault(std::string_view text) {
  constexpr std::pair<std::string_view, DType> kTypes[] = {
      {"uint8", DType::kUint8}, {"int8", DType::kInt8},        {"short", DType::kInt16},        {"int", DType::kInt32},
      {"long", DType::kInt64},  {"half", DType::kFloat16},     {"float", DType::kFloat},        {"double", DType::kDouble},
      {"", DType::kUndefined},  {"cfloat", DType::kComplex64}, {"cdouble", DType::kComplex128}, {"bool", DType::kBool}};
  const std::optional<int64_t> number = Number<int64_t>(text);
  for (int64_t i = 0; const auto& [name, type] : kTypes)
    if (i++ == number || (name == text && !text.empty())) return type;
  return std::nullopt;
}

std::optional<AttributeValue> MemoryFormatDefault(std::string_view text) {
  constexpr std::pair<std::string_view, int32_t> kFormats[] = {
      {"contiguous_format", 1}, {"preserve_format", 4}, {"channels_last", 2}, {"channels_last_3d", 3}};
  const std::optional<int64_t> number = Number<int64_t>(text);
  for (int64_t i = 0; const auto& [name, value] : kFormats)
    if (i++ == number || name == text) return MemoryFormat{value};
  return std::nullopt;
}

std::optional<AttributeValue> IntDefault(std::string_view text) {
  if (text == "Mean") return int64_t{1};  // native_functions.yaml's at::Reduction
  if (text == "Sum") return int64_t{2};
  if (const auto value = Number<int64_t>(text)) return *value;
  return std::nullopt;
}

std::optional<AttributeValue> BoolDefault(std::string_view text) {
  if (text == "True") return true;
  if (text == "False") return false;
  return std::nullopt;
}

std::optional<AttributeValue> FloatDefault(std::string_view text) {
  if (const auto value = Number<double>(text)) return *value;
  return std::nullopt;
}

// Of a type that takes any number: the text decides.
std::optional<AttributeValue> NumberDefault(std::string_view text) {
  if (const auto value = BoolDefault(text)) return value;
  if (const auto value = IntDefault(text)) return value;
  if (const auto value = FloatDefault(text)) return value;
  return Unquoted(text);
}

std::optional<AttributeValue> SingleDefault(Base base, std::string_view text) {
  switch (base) {
    case Base::kInt:
    case Base::kSymInt: return IntDefault(text);
    case Base::kFloat:
    case Base::kSymFloat: return FloatDefault(text);
    case Base::kBool:
    case Base::kSymBool: return BoolDefault(text);
    case Base::kString: return Unquoted(text);
    case Base::kScalarType: return DTypeDefault(text);
    case Base::kMemoryFormat: return MemoryFormatDefault(text);
    case Base::kLayout:
      if (text == "0" || text == "strided") return Layout{7};
      return std::nullopt;
    case Base::kDevice: return Device{std::string(text)};
    case Base::kComplex:
      if (const auto value = Number<double>(text)) return Complex{*value, 0};
      return std::nullopt;
    case Base::kTensor:
    case Base::kScalar:
    case Base::kGenerator:
    case Base::kSubgraph:
    case Base::kSymNumber:
    case Base::kAny: return NumberDefault(text);
  }
  return std::nullopt;
}

template <class T> std::optional<AttributeValue> ListDefault(Base base, const std::vector<std::string_view>& items) {
  std::vector<T> out;
  for (const std::string_view item : items) {
    const std::optional<AttributeValue> value = SingleDefault(base, item);
    const T* element = value ? std::get_if<T>(&*value) : nullptr;
    if (!element) return std::nullopt;
    out.push_back(*element);
  }
  return out;
}

std::optional<AttributeValue> ParseDefault(const AtenType& type, std::string_view text) {
  if (text == "None") return None{};
  if (!type.list) return SingleDefault(type.base, text);
  std::vector<std::string_view> items(static_cast<std::size_t>(type.list_size), text);
  if (text.starts_with('[') && text.ends_with(']')) {
    items.clear();
    for (std::string_view rest = Trim(text.substr(1, text.size() - 2)); !rest.empty();) {
      const std::size_t size = FindOutside(rest, ',');
      items.push_back(Trim(rest.substr(0, size)));
      rest.remove_prefix(std::min(rest.size(), size + 1));
    }
  } else if (items.empty()) {
    return std::nullopt;
  }
  switch (type.base) {
    case Base::kFloat:
    case Base::kSymFloat: return ListDefault<double>(type.base, items);
    case Base::kBool: return ListDefault<bool>(type.base, items);
    case Base::kString: return ListDefault<std::string>(type.base, items);
    case Base::kTensor:
      if (items.empty()) return ValueRefs{};
      return std::nullopt;
    default: return ListDefault<int64_t>(Base::kInt, items);
  }
}

// ---- the whole -------------------------------------------------------------------------------------------------------

// "Tensor(a!) self", "int[2] padding=0"; a result may lack the name.
bool ParseItem(std::string_view item, AtenParameter& parameter) {
  const std::size_t type_size = FindOutside(item, ' ');
  const std::string_view rest = Trim(item.substr(type_size));
  const std::size_t name_size = FindOutside(rest, '=');
  parameter.name = rest.substr(0, name_size);
  if (!ParseType(item.substr(0, type_size), parameter)) return false;
  if (!parameter.name.empty() && !IsWord(parameter.name)) return false;
  if (name_size == rest.size()) return true;
  parameter.default_value = ParseDefault(parameter.type, Trim(rest.substr(name_size + 1)));
  return parameter.default_value.has_value();
}

bool ParseParameters(std::string_view list, std::vector<AtenParameter>& out) {
  bool keyword_only = false;
  while (!Trim(list).empty()) {
    const std::size_t size = FindOutside(list, ',');
    const std::string_view item = Trim(list.substr(0, size));
    list.remove_prefix(std::min(list.size(), size + 1));
    if (item == "*" && !keyword_only) {
      keyword_only = true;
      continue;
    }
    AtenParameter parameter;
    parameter.keyword_only = keyword_only;
    if (!ParseItem(item, parameter) || parameter.name.empty()) return false;
    parameter.is_out = keyword_only && parameter.alias && parameter.alias->is_write && parameter.type.base == Base::kTensor;
    if (std::ranges::any_of(out, [&](const AtenParameter& other) { return other.name == parameter.name; })) return false;
    out.push_back(std::move(parameter));
  }
  return true;
}

bool ParseResults(std::string_view text, std::vector<AtenParameter>& out) {
  const bool tuple = text.starts_with('(');
  if (tuple) {
    if (FindOutside(text.substr(1), ')') != text.size() - 2) return false;
    text = text.substr(1, text.size() - 2);
  }
  while (!Trim(text).empty()) {
    const std::size_t size = FindOutside(text, ',');
    AtenParameter result;
    if (!ParseItem(Trim(text.substr(0, size)), result) || result.default_value) return false;
    out.push_back(std::move(result));
    text.remove_prefix(std::min(text.size(), size + 1));
  }
  return tuple || out.size() == 1;
}

}  // namespace

std::optional<OpName> aten_detail::ParseOpName(std::string_view name) {
  const std::size_t colons = name.find("::");
  if (colons == name.npos) return std::nullopt;
  const std::string_view domain = name.substr(0, colons), rest = name.substr(colons + 2);
  const std::size_t dot = rest.find('.');
  const std::string_view type = rest.substr(0, dot), overload = dot == rest.npos ? "default" : rest.substr(dot + 1);
  if (!IsWord(domain) || !IsWord(type) || !IsWord(overload)) return std::nullopt;
  return OpName{std::string(domain), std::string(type), std::string(overload)};
}

const AtenParameter* AtenSchema::Find(std::string_view parameter) const {
  const auto found = std::ranges::find(parameters, parameter, &AtenParameter::name);
  return found == parameters.end() ? nullptr : &*found;
}

bool AtenSchema::mutates() const {
  return std::ranges::any_of(parameters, [](const AtenParameter& p) { return p.alias && p.alias->is_write; });
}

bool AtenSchema::returns_view() const {
  return std::ranges::any_of(results, [this](const AtenParameter& result) {
    return result.alias && std::ranges::any_of(parameters, [&](const AtenParameter& p) {
             return p.alias && !p.alias->is_write && p.alias->set == result.alias->set;
           });
  });
}

Result<AtenSchema> ParseSchema(std::string_view text) {
  const auto refuse = [&](std::string_view why) {
    return Error("FL2012", "\"{}\" is not an operator schema: {}", text.substr(0, 200), why);
  };
  if (text.size() > kMaxText) return refuse("it is longer than 64 KiB");
  AtenSchema schema;
  schema.text = text;
  const std::size_t open = text.find('(');
  if (open == text.npos) return refuse("there is no parameter list");
  auto op = aten_detail::ParseOpName(Trim(text.substr(0, open)));
  if (!op) return refuse("its name must read namespace::name or namespace::name.overload");
  schema.op = *std::move(op);
  const std::size_t size = FindOutside(text.substr(open + 1), ')');
  std::string_view rest = text.substr(std::min(text.size(), open + 1 + size));
  if (!ParseParameters(text.substr(open + 1, size), schema.parameters)) return refuse("a parameter cannot be read");
  rest = Trim(rest.substr(std::min<std::size_t>(1, rest.size())));
  if (!rest.starts_with("->")) return refuse("there is no \"->\" after the parameters");
  if (!ParseResults(Trim(rest.substr(2)), schema.results)) return refuse("a result cannot be read");
  return schema;
}

}  // namespace fairlead
