// ATen's schemas: every overload registered in PyTorch 2.13, with defaults and alias marks, and our pseudo-schemas for
// higher-order operators and Python's symbolic scalar functions.
//
//   const AtenSchema* schema = FindSchema({"aten", "add", "Tensor"});
//   schema->parameters[2].name;            // "alpha"
//   *schema->parameters[2].default_value;  // int64_t{1}
//
// Namespaces beside aten and prims: higher_order ("higher_order::cond"), functorch (torch.vmap's markers), and "python" for
// _operator.*, math.* and torch.sym_*: python::add(SymNumber a, SymNumber b) -> SymNumber.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.hpp"
#include "ir/graph.hpp"

namespace fairlead {

// A type as a schema writes it, without alias marks.
struct AtenType {
  enum class Base : uint8_t {
    kTensor,
    kScalar,
    kInt,
    kSymInt,
    kBool,
    kSymBool,
    kFloat,
    kSymFloat,
    kString,
    kScalarType,
    kLayout,
    kDevice,
    kMemoryFormat,
    kGenerator,
    kComplex,
    kSubgraph,
    kSymNumber,
    kAny
  };
  Base base = Base::kAny;
  bool list = false;              // "[]"
  bool optional = false;          // "?" of the whole
  bool optional_element = false;  // "Tensor?[]"
  int64_t list_size = 0;          // "int[2]": a single number stands for two; 0 = any
};

// "Tensor(a!)": set is "a", is_write. "Tensor(a -> *)" and "Tensor(a)": views. "Tensor(a|b)" keeps the text.
struct AliasInfo {
  std::string set;
  bool is_write = false;
};

struct AtenParameter {
  std::string name;
  AtenType type;
  std::optional<AliasInfo> alias;
  std::optional<AttributeValue> default_value;  // None{} for "=None"; for "int[2] padding=0" the list [0, 0]
  bool keyword_only = false;
  bool is_out = false;  // a keyword-only Tensor(a!): the destination of an out= form
};

struct AtenSchema {
  OpName op;
  std::string text;  // as registered
  std::vector<AtenParameter> parameters;
  std::vector<AtenParameter> results;  // names may be empty

  const AtenParameter* Find(std::string_view parameter) const;
  bool mutates() const;       // any parameter is written
  bool returns_view() const;  // any result aliases a parameter that is not written
};

// Parses one schema text; FL2012 when it is not one. Accepts what a plugin's row quotes.
Result<AtenSchema> ParseSchema(std::string_view text);

// The operator whose schema is registered with exactly this text; empty where there is none. Parses its name only.
std::optional<OpName> FindSchemaText(std::string_view text);

// Parsed on first use and kept; null when PyTorch 2.13 has no such overload. Thread-safe; the pointer stays valid.
const AtenSchema* FindSchema(const OpName& op);
// All overload names of an operator, sorted ("Tensor", "Scalar", …); for messages.
std::vector<std::string> Overloads(std::string_view domain, std::string_view type);
// The operator names of a domain nearest to `type` by edit distance, at most `count` and none further off; for messages.
std::vector<std::string> NearestOperators(std::string_view domain, std::string_view type, std::size_t count,
                                          std::size_t most_edits = SIZE_MAX);
// Every registered schema's text, sorted by name.
std::vector<std::string_view> AllSchemas();

// The functional twin of an operator that writes: add_.Tensor → add.Tensor, add.out → add.Tensor, zero_ → zeros_like …;
// empty when there is none. `written` are the parameters it writes, in the order of the twin's last results. Also for the
// few operators that write without an alias mark, when a flag says so: batch_norm (training).
struct FunctionalForm {
  OpName op;
  std::vector<std::string> written;
};
std::optional<FunctionalForm> FindFunctionalForm(const OpName& op);

// How a result of a view operator is a view of its first tensor argument.
enum class ViewKind : uint8_t { kNone, kView, kMaybeView /* reshape, contiguous, to…: decided by strides */ };
ViewKind ViewKindOf(const OpName& op);

// True for operators that check or annotate and compute nothing: _assert_async, sym_constrain_range …
bool IsAssertion(const OpName& op);
// True for operators that draw random numbers.
bool IsRandom(const OpName& op);
// True for operators that compute each element of the result from the elements at the same place of their arguments,
// broadcast against each other; in-place forms too.
bool IsPointwise(const OpName& op);

// The operator that this one is under another name, with the same parameters in the same order: arccos → acos,
// special_expit → sigmoid, transpose_copy.int → transpose.int. Empty when it goes by its own name.
std::optional<OpName> CanonicalOf(const OpName& op);
// Every operator that CanonicalOf knows, sorted.
std::vector<OpName> Aliases();

}  // namespace fairlead
