// Sums of products with whole coefficients over named sizes: the canonical form of symbolic expressions.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlead {

// A product of atoms, sorted, repeated for powers; empty for the constant term. An atom is a symbol or the text of
// anything that is not a sum or a product ("(n+3)//4", "max(1,n)").
using Monomial = std::vector<std::string>;

// Terms of higher degree first, then by text; the constant last.
struct MonomialOrder {
  bool operator()(const Monomial& a, const Monomial& b) const { return a.size() != b.size() ? a.size() > b.size() : a < b; }
};

// No arithmetic overflows: an operation answers empty instead, as it does for more than kMaxTerms terms, atoms in a term,
// or kMaxText characters in one.
class Polynomial {
 public:
  static constexpr std::size_t kMaxTerms = 64, kMaxText = 4096;

  Polynomial() = default;  // zero
  static Polynomial Constant(int64_t value);
  static Polynomial Atom(std::string text);

  std::optional<int64_t> AsConstant() const;
  bool IsZero() const { return terms_.empty(); }
  std::optional<Polynomial> Plus(const Polynomial& other) const;
  std::optional<Polynomial> Times(const Polynomial& other) const;
  std::optional<Polynomial> DividedExactly(int64_t divisor) const;  // empty unless every coefficient divides

  // "2*n+3", "n**2*m", "-n+1", "0".
  std::string Text() const;
  // The same, in parentheses unless it is a name, a number or a call.
  std::string Factor() const;

  friend bool operator==(const Polynomial&, const Polynomial&) = default;

 private:
  bool Add(const Monomial& monomial, int64_t coefficient);
  std::map<Monomial, int64_t, MonomialOrder> terms_;  // no zero coefficients
};

}  // namespace fairlead
