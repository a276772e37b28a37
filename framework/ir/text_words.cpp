#include "ir/text_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/utf8.hpp"

namespace fairlead {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Words that mean something where a value's name may stand. Data types are reserved too.
constexpr std::array<std::string_view, 14> kReserved = {"absent", "agraph",    "false",   "inf",      "nan",
                                                        "none",   "seq",       "symbool", "symfloat", "symint",
                                                        "true",   "undefined", "unknown", "wrapped"};

constexpr std::array<std::pair<int32_t, std::string_view>, 4> kMemoryFormats = {{{1, "torch.contiguous_format"},
                                                                                 {2, "torch.channels_last"},
                                                                                 {3, "torch.channels_last_3d"},
                                                                                 {4, "torch.preserve_format"}}};
constexpr Layout kStrided = {7};

bool IsIdentifier(std::string_view name) {
  return !name.empty() && IsLetter(name.front()) && name.back() != '.' &&
         std::ranges::all_of(name, [](char c) { return IsLetter(c) || IsDigit(c) || c == '.'; });
}

std::string Escaped(std::string_view text, char quote) {
  std::string out(1, quote);
  while (!text.empty()) {
    const auto byte = static_cast<unsigned char>(text.front());
    const std::size_t length = Utf8SequenceLength(text);
    if (text.front() == quote || byte == '\\') {
      out += {'\\', text.front()};
    } else if (byte == '\n' || byte == '\r' || byte == '\t') {
      out += byte == '\n' ? "\\n" : byte == '\r' ? "\\r" : "\\t";
    } else if (length == 0 || byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out + quote;
}

std::string ExpressionText(const std::string& expression) {
  return IsPlainExpression(expression) ? expression : Escaped(expression, '`');
}

// A symbolic dimension that looks like a number or a mark must not read back as one.
std::string DimText(const Dim& dim) {
  if (!dim.IsSymbolic()) return ToString(dim);
  const std::string& expression = dim.expression();
  const bool is_number = std::ranges::all_of(expression, [](char c) { return IsDigit(c) || c == '-'; });
  return is_number || expression == "?" || expression == "*" ? Escaped(expression, '`') : ExpressionText(expression);
}

std::string DimsText(const Dims& dims) {
  std::string out = "[";
  for (std::size_t i = 0; i < dims.size(); ++i) out += (i > 0 ? "," : "") + DimText(dims[i]);
  return out + "]";
}

std::string TensorTypeText(const Type& type) {
  return std::string(Name(type.dtype)) + (type.dims ? DimsText(*type.dims) : "[*]");
}

std::string KindText(const Type& type) {
  const auto symbolic = [&](std::string_view word) {
    return fmt::format("{}({})", word, type.expression.empty() ? std::string() : ExpressionText(type.expression));
  };
  switch (type.kind) {
    case Type::Kind::kUnknown: return "unknown";
    case Type::Kind::kNone: return "none";
    case Type::Kind::kSymInt: return symbolic("symint");
    case Type::Kind::kSymFloat: return symbolic("symfloat");
    case Type::Kind::kSymBool: return symbolic("symbool");
    case Type::Kind::kTensor: return TensorTypeText(type);
    case Type::Kind::kSequence: return fmt::format("seq({})", TensorTypeText(type));
  }
  return "unknown";
}

}  // namespace

bool IsPlainName(std::string_view name) {
  return IsIdentifier(name) && !std::ranges::binary_search(kReserved, name) && !ParseDType(name) &&
         !name.starts_with("torch.");
}

std::string NameText(std::string_view name) { return IsPlainName(name) ? std::string(name) : Escaped(name, '`'); }

std::string StringText(std::string_view text) { return Escaped(text, '"'); }

std::string OpText(const OpName& op) {
  const bool type_plain = IsIdentifier(op.type) && op.type.find('.') == std::string::npos;
  const bool domain_plain = op.domain.empty() ? op.IsOnnx() : IsIdentifier(op.domain);
  if (type_plain && domain_plain && (op.IsOnnx() || IsIdentifier("_" + op.overload))) return ToString(op);
  std::string out;
  if (!op.domain.empty() || !op.IsOnnx()) out += Escaped(op.domain, '`') + "::";
  out += Escaped(op.type, '`');
  if (!op.IsOnnx()) out += "." + Escaped(op.overload, '`');
  return out;
}

bool IsPlainExpression(std::string_view expression) {
  if (expression.empty() || expression.front() == ' ' || expression.back() == ' ') return false;
  int depth = 0;
  for (const char c : expression) {
    if (c < 0x20 || c >= 0x7F || std::string_view("[]{}`\"'#\\").find(c) != std::string_view::npos) return false;
    if (c == ')' && depth == 0) return false;
    if (c == ',' && depth == 0) return false;
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
  }
  return depth == 0;
}

std::string TypeText(const Type& type, bool strides) {
  std::string out = (type.wrapped_number ? "wrapped " : "") + KindText(type);
  if (!strides || (type.strides.empty() && type.storage_offset == Dim(0))) return out;
  out += "@" + DimsText(type.strides);
  return type.storage_offset == Dim(0) ? out : out + "+" + DimsText({type.storage_offset});
}

std::optional<std::string_view> WordOf(MemoryFormat format) {
  for (const auto& [value, word] : kMemoryFormats)
    if (value == format.value) return word;
  return std::nullopt;
}

std::optional<std::string_view> WordOf(Layout layout) {
  return layout == kStrided ? std::optional<std::string_view>("torch.strided") : std::nullopt;
}

std::optional<MemoryFormat> ParseMemoryFormat(std::string_view word) {
  for (const auto& [value, name] : kMemoryFormats)
    if (name == word) return MemoryFormat{value};
  return std::nullopt;
}

std::optional<Layout> ParseLayout(std::string_view word) {
  return word == "torch.strided" ? std::optional(kStrided) : std::nullopt;
}

}  // namespace fairlead
