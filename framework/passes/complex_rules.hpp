// What stands for each operator on complex tensors: real operators on parts (complex_parts.hpp).
#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.hpp"
#include "passes/complex_math.hpp"

namespace fairlead {

// A number in an attribute; empty when there is none.
std::optional<Complex> NumberOf(const AttributeValue& value);

class ComplexRules {
 public:
  ComplexRules(RealMath& math, ComplexParts& parts) : math_(math), parts_(parts), complex_(math) {}

  // True for an operator that is about complex numbers whatever its arguments are: Fourier transforms, pairs, conjugates.
  static bool IsComplexOperator(const OpName& op);
  // True for a node that reads or makes complex numbers, inside of itself too (an inverse Fourier transform to real ones).
  bool Concerns(const Node& node) const;
  // Emits what stands for `node`. FL2014 where there is no rule for the operator, or none for an argument's value.
  Status Apply(const Node& node);
  // Real results that another value stands for from here on: (result, the value).
  const std::vector<std::pair<ValueId, ValueId>>& replaced() const { return replaced_; }

 private:
  using Rule = Status (ComplexRules::*)(const Node&);
  static Rule Find(std::string_view type);  // complex_table.cpp
  static Rule FindFourier(std::string_view type);

  Status Refuse(const Node& node, std::string_view why) const;
  Status CheckCall(const Node& node) const;
  DType PartTypeOf(const Node& node) const;  // of the results' parts, else the arguments'
  bool HasComplexResult(const Node& node) const;
  // Arguments that are tensors or numbers, in parts of `dtype`. Empty when one is neither.
  using Operands = std::optional<std::vector<Parts>>;
  Operands OperandsOf(const Node& node, std::initializer_list<std::string_view> names, DType dtype);
  std::optional<Parts> Operand(const Node& node, std::string_view name, DType dtype);

  // The only result is this. FL1001 where the archive records a result of the other kind.
  Status Give(const Node& node, Parts result);
  Status GiveReal(const Node& node, ValueId result);
  // `form`, a node on real tensors, has the results of `node`, real ones all of them.
  Status GiveForm(const Node& node, Node form);
  // `node` with the named arguments being real tensors; complex dtypes become those of parts.
  using Arguments = std::vector<std::pair<std::string_view, ValueId>>;
  Node With(const Node& node, const Arguments& replaced) const;
  ValueId EmitWith(const Node& node, const Arguments& replaced);

  // complex_componentwise.cpp
  Status Componentwise(const Node& node);
  bool HasImag(const Node& node);
  std::vector<ValueId> EmitPart(const Node& node, bool imag);
  void GivePart(const Node& node, const Attribute& argument, bool imag, DType dtype, Node& out);

  // complex_tensors.cpp
  Status RealNumbers(const Node& node);
  Status ShapeDonor(const Node& node);
  Status Copy(const Node& node);
  Status FromPair(const Node& node);
  Status ToPair(const Node& node);
  Status FromParts(const Node& node);
  Status Polar(const Node& node);
  Status Part(const Node& node);

  // complex_functions.cpp
  Status Unary(const Node& node);
  Status Adjoint(const Node& node);
  Status Binary(const Node& node);
  Status AddScaled(const Node& node);
  Status AddScaledProduct(const Node& node);
  Status Lerp(const Node& node);
  Status Power(const Node& node);
  Status Equality(const Node& node);
  Status Question(const Node& node);
  Status Truth(const Node& node);
  Status Magnitude(const Node& node);
  Status OfAbs(const Node& node);
  Status Spread(const Node& node);
  ValueId NonZero(ValueId value);
  // `by` times the argument `name`.
  std::optional<Parts> Scaled(const Node& node, std::string_view name, Parts by);

  // complex_products.cpp
  Status Product(const Node& node);
  Status AddedProduct(const Node& node);

  // complex_fourier.cpp, complex_stft.cpp
  Status Fourier(const Node& node);
  Status FourierOfCore(const Node& node);
  Status ShortTimeFourier(const Node& node);
  Status InverseShortTimeFourier(const Node& node);
  // The tensors of a short-time transform: self of `rank` or one more, a real window.
  Status CheckFrames(const Node& node, bool is_right, int64_t rank);

  RealMath& math_;
  ComplexParts& parts_;
  ComplexMath complex_;
  std::vector<std::pair<ValueId, ValueId>> replaced_;
};

}  // namespace fairlead
