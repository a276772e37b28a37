#include "frontend/expression.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <span>
#include <vector>

#include "frontend/polynomial.hpp"

namespace fairlead {
namespace {

using Parsed = std::optional<Polynomial>;
using Operands = std::span<const Polynomial>;

constexpr std::size_t kMaxText = 16384;
constexpr int kMaxDepth = 100;

// ---- what the heads of both grammars mean

Parsed Atom(std::string text) {
  if (text.size() > Polynomial::kMaxText) return std::nullopt;
  return Polynomial::Atom(std::move(text));
}

std::string Joined(Operands operands, std::string_view separator, bool factors) {
  std::string out;
  for (const Polynomial& operand : operands) {
    if (!out.empty()) out += separator;
    out += factors ? operand.Factor() : operand.Text();
  }
  return out;
}

Parsed Call(std::string_view name, Operands operands) {
  return Atom(std::string(name) + '(' + Joined(operands, ",", false) + ')');
}

Parsed Infix(std::string_view sign, Operands operands) {
  if (operands.size() < 2) return std::nullopt;
  return Atom(Joined(operands, sign, true));
}

Parsed Sum(Operands operands) {
  Parsed out = Polynomial();
  for (const Polynomial& operand : operands)
    if (out = out->Plus(operand); !out) return out;
  return out;
}

Parsed Product(Operands operands) {
  Parsed out = Polynomial::Constant(1);
  for (const Polynomial& operand : operands)
    if (out = out->Times(operand); !out) return out;
  return out;
}

Parsed Minus(const Polynomial& operand) { return operand.Times(Polynomial::Constant(-1)); }

int64_t FloorDivided(int64_t a, int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0)); }

Parsed FloorDivision(Operands operands) {
  if (operands.size() != 2) return std::nullopt;
  const auto a = operands[0].AsConstant(), b = operands[1].AsConstant();
  if (b == 0) return std::nullopt;
  if (a && b && *b != -1) return Polynomial::Constant(FloorDivided(*a, *b));
  if (b)
    if (Parsed exact = operands[0].DividedExactly(*b)) return exact;
  return Infix("//", operands);
}

Parsed Modulo(Operands operands) {
  if (operands.size() != 2) return std::nullopt;
  const auto a = operands[0].AsConstant(), b = operands[1].AsConstant();
  if (b == 0) return std::nullopt;
  if (b == 1 || (b && operands[0].DividedExactly(*b))) return Polynomial();
  if (a && b && *b != -1) return Polynomial::Constant(*a - FloorDivided(*a, *b) * *b);
  return Infix("%", operands);
}

// PyTorch's own CeilDiv evaluates to this.
Parsed CeilDivision(Operands operands) {
  if (operands.size() != 2) return std::nullopt;
  const std::array<Polynomial, 3> sum = {operands[0], operands[1], Polynomial::Constant(-1)};
  const Parsed numerator = Sum(sum);
  if (!numerator) return std::nullopt;
  const std::array<Polynomial, 2> division = {*numerator, operands[1]};
  return FloorDivision(division);
}

Parsed ModularIndexing(Operands operands) {
  if (operands.size() != 3) return std::nullopt;
  const Parsed quotient = FloorDivision(operands.first(2));
  if (!quotient) return std::nullopt;
  const std::array<Polynomial, 2> modulo = {*quotient, operands[2]};
  return Modulo(modulo);
}

Parsed Power(Operands operands) {
  if (operands.size() != 2) return std::nullopt;
  const auto exponent = operands[1].AsConstant();
  if (exponent && *exponent >= 0 && *exponent <= 16) {
    const std::vector<Polynomial> factors(static_cast<std::size_t>(*exponent), operands[0]);
    if (Parsed product = Product(factors)) return product;
  }
  return Infix("**", operands);
}

// max and min: sorted, each operand once, constants folded.
Parsed Extremum(std::string_view name, bool largest, Operands operands) {
  std::optional<int64_t> constant;
  std::map<std::string, Polynomial> rest;
  for (const Polynomial& operand : operands) {
    if (const auto value = operand.AsConstant()) {
      constant = !constant ? *value : largest ? std::max(*constant, *value) : std::min(*constant, *value);
    } else {
      rest.emplace(operand.Text(), operand);
    }
  }
  std::vector<Polynomial> sorted;
  if (constant) sorted.push_back(Polynomial::Constant(*constant));
  for (auto& [text, operand] : rest) sorted.push_back(std::move(operand));
  if (sorted.empty()) return std::nullopt;
  return sorted.size() == 1 ? Parsed(sorted[0]) : Call(name, sorted);
}

