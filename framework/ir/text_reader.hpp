// Reads the words, names, types and numbers of the textual form (ir/text.hpp), skipping blanks and comments before each.
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.hpp"
#include "ir/graph.hpp"

namespace fairlead {

// How a value is written and what it is called: "x%3" is a value called "x", "%3" one without a name.
struct ValueName {
  std::string text, name;
};

class TextReader {
 public:
  explicit TextReader(std::string_view text) : text_(text) {}

  // FL1001 with line and column of the place that is read next, or of `at`.
  template <class... Args> Status Fail(fmt::format_string<Args...> format, Args&&... args) {
    return FailAt(Position(), format, std::forward<Args>(args)...);
  }
  template <class... Args> Status FailAt(std::size_t at, fmt::format_string<Args...> format, Args&&... args) const {
    return FailWith(at, fmt::format(format, std::forward<Args>(args)...));
  }

  // Where the next word begins, and back to it.
  std::size_t Position() {
    SkipBlanks();
    return at_;
  }
  void Rewind(std::size_t position) { at_ = position; }
  void SkipBlanks();
  bool AtEnd() const { return at_ >= text_.size(); }

  // Punctuation.
  bool Sees(std::string_view mark);
  bool Accept(std::string_view mark);
  Status Expect(std::string_view mark);
  // A whole word: "none" is not seen in "none_1".
  bool SeesWord(std::string_view word);
  bool AcceptWord(std::string_view word);
  Status ExpectWord(std::string_view word);
  // The word where `mark` follows; then both are read.
  bool AcceptWordBefore(std::string_view word, std::string_view mark);
  // What is left out of a list: "" (two quotes), or the word none where it stands alone.
  bool AcceptAbsent();
  // "torch.channels_last" and the like, by their parser.
  template <class Parse> auto AcceptTorchWord(Parse&& parse) -> decltype(parse(std::string_view{})) {
    const std::string_view word = PeekWord();
    auto found = parse(word);
    if (found) at_ += word.size();
    return found;
  }

  bool SeesName();
  bool SeesValueName();
  // A plain or backquoted name; a reserved word is one too, but not of a value.
  Result<std::string> Name();
  Result<ValueName> ReadValueName();
  Result<OpName> ReadOp();
  // "…" with its escapes; `quote` is the mark around it.
  Result<std::string> QuotedText(char quote);

  bool SeesNumber();
  // What looks like a number: digits, sign, point, exponent, inf, nan, nan(0x7f800001), true, false. May be empty.
  std::string_view NumberToken();

  bool SeesType();
  Result<Type> ReadType();
  std::optional<DType> AcceptDType();
  // "[2,3]" after a data type that was read already.
  Result<Type> ReadDimsOf(DType dtype);
  // The comment in the rest of this line, where it is a list of `count` types; else empty and nothing is read.
  std::vector<Type> ReadTypeRemark(std::size_t count);

 private:
  Status FailWith(std::size_t at, std::string message) const;
  std::string_view PeekWord();  // letters, digits, _ and points from the next position; does not end with a point
  Result<Type> ReadBareType();
  Result<Type> ReadSymbol(Type::Kind kind, DType dtype);
  Result<std::string> RawUntil(std::string_view closers);
  Result<Dim> ReadDim();
  Result<Dims> ReadDims();

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace fairlead
