// Which kind of list an attribute holds, from the word in front of it and from its items.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "ir/graph.hpp"

namespace fairlead {

// Before the bracket, where the items do not say what the list is: "floats[]", "symints[n, m]".
inline constexpr std::array<std::string_view, 8> kListWords = {"ints",    "floats", "bools",  "strings",
                                                               "tensors", "graphs", "values", "symints"};

// The list of `items`, none of which is a list. `word` is one of kListWords or empty: then integers, floats, bools,
// strings, tensors and graphs say it themselves, references and None make values, and numbers among references make sizes.
// Empty when the items do not go together.
std::optional<AttributeValue> ListAttribute(std::string_view word, std::vector<AttributeValue> items);

}  // namespace fairlead
