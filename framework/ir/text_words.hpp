// The words of the textual form (ir/text.hpp): what printer and parser agree on below the level of a statement.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ir/graph.hpp"

namespace fairlead {

// A name stands as it is when it has the form [A-Za-z_][A-Za-z0-9_.]* and means nothing else here; otherwise it stands in
// backquotes, with the escapes of a string: `0.weight`, `none`.
bool IsPlainName(std::string_view name);
std::string NameText(std::string_view name);
// "…" with \" \\ \n \r \t and \xNN; valid UTF-8 stays as it is.
std::string StringText(std::string_view text);
std::string OpText(const OpName& op);

// ToString(type), with expressions that would not read back in backquotes, "wrapped " before a wrapped number and, on
// demand, strides and offset behind: "float[2,3]@[1,2]+[4]".
std::string TypeText(const Type& type, bool strides = false);
// True for an expression that stands as it is between brackets.
bool IsPlainExpression(std::string_view expression);

// "torch.channels_last", "torch.strided"; others are memory_format(9), layout(3).
std::optional<std::string_view> WordOf(MemoryFormat format);
std::optional<std::string_view> WordOf(Layout layout);
std::optional<MemoryFormat> ParseMemoryFormat(std::string_view word);
std::optional<Layout> ParseLayout(std::string_view word);

}  // namespace fairlead