// `and`, `or`, & and |: the order of operands means nothing.
Parsed Commutative(std::string_view sign, Operands operands) {
  std::vector<Polynomial> sorted(operands.begin(), operands.end());
  std::ranges::sort(sorted, {}, &Polynomial::Text);
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  return sorted.size() == 1 ? Parsed(sorted[0]) : Infix(sign, sorted);
}

// Equality with the smaller text first; the others as they are.
Parsed Comparison(std::string_view sign, Operands operands) {
  if (operands.size() != 2) return std::nullopt;
  return sign == "==" || sign == "!=" ? Commutative(sign, operands) : Infix(sign, operands);
}

Parsed Rational(Operands operands) {
  if (operands.size() != 2) return std::nullopt;
  const auto p = operands[0].AsConstant(), q = operands[1].AsConstant();
  if (!p || !q || *q == 0) return std::nullopt;
  return *q == 1 ? Parsed(operands[0]) : Infix("/", operands);
}

struct NamedSign {
  std::string_view head, text;
};

// Heads that are written as a call of another name.
constexpr std::array kCalls = std::to_array<NamedSign>({
    {"TruncToInt", "trunc"},
    {"TruncToFloat", "trunc_float"},
    {"FloorToInt", "floor"},
    {"CeilToInt", "ceil"},
    {"RoundToInt", "round"},
    {"RoundDecimal", "round_decimal"},
    {"ToFloat", "float"},
    {"floor", "floor"},
    {"ceiling", "ceil"},
    {"Abs", "abs"},
    {"Where", "where"},
});

constexpr std::array kComparisons = std::to_array<NamedSign>({
    {"Equality", "=="},
    {"Eq", "=="},
    {"Unequality", "!="},
    {"Ne", "!="},
    {"StrictLessThan", "<"},
    {"LessThan", "<="},
    {"StrictGreaterThan", ">"},
    {"GreaterThan", ">="},
});

constexpr std::array kInfixHeads = std::to_array<NamedSign>({
    {"IntTrueDiv", "/"},
    {"FloatTrueDiv", "/"},
    {"FloatPow", "**"},
    {"LShift", "<<"},
    {"RShift", ">>"},
});

constexpr std::array kCommutativeHeads = std::to_array<NamedSign>({
    {"And", " and "},
    {"Or", " or "},
    {"BitwiseFn_bitwise_and", "&"},
    {"BitwiseFn_bitwise_or", "|"},
    {"BitwiseFn_bitwise_xor", "^"},
});

template <std::size_t N> std::string_view Find(const std::array<NamedSign, N>& table, std::string_view head) {
  const auto found = std::ranges::find(table, head, &NamedSign::head);
  return found == table.end() ? std::string_view() : found->text;
}

Parsed Apply(std::string_view head, Operands operands) {
  if (head == "Add") return Sum(operands);
  if (head == "Mul") return Product(operands);
  if (head == "Pow" || head == "PowByNatural") return Power(operands);
  if (head == "FloorDiv" || head == "CleanDiv") return FloorDivision(operands);
  if (head == "CeilDiv") return CeilDivision(operands);
  if (head == "Mod" || head == "PythonMod") return Modulo(operands);
  if (head == "ModularIndexing") return ModularIndexing(operands);
  if (head == "Max" || head == "max") return Extremum("max", true, operands);
  if (head == "Min" || head == "min") return Extremum("min", false, operands);
  if (head == "Rational") return Rational(operands);
  if (operands.empty()) return std::nullopt;
  if (head == "Integer" || head == "Identity") return operands[0];
  if (head == "Not") return Atom("not " + operands[0].Factor());
  if (const auto name = Find(kCalls, head); !name.empty()) return Call(name, operands);
  // Our own names of them: this reads what it writes.
  if (std::ranges::find(kCalls, head, &NamedSign::text) != kCalls.end()) return Call(head, operands);
  if (const auto sign = Find(kComparisons, head); !sign.empty()) return Comparison(sign, operands);
  if (const auto sign = Find(kInfixHeads, head); !sign.empty()) return Infix(sign, operands);
  if (const auto sign = Find(kCommutativeHeads, head); !sign.empty()) return Commutative(sign, operands);
  constexpr std::string_view kUnary = "OpaqueUnaryFn_";
  if (head.starts_with(kUnary)) return Call(head.substr(kUnary.size()), operands);
  return std::nullopt;
}

// ---- the parser: one grammar of names, numbers, calls and operators serves srepr and infix

bool IsNameStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

class Parser {
 public:
  Parser(std::string_view text, const std::map<std::string, std::string>& names) : text_(text), names_(names) {}

  Parsed Whole() {
    Parsed out = Expression(0);
    return Peek() == '\0' ? out : std::nullopt;
  }

