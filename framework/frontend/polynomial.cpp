#include "frontend/polynomial.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fairlead {
namespace {

bool IsOperator(char c) { return std::string_view("+-*/%<>=!&|^~ ").find(c) != std::string_view::npos; }

// True when an operator stands outside all parentheses.
bool NeedsParentheses(std::string_view text) {
  int depth = 0;
  for (const char c : text) {
    depth += (c == '(') - (c == ')');
    if (depth == 0 && IsOperator(c)) return true;
  }
  return false;
}

std::string Parenthesized(const std::string& text) { return NeedsParentheses(text) ? '(' + text + ')' : text; }

std::string ProductText(const Monomial& monomial) {
  std::string out;
  for (std::size_t i = 0; i < monomial.size();) {
    std::size_t end = i;
    while (end < monomial.size() && monomial[end] == monomial[i]) ++end;
    // An atom alone keeps its own form: "(n+3)//4", but "2*((n+3)//4)".
    const bool alone = i == 0 && end == monomial.size() && end - i == 1;
    if (i > 0) out += '*';
    out += alone ? monomial[i] : Parenthesized(monomial[i]);
    if (end - i > 1) out += fmt::format("**{}", end - i);
    i = end;
  }
  return out;
}

std::string TermText(const Monomial& monomial, int64_t coefficient) {
  if (monomial.empty()) return std::to_string(coefficient);
  const std::string product = ProductText(monomial);
  if (coefficient == 1) return product;
  const std::string factor = monomial.size() == 1 ? Parenthesized(product) : product;
  return coefficient == -1 ? '-' + factor : fmt::format("{}*{}", coefficient, factor);
}

}  // namespace

Polynomial Polynomial::Constant(int64_t value) {
  Polynomial out;
  if (value != 0) out.terms_[{}] = value;
  return out;
}

Polynomial Polynomial::Atom(std::string text) {
  Polynomial out;
  out.terms_[{std::move(text)}] = 1;
  return out;
}

std::optional<int64_t> Polynomial::AsConstant() const {
  if (terms_.empty()) return 0;
  const auto& [monomial, coefficient] = *terms_.begin();
  return terms_.size() == 1 && monomial.empty() ? std::optional(coefficient) : std::nullopt;
}

bool Polynomial::Add(const Monomial& monomial, int64_t coefficient) {
  const auto [term, added] = terms_.try_emplace(monomial, 0);
  if (__builtin_add_overflow(term->second, coefficient, &term->second)) return false;
  if (term->second == 0) terms_.erase(term);
  return terms_.size() <= kMaxTerms;
}

std::optional<Polynomial> Polynomial::Plus(const Polynomial& other) const {
  Polynomial out = *this;
  for (const auto& [monomial, coefficient] : other.terms_)
    if (!out.Add(monomial, coefficient)) return std::nullopt;
  return out;
}

std::optional<Polynomial> Polynomial::Times(const Polynomial& other) const {
  Polynomial out;
  for (const auto& [a, a_coefficient] : terms_) {
    for (const auto& [b, b_coefficient] : other.terms_) {
      Monomial product;
      std::ranges::merge(a, b, std::back_inserter(product));
      std::size_t characters = 0;
      for (const std::string& atom : product) characters += atom.size();
      int64_t coefficient = 0;
      if (__builtin_mul_overflow(a_coefficient, b_coefficient, &coefficient) || product.size() > kMaxTerms ||
          characters > kMaxText || !out.Add(product, coefficient))
        return std::nullopt;
    }
  }
  return out;
}

std::optional<Polynomial> Polynomial::DividedExactly(int64_t divisor) const {
  if (divisor == 0 || divisor == -1) return std::nullopt;
  Polynomial out = *this;
  for (auto& [monomial, coefficient] : out.terms_) {
    if (coefficient % divisor != 0) return std::nullopt;
    coefficient /= divisor;
  }
  return out;
}

std::string Polynomial::Text() const {
  if (terms_.empty()) return "0";
  // An atom by itself needs no parentheses, one term of a sum does where it holds an operator: "(n//2)+1".
  if (terms_.size() == 1) return TermText(terms_.begin()->first, terms_.begin()->second);
  std::string out;
  for (const auto& [monomial, coefficient] : terms_) {
    std::string term = TermText(monomial, coefficient);
    if (monomial.size() == 1 && coefficient == 1) term = Parenthesized(term);
    if (!out.empty() && term.front() != '-') out += '+';
    out += term;
  }
  return out;
}

std::string Polynomial::Factor() const { return Parenthesized(Text()); }

}  // namespace fairlead
