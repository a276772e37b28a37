// Reads ATen schema text, at compile time or at run time, without allocating.
//
//   SchemaReader reader("aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor");
//   reader.name();                                   // "aten::add.Tensor"
//   for (SchemaItem item; reader.NextParameter(item);)
//     item.type, item.name, item.default_text;       // "Scalar", "alpha", "1" (and keyword_only is true)
//   for (SchemaItem item; reader.NextResult(item);)  // only after the parameters
//     item.type, item.name;
//
// All views point into the text. A text that is not a schema sets bad(): the reader then stops early.
#pragma once

#include <cstddef>
#include <string_view>

namespace fairlead {
inline namespace sdk_v1 {

struct SchemaItem {
  std::string_view type;          // as written: "Tensor(a!)", "int[2]", "SymInt[]?"
  std::string_view name;          // empty for an unnamed result
  std::string_view default_text;  // empty when there is none
  bool keyword_only = false;      // stands after the "*"
};

class SchemaReader {
 public:
  constexpr explicit SchemaReader(std::string_view text);

  constexpr std::string_view name() const { return name_; }
  constexpr bool bad() const { return bad_; }
  constexpr bool NextParameter(SchemaItem& out);
  constexpr bool NextResult(SchemaItem& out);

 private:
  constexpr std::string_view TakeList();
  constexpr bool NextItem(std::string_view& list, SchemaItem& out);

  std::string_view name_, rest_, parameters_, results_;
  bool keyword_only_ = false, bad_ = false;
};

// True when `written` is `plain` once alias marks and list lengths are left out:
// "Tensor(a!)" is "Tensor", "int[2]?" is "int[]?".
constexpr bool IsType(std::string_view written, std::string_view plain);

// -------------------------------------------------------------------------------------------------------------------
// details

namespace schema_detail {

// Where the string that opens at `i` ends; a backslash takes the next character with it.
constexpr std::size_t ClosingQuote(std::string_view text, std::size_t i) {
  const char quote = text[i++];
  while (i < text.size() && text[i] != quote) i += text[i] == '\\' ? 2 : 1;
  return i;
}

// Where the first `stop` stands outside of brackets and quotes, or the size of the text.
constexpr std::size_t FindOutside(std::string_view text, char stop) {
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

constexpr std::string_view Trim(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace schema_detail

constexpr SchemaReader::SchemaReader(std::string_view text) : rest_(text) {
  name_ = rest_.substr(0, rest_.find('('));
  rest_.remove_prefix(name_.size());
  parameters_ = TakeList();
  if (rest_.starts_with(" -> "))
    rest_.remove_prefix(4);
  else
    bad_ = true;
  results_ = rest_.starts_with('(') ? TakeList() : rest_;
  bad_ = bad_ || name_.find("::") == name_.npos;
}

// Takes "(a, b)" from the front of the rest and returns "a, b".
constexpr std::string_view SchemaReader::TakeList() {
  if (!rest_.starts_with('(')) return bad_ = true, std::string_view{};
  const std::size_t size = schema_detail::FindOutside(rest_.substr(1), ')');
  if (size + 1 >= rest_.size()) return bad_ = true, std::string_view{};
  const std::string_view list = rest_.substr(1, size);
  rest_.remove_prefix(size + 2);
  return list;
}

constexpr bool SchemaReader::NextItem(std::string_view& list, SchemaItem& out) {
  if (list.empty() || bad_) return false;
  const std::size_t size = schema_detail::FindOutside(list, ',');
  std::string_view item = schema_detail::Trim(list.substr(0, size));
  list.remove_prefix(size < list.size() ? size + 1 : size);
  if (item == "*") {
    keyword_only_ = true;
    return NextItem(list, out);
  }
  const std::size_t type_size = schema_detail::FindOutside(item, ' ');
  const std::string_view tail = schema_detail::Trim(item.substr(type_size));
  const std::size_t name_size = schema_detail::FindOutside(tail, '=');
  out.type = item.substr(0, type_size);
  out.name = tail.substr(0, name_size);
  out.default_text = name_size < tail.size() ? tail.substr(name_size + 1) : std::string_view{};
  out.keyword_only = keyword_only_;
  bad_ = bad_ || out.type.empty();
  return !bad_;
}

constexpr bool SchemaReader::NextParameter(SchemaItem& out) {
  const bool found = NextItem(parameters_, out);
  bad_ = bad_ || (found && out.name.empty());
  return found && !bad_;
}

constexpr bool SchemaReader::NextResult(SchemaItem& out) { return NextItem(results_, out); }

constexpr bool IsType(std::string_view written, std::string_view plain) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < written.size(); ++i) {
    if (written[i] == '(') {
      i = written.find(')', i);
      if (i == written.npos) return false;
      continue;
    }
    if (written[i] >= '0' && written[i] <= '9' && written[i - (i > 0)] == '[') {
      i = written.find(']', i) - 1;
      continue;
    }
    if (at == plain.size() || written[i] != plain[at]) return false;
    ++at;
  }
  return at == plain.size();
}

}  // namespace sdk_v1
}  // namespace fairlead