 private:
  // Binding powers, loosest first: or, and, comparisons, | ^ &, shifts, + -, * / // %, unary minus, **.
  static constexpr int kOr = 1, kAnd = 2, kNot = 3, kCompare = 4, kBitOr = 5, kBitXor = 6, kBitAnd = 7, kShift = 8,
                       kSum = 9, kProduct = 10, kUnary = 11, kPower = 12;
  struct Sign {
    std::string_view text, head;
    int power;
  };
  // Longer signs before their prefixes.
  static constexpr std::array kSigns = std::to_array<Sign>({
      {"**", "Pow", kPower},
      {"//", "FloorDiv", kProduct},
      {"<<", "LShift", kShift},
      {">>", "RShift", kShift},
      {"==", "Equality", kCompare},
      {"!=", "Unequality", kCompare},
      {"<=", "LessThan", kCompare},
      {">=", "GreaterThan", kCompare},
      {"<", "StrictLessThan", kCompare},
      {">", "StrictGreaterThan", kCompare},
      {"+", "Add", kSum},
      {"-", "-", kSum},
      {"*", "Mul", kProduct},
      {"/", "IntTrueDiv", kProduct},
      {"%", "Mod", kProduct},
      {"&", "And", kBitAnd},
      {"|", "Or", kBitOr},
      {"^", "BitwiseFn_bitwise_xor", kBitXor},
      {"and", "And", kAnd},
      {"or", "Or", kOr},
  });

