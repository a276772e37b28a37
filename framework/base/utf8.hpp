// UTF-8 of unknown origin: names in archives, messages of plugins.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fairlead {

// Bytes of the well-formed sequence at the start of `text` (1 to 4); 0 when there is none. Overlong forms, surrogates and
// code points past U+10FFFF are not well-formed.
std::size_t Utf8SequenceLength(std::string_view text);
// Every byte that is not part of a well-formed sequence becomes U+FFFD.
std::string RepairUtf8(std::string_view text);
// What may be written to a terminal: repaired, and every control character as \xNN, so that a name cannot steer it.
std::string Printable(std::string_view text);
// Columns that well-formed text takes in a terminal, one for each code point.
std::size_t Columns(std::string_view text);

}  // namespace fairlead
