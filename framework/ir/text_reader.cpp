#include "ir/text_reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/utf8.hpp"
#include "ir/text_words.hpp"

namespace fairlead {
namespace {

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<DType> DTypeOf(std::string_view word) {
  return word == "undefined" ? std::optional(DType::kUndefined) : ParseDType(word);
}

std::optional<int> HexDigit(char c) {
  if (IsDigit(c)) return c - '0';
  return c >= 'a' && c <= 'f' ? std::optional(c - 'a' + 10) : std::nullopt;
}

}  // namespace

Status TextReader::FailWith(std::size_t at, std::string message) const {
  const std::string_view before = text_.substr(0, std::min(at, text_.size()));
  const auto line = 1 + std::ranges::count(before, '\n');
  const std::size_t line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  return Error("FL1001", "line {}, column {}: {}", line, before.size() - line_start + 1, message);
}

void TextReader::SkipBlanks() {
  while (at_ < text_.size()) {
    if (IsBlank(text_[at_])) {
      ++at_;
    } else if (text_[at_] == '#' || text_.substr(at_, 2) == "//") {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else {
      return;
    }
  }
}

// ---- marks and words

bool TextReader::Sees(std::string_view mark) {
  SkipBlanks();
  return text_.substr(at_, mark.size()) == mark;
}

bool TextReader::Accept(std::string_view mark) {
  if (!Sees(mark)) return false;
  at_ += mark.size();
  return true;
}

Status TextReader::Expect(std::string_view mark) {
  if (Accept(mark)) return Ok();
  if (AtEnd()) return Fail("expected '{}', found the end of the text", mark);
  const std::string_view word = PeekWord();
  return Fail("expected '{}', found '{}'", mark, Printable(word.empty() ? text_.substr(at_, 1) : word.substr(0, 40)));
}

std::string_view TextReader::PeekWord() {
  SkipBlanks();
  if (AtEnd() || !IsLetter(text_[at_])) return {};
  std::size_t end = at_ + 1;
  while (end < text_.size() && (IsLetter(text_[end]) || IsDigit(text_[end]) || text_[end] == '.')) ++end;
  while (text_[end - 1] == '.') --end;
  return text_.substr(at_, end - at_);
}

bool TextReader::SeesWord(std::string_view word) { return PeekWord() == word; }

bool TextReader::AcceptWord(std::string_view word) {
  if (!SeesWord(word)) return false;
  at_ += word.size();
  return true;
}

Status TextReader::ExpectWord(std::string_view word) { return AcceptWord(word) ? Ok() : Fail("expected '{}'", word); }

bool TextReader::AcceptWordBefore(std::string_view word, std::string_view mark) {
  const std::size_t start = at_;
  if (AcceptWord(word) && Accept(mark)) return true;
  at_ = start;
  return false;
}

bool TextReader::AcceptAbsent() {
  if (Accept("\"\"")) return true;
  const std::size_t start = at_;
  if (AcceptWord("none") && (Sees(",") || Sees(")") || Sees("]") || Sees("="))) return true;
  at_ = start;
  return false;
}

// ---- names

Result<std::string> TextReader::QuotedText(char quote) {
  const std::size_t start = Position();
  FL_RETURN_IF_ERROR(Expect(std::string_view(&quote, 1)));
  std::string out;
  while (at_ < text_.size() && text_[at_] != quote && text_[at_] != '\n') {
    if (text_[at_] != '\\') {
      out += text_[at_++];
      continue;
    }
    const std::string_view escape = text_.substr(at_ + 1, 3);
    const char kind = escape.empty() ? '\0' : escape[0];
    const auto high = escape.size() == 3 ? HexDigit(escape[1]) : std::nullopt;
    const auto low = escape.size() == 3 ? HexDigit(escape[2]) : std::nullopt;
    if (kind == 'x' && high && low) {
      out += static_cast<char>(*high * 16 + *low);
      at_ += 4;
      continue;
    }
    constexpr std::string_view kEscapes = "nrt\\\"`", kMeanings = "\n\r\t\\\"`";
    const std::size_t which = kind == '\0' ? std::string_view::npos : kEscapes.find(kind);
    if (which == std::string_view::npos) return Fail("unknown escape; \\n \\r \\t \\\\ \\{} and \\xNN are known", quote);
    out += kMeanings[which];
    at_ += 2;
  }
  if (at_ >= text_.size() || text_[at_] != quote) return FailAt(start, "the text in {} does not end in its line", quote);
  ++at_;
  return out;
}

bool TextReader::SeesName() { return Sees("`") || !PeekWord().empty(); }

bool TextReader::SeesValueName() { return Sees("`") || Sees("%") || IsPlainName(PeekWord()); }

Result<std::string> TextReader::Name() {
  if (Sees("`")) return QuotedText('`');
  const std::string_view word = PeekWord();
  if (word.empty()) return Fail("expected a name");
  at_ += word.size();
  return std::string(word);
}

Result<ValueName> TextReader::ReadValueName() {
  const std::size_t start = Position();
  ValueName name;
  if (!Sees("%")) {
    if (!SeesValueName() && !PeekWord().empty())
      return Fail("{} has a meaning of its own; a value of that name is written `{}`", PeekWord(), PeekWord());
    FL_ASSIGN_OR_RETURN(name.name, Name());
  }
  if (text_.substr(at_, 1) == "%") {
    const std::size_t digits = ++at_;
    while (at_ < text_.size() && IsDigit(text_[at_])) ++at_;
    if (at_ == digits) return Fail("expected a number after %");
  }
  name.text = text_.substr(start, at_ - start);
  return name;
}

Result<OpName> TextReader::ReadOp() {
  const std::size_t start = Position();
  const bool plain = !Sees("`");
  OpName op;
  FL_ASSIGN_OR_RETURN(op.type, Name());
  if (!Accept("::")) {
    if (plain && op.type.find('.') != std::string::npos)
      return FailAt(start, "an operator with an overload needs a domain");
    return op;
  }
  op.domain = std::move(op.type);
  if (Sees("`")) {
    FL_ASSIGN_OR_RETURN(op.type, QuotedText('`'));
    if (Accept(".")) {
      FL_ASSIGN_OR_RETURN(op.overload, Name());
    }
    return op;
  }
  FL_ASSIGN_OR_RETURN(op.type, Name());
  if (const std::size_t point = op.type.find('.'); point != std::string::npos) {
    op.overload = op.type.substr(point + 1);
    op.type.resize(point);
  }
  return op;
}

// ---- numbers

bool TextReader::SeesNumber() {
  SkipBlanks();
  if (AtEnd()) return false;
  return IsDigit(text_[at_]) || text_[at_] == '-' || SeesWord("inf") || SeesWord("nan");
}

std::string_view TextReader::NumberToken() {
  const std::size_t start = Position();
  if (at_ < text_.size() && text_[at_] == '-') ++at_;
  const auto sees_here = [&](std::string_view word) { return text_.substr(at_, word.size()) == word; };
  if (at_ < text_.size() && IsLetter(text_[at_])) {
    const std::string_view word = PeekWord();
    at_ += word.size();
    if (word == "nan" && sees_here("(")) at_ = std::min(text_.find(')', at_), text_.size() - 1) + 1;
    return text_.substr(start, at_ - start);
  }
  while (at_ < text_.size()) {
    const char c = text_[at_];
    const bool after_exponent = at_ > start && (text_[at_ - 1] == 'e' || text_[at_ - 1] == 'E');
    if (!IsDigit(c) && c != '.' && c != 'e' && c != 'E' && !(after_exponent && (c == '+' || c == '-'))) break;
    ++at_;
  }
  return text_.substr(start, at_ - start);
}

// ---- types

bool TextReader::SeesType() {
  constexpr std::array<std::string_view, 7> kWords = {"wrapped", "symint", "symfloat", "symbool", "seq", "none", "unknown"};
  const std::string_view word = PeekWord();
  return std::ranges::find(kWords, word) != kWords.end() || DTypeOf(word).has_value();
}

std::optional<DType> TextReader::AcceptDType() {
  const std::string_view word = PeekWord();
  const auto type = DTypeOf(word);
  if (type) at_ += word.size();
  return type;
}

Result<Type> TextReader::ReadType() {
  const bool wrapped = AcceptWord("wrapped");
  FL_ASSIGN_OR_RETURN(Type type, ReadBareType());
  type.wrapped_number = wrapped;
  if (!Accept("@")) return type;
  FL_ASSIGN_OR_RETURN(type.strides, ReadDims());
  if (!Accept("+")) return type;
  const std::size_t at = Position();
  FL_ASSIGN_OR_RETURN(const Dims offset, ReadDims());
  if (offset.size() != 1) return FailAt(at, "a storage offset is one number");
  type.storage_offset = offset[0];
  return type;
}

Result<Type> TextReader::ReadBareType() {
  Type type;
  if (AcceptWord("unknown")) return type;
  if (AcceptWord("none")) {
    type.kind = Type::Kind::kNone;
    return type;
  }
  if (AcceptWord("symint")) return ReadSymbol(Type::Kind::kSymInt, DType::kInt64);
  if (AcceptWord("symfloat")) return ReadSymbol(Type::Kind::kSymFloat, DType::kDouble);
  if (AcceptWord("symbool")) return ReadSymbol(Type::Kind::kSymBool, DType::kBool);
  const bool sequence = AcceptWord("seq");
  if (sequence) FL_RETURN_IF_ERROR(Expect("("));
  const auto dtype = AcceptDType();
  if (!dtype) return Fail("expected a type");
  FL_ASSIGN_OR_RETURN(type, ReadDimsOf(*dtype));
  if (!sequence) return type;
  type.kind = Type::Kind::kSequence;
  FL_RETURN_IF_ERROR(Expect(")"));
  return type;
}

// "symint(2*s77)", "symint()".
Result<Type> TextReader::ReadSymbol(Type::Kind kind, DType dtype) {
  Type type;
  type.kind = kind;
  type.dtype = dtype;
  FL_RETURN_IF_ERROR(Expect("("));
  if (Sees("`")) {
    FL_ASSIGN_OR_RETURN(type.expression, QuotedText('`'));
  } else {
    FL_ASSIGN_OR_RETURN(type.expression, RawUntil(")"));
  }
  FL_RETURN_IF_ERROR(Expect(")"));
  return type;
}

// A scalar where no bracket follows, as ONNX writes it.
Result<Type> TextReader::ReadDimsOf(DType dtype) {
  if (!Sees("[")) return Type(dtype, Dims{});
  if (const std::size_t start = at_; Accept("[") && Accept("*") && Accept("]")) {
    return Type(dtype, std::nullopt);
  } else {
    at_ = start;
  }
  FL_ASSIGN_OR_RETURN(Dims dims, ReadDims());
  return Type(dtype, std::move(dims));
}

// "[batch, 3, Max(1, s0)//2, ?]". Between the brackets // is a division, not a comment.
Result<Dims> TextReader::ReadDims() {
  Dims dims;
  FL_RETURN_IF_ERROR(Expect("["));
  if (Accept("]")) return dims;
  while (true) {
    FL_ASSIGN_OR_RETURN(Dim dim, ReadDim());
    dims.push_back(std::move(dim));
    if (Accept("]")) return dims;
    FL_RETURN_IF_ERROR(Expect(","));
  }
}

Result<Dim> TextReader::ReadDim() {
  if (Sees("`")) {
    FL_ASSIGN_OR_RETURN(std::string quoted, QuotedText('`'));
    if (quoted.empty()) return Fail("a symbolic size is not empty");
    return Dim(std::move(quoted));
  }
  const std::size_t start = Position();
  FL_ASSIGN_OR_RETURN(std::string expression, RawUntil(",]"));
  if (expression == "?") return Dim();
  int64_t size = 0;
  const char* const end = expression.data() + expression.size();
  const auto [stop, error] = std::from_chars(expression.data(), end, size);
  if (stop == end && error == std::errc() && size >= 0) return Dim(size);
  if (stop == end || !IsPlainExpression(expression)) return FailAt(start, "'{}' is not a size", Printable(expression));
  return Dim(std::move(expression));
}

// Up to one of `closers` outside of parentheses, which is not read; blanks around it are dropped.
Result<std::string> TextReader::RawUntil(std::string_view closers) {
  const std::size_t start = at_;
  int64_t depth = 0;
  for (; at_ < text_.size() && text_[at_] != '\n'; ++at_) {
    const char c = text_[at_];
    if (depth == 0 && closers.find(c) != std::string_view::npos) {
      const std::string_view raw = Trimmed(text_.substr(start, at_ - start));
      if (!raw.empty() && raw != "?" && !IsPlainExpression(raw))
        return FailAt(start, "'{}' is not an expression", Printable(raw));
      return std::string(raw);
    }
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
  }
  return FailAt(start, "the expression does not end in its line");
}

std::vector<Type> TextReader::ReadTypeRemark(std::size_t count) {
  std::size_t mark = at_;
  while (mark < text_.size() && (text_[mark] == ' ' || text_[mark] == '\t')) ++mark;
  if (count == 0 || text_.substr(mark, 1) != "#") return {};
  const std::size_t end = std::min(text_.find('\n', mark), text_.size());
  TextReader line(text_.substr(mark + 1, end - mark - 1));
  std::vector<Type> types;
  while (line.SeesType()) {
    auto type = line.ReadType();
    if (!type.ok()) return {};
    types.push_back(*std::move(type));
    if (!line.Accept(",")) break;
  }
  line.SkipBlanks();
  if (!line.AtEnd() || types.size() != count) return {};
  at_ = end;
  return types;
}

}  // namespace fairlead