  void SkipBlanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t')) ++at_;
  }
  char Peek() {
    SkipBlanks();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool Accept(char c) {
    if (Peek() != c) return false;
    ++at_;
    return true;
  }

  std::string_view Name() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && (IsNameStart(text_[at_]) || IsDigit(text_[at_]))) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  const Sign* PeekSign() {
    SkipBlanks();
    const std::string_view rest = text_.substr(at_);
    for (const Sign& sign : kSigns) {
      if (!rest.starts_with(sign.text)) continue;
      const bool word = IsNameStart(sign.text[0]);
      if (word && rest.size() > sign.text.size() &&
          (IsNameStart(rest[sign.text.size()]) || IsDigit(rest[sign.text.size()])))
        continue;
      return &sign;
    }
    return nullptr;
  }

  Parsed Expression(int least) {
    if (++depth_ > kMaxDepth) return std::nullopt;
    Parsed left = Prefix();
    while (left) {
      const Sign* const sign = PeekSign();
      if (!sign || sign->power < least) break;
      at_ += sign->text.size();
      // ** binds to the right, all others to the left.
      const Parsed right = Expression(sign->power == kPower ? kPower : sign->power + 1);
      if (!right) return std::nullopt;
      left = Binary(sign->head, *left, *right);
    }
    --depth_;
    return left;
  }

  static Parsed Binary(std::string_view head, const Polynomial& left, const Polynomial& right) {
    if (head == "-") {
      const Parsed negative = Minus(right);
      return negative ? left.Plus(*negative) : std::nullopt;
    }
    const std::array<Polynomial, 2> operands = {left, right};
    return Apply(head, operands);
  }

  Parsed Prefix() {
    const char c = Peek();
    if (Accept('(')) {
      Parsed inner = Expression(0);
      return Accept(')') ? inner : std::nullopt;
    }
    if (Accept('-')) {
      const Parsed operand = Expression(kUnary);
      return operand ? Minus(*operand) : std::nullopt;
    }
    if (Accept('+')) return Expression(kUnary);
    if (IsDigit(c) || c == '.') return Number();
    if (IsNameStart(c)) return NameOrCall();
    return std::nullopt;
  }

  Parsed Number() {
    std::size_t end = at_;
    while (end < text_.size() && (IsDigit(text_[end]) || text_[end] == '.')) ++end;
    if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
      ++end;
      if (end < text_.size() && (text_[end] == '+' || text_[end] == '-')) ++end;
      while (end < text_.size() && IsDigit(text_[end])) ++end;
    }
    const std::string_view digits = text_.substr(at_, end - at_);
    at_ = end;
    if (std::ranges::all_of(digits, IsDigit)) {
      int64_t value = 0;
      const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
      return result.ec == std::errc() ? Parsed(Polynomial::Constant(value)) : std::nullopt;
    }
    return Real(digits);
  }

  // A float's shortest text; a whole one keeps its point ("2.0").
  static Parsed Real(std::string_view digits) {
    double value = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (result.ec != std::errc() || result.ptr != digits.data() + digits.size() || !(value - value == 0))
      return std::nullopt;
    std::array<char, 40> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
    std::string text(buffer.data(), end);
    if (text.find_first_of(".e") == std::string::npos) text += ".0";
    return Atom(std::move(text));
  }

  Parsed NameOrCall() {
    const std::string_view name = Name();
    if (name == "not") {
      const Parsed operand = Expression(kNot);
      return operand ? Atom("not " + operand->Factor()) : std::nullopt;
    }
    if (name == "true" || name == "True") return Atom("True");
    if (name == "false" || name == "False") return Atom("False");
    if (name == "oo" || name == "int_oo" || name == "nan" || name == "zoo") return std::nullopt;
    if (!Accept('(')) return Symbol(name);
    if (name == "Symbol" || name == "Dummy" || name == "Float") return Quoted(name);
    if (name == "Piecewise") return Piecewise();
    std::vector<Polynomial> operands;
    while (!Accept(')')) {
      const Parsed operand = Expression(0);
      if (!operand) return std::nullopt;
      operands.push_back(*operand);
      if (!Accept(',') && Peek() != ')') return std::nullopt;
    }
    return Apply(name, operands);
  }

  Parsed Symbol(std::string_view name) {
    const auto found = names_.find(std::string(name));
    if (found != names_.end()) return Atom(found->second);
    // A symbol that has the name we gave to another one would make two sizes look equal.
    const bool taken = std::ranges::any_of(names_, [&](const auto& entry) { return entry.second == name; });
    return taken ? std::nullopt : Atom(std::string(name));
  }

  // Symbol('s77', positive=True, integer=True), Float('0.7', precision=53)
  Parsed Quoted(std::string_view head) {
    const char quote = Peek();
    if (quote != '\'' && quote != '"') return std::nullopt;
    const std::size_t begin = ++at_, end = text_.find(quote, begin);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view quoted = text_.substr(begin, end - begin);
    at_ = end + 1;
    while (Accept(',')) {
      Peek();
      if (Name().empty() || !Accept('=') || Peek() == '\0' || Name().empty()) return std::nullopt;
    }
    if (!Accept(')')) return std::nullopt;
    if (head == "Float") return quoted.starts_with('-') ? NegativeReal(quoted.substr(1)) : Real(quoted);
    const bool is_name = !quoted.empty() && IsNameStart(quoted[0]) &&
                         std::ranges::all_of(quoted, [](char c) { return IsNameStart(c) || IsDigit(c); });
    return is_name ? Symbol(quoted) : std::nullopt;
  }

  static Parsed NegativeReal(std::string_view digits) {
    const Parsed positive = Real(digits);
    return positive ? Minus(*positive) : std::nullopt;
  }

  // Piecewise(ExprCondPair(v, c), …, ExprCondPair(w, true)) and, infix, Piecewise((v, c), …, (w, True)).
  Parsed Piecewise() {
    std::vector<std::pair<Polynomial, Polynomial>> pairs;
    while (!Accept(')')) {
      Peek();
      if (const std::string_view head = Name(); !head.empty() && head != "ExprCondPair") return std::nullopt;
      if (!Accept('(')) return std::nullopt;
      const Parsed value = Expression(0);
      if (!value || !Accept(',')) return std::nullopt;
      const Parsed condition = Expression(0);
      if (!condition || !Accept(')')) return std::nullopt;
      pairs.emplace_back(*value, *condition);
      if (!Accept(',') && Peek() != ')') return std::nullopt;
    }
    if (pairs.empty() || pairs.back().second.Text() != "True") return std::nullopt;
    Parsed out = pairs.back().first;
    for (std::size_t i = pairs.size() - 1; out && i-- > 0;) {
      const std::array<Polynomial, 3> where = {pairs[i].second, pairs[i].first, *out};
      out = Call("where", where);
    }
    return out;
  }

  std::string_view text_;
  const std::map<std::string, std::string>& names_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

ExpressionReader::ExpressionReader(std::map<std::string, std::string> names) : names_(std::move(names)) {}

const std::optional<std::string>& ExpressionReader::Read(std::string_view text) {
  const auto [entry, added] = read_.try_emplace(std::string(text.substr(0, kMaxText)));
  if (!added || text.size() > kMaxText) return entry->second;
  if (const Parsed parsed = Parser(text, names_).Whole())
    if (std::string out = parsed->Text(); out.size() <= Polynomial::kMaxText) entry->second = std::move(out);
  return entry->second;
}

std::optional<std::string> BareSymbol(std::string_view text) {
  const std::map<std::string, std::string> no_names;
  if (text.size() > 256) return std::nullopt;
  const Parsed parsed = Parser(text, no_names).Whole();
  if (!parsed) return std::nullopt;
  std::string name = parsed->Text();
  const bool is_name =
      IsNameStart(name[0]) && std::ranges::all_of(name, [](char c) { return IsNameStart(c) || IsDigit(c); });
  return is_name && name != "True" && name != "False" ? std::optional(std::move(name)) : std::nullopt;
}

}  // namespace fairlead
