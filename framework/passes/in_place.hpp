// What an operator that writes computes, as functional nodes.
#pragma once

#include <optional>
#include <vector>

#include "aten/schema.hpp"
#include "base/status.hpp"
#include "passes/node_edit.hpp"

namespace fairlead {

struct InPlaceForm {
  enum class Kind : uint8_t { kTwin, kCopy, kFill, kZero, kFillDiagonal, kInstanceNorm, kResize };
  Kind kind = Kind::kTwin;
  FunctionalForm twin;
  std::vector<std::string> parameters;  // what it writes to
  bool training = false;                // running statistics
};

// In-place operators that change sizes and strides only: their functional forms are views.
bool IsMetadataInPlace(const OpName& op);

// Empty when the node writes nothing, or nothing that has a functional form.
std::optional<InPlaceForm> FindInPlaceForm(const Node& node);

// The new value of one written tensor.
struct NewValue {
  ValueId value = kNoValue;
  ValueId result = kNoValue;  // the node's own result that is the written tensor
  bool resized = false;       // it has other sizes: of resize_, of an out= argument
};

// The values it writes to, lists flattened.
std::vector<ValueId> WrittenValues(const Node& node, const InPlaceForm& form);

// Emits the functional form of `node`, whose inputs are current. One answer per written value; each value has the dtype
// and sizes of `types`, the written tensors' types. Results that are not written tensors keep their values.
Result<std::vector<NewValue>> EmitInPlace(NodeEmitter& emitter, const Node& node, const InPlaceForm& form,
                                          const std::vector<Type>& types);

}  // namespace fairlead
