// A small "{}" formatter on std::to_chars, for messages. The number of "{}" is checked at compile time.
//
//   Format("dropout_p={} with rank {}", dropout_p, rank)
#pragma once

#include <charconv>
#include <concepts>
#include <string>
#include <type_traits>

#include <fairlead/sdk/value.hpp>

namespace fairlead {
inline namespace sdk_v1 {

inline void AppendTo(std::string& out, std::string_view text) { out += text; }

// A template, because a plain bool would be preferred to string_view for a literal.
template <std::same_as<bool> Bool> void AppendTo(std::string& out, Bool value) { out += value ? "true" : "false"; }

template <class Number>
  requires(std::integral<Number> || std::floating_point<Number>) && (!std::same_as<Number, bool>)
void AppendTo(std::string& out, Number value) {
  char digits[32];
  const auto result = std::to_chars(digits, digits + sizeof digits, value);
  out.append(digits, result.ptr);
}

inline void AppendTo(std::string& out, DType type) { out += Name(type); }

inline void AppendTo(std::string& out, const Dim& dim) {
  if (dim.IsStatic()) return AppendTo(out, dim.size);
  out += "symbolic";
}

// Ints, Floats, Dims, std::vector<…>.
template <class List>
  requires requires(const List& items) { items.size(), items[0]; } && (!std::convertible_to<List, std::string_view>)
void AppendTo(std::string& out, const List& items) {
  out += '[';
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) out += ", ";
    AppendTo(out, items[i]);
  }
  out += ']';
}

// Text whose "{}" are as many as the arguments; anything else does not compile.
template <class... Args> struct FormatString {
  consteval FormatString(const char* literal) : text(literal) {
    std::size_t fields = 0;
    for (std::size_t at = text.find("{}"); at != text.npos; at = text.find("{}", at + 2)) ++fields;
    if (fields != sizeof...(Args)) throw "the number of {} differs from the number of arguments";
  }

  std::string_view text;
};

template <class... Args> std::string Format(std::type_identity_t<FormatString<Args...>> format, const Args&... args) {
  std::string out;
  std::string_view rest = format.text;
  [[maybe_unused]] const auto append = [&](const auto& arg) {
    const std::size_t field = rest.find("{}");
    out += rest.substr(0, field);
    rest.remove_prefix(field + 2);
    AppendTo(out, arg);
  };
  (append(args), ...);
  return out += rest;
}

}  // namespace sdk_v1
}  // namespace fairlead
