// Types of values as the program's JSON records them: TensorMeta, SymInt and kin.
#pragma once

#include <map>
#include <string>

#include "archive/json.hpp"
#include "base/status.hpp"
#include "frontend/expression.hpp"
#include "ir/type.hpp"

namespace fairlead {

// Reads types with symbols under their new names. One reader serves a whole program, nested graphs included.
class TypeReader {
 public:
  explicit TypeReader(ExpressionReader& expressions) : expressions_(expressions) {}

  // FL1001 naming the value for a missing or broken TensorMeta, FL2015 for a layout other than strided, FL2014 for complex
  // numbers that our IR has not, FL1002 for other data types that it has not.
  Result<Type> Tensor(JsonValue meta, std::string_view value_name);
  // A SymInt, SymFloat or SymBool; an expression that is not understood leaves the type without one.
  Type Symbolic(JsonValue json, Type::Kind kind);
  // {"as_int": 3}, {"as_expr": {"expr_str": …}} or a bare number; unknown when it is none of them or negative.
  Dim Size(JsonValue json);

 private:
  std::string_view ExpressionText(JsonValue json) const;
  ExpressionReader& expressions_;
};

// New names for the symbols that are a whole dimension of a user input, "x_dim0" by the first such dimension, or a symbolic
// number of the user's, by its own name. `graph` is the program's outermost graph; `user_inputs` are names of values.
std::map<std::string, std::string> NameSymbols(JsonValue graph, const std::vector<std::string_view>& user_inputs);

}  // namespace fairlead
