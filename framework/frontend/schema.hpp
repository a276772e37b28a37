// The words of torch.export's JSON schema, in all its versions: unions, numbers, data types, names of operators.
#pragma once

#include <optional>
#include <string_view>

#include "archive/json.hpp"
#include "ir/graph.hpp"

namespace fairlead {

// One alternative of a union: {"as_int": 3}. Older writers have {"$type": "as_int", "$value": 3}, {"type": "as_int",
// "as_int": 3} or all alternatives with null for those not meant. An empty tag: not a union with exactly one alternative.
struct Tagged {
  std::string_view tag = {};
  JsonValue value = {};
};
Tagged ReadUnion(JsonValue json);

// A name given as text or as {"name": text}.
std::string_view ReadName(JsonValue json);
// A number, or one of the texts "NaN", "Infinity", "-Infinity".
std::optional<double> ReadDouble(JsonValue json);
// The schema's ScalarType number; empty for numbers without a type in our IR (complex half) and unknown ones.
std::optional<DType> ReadScalarType(JsonValue json);
bool IsComplexHalf(JsonValue scalar_type);
std::string DeviceText(JsonValue json);  // {"type": "cuda", "index": 0} → "cuda:0"

// "torch.ops.aten.add.Tensor" → aten::add.Tensor, "_operator.mul" → python::mul.default, "torch._functorch.predispatch.f" →
// functorch::f.default, "#ns:op" → ns::op.default; any other dotted name → its path as the domain.
OpName ReadTarget(std::string_view target);

}  // namespace fairlead
