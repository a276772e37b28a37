// ONNX's operator schemas, from ONNX's own library at run time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.hpp"
#include "ir/graph.hpp"

namespace fairlead::onnx_room {

inline constexpr int kOldestOpset = 18;
inline constexpr int kNewestOpset = 26;

// The schema version of `op` in force at `opset`; 0 when there is none. `deprecated` operators count as none.
int SinceVersion(std::string_view domain, std::string_view op, int opset);

// The opset that last changed an operator of any of ONNX's domains; 0 when ONNX has no such operator.
int NewestVersion(std::string_view domain, std::string_view op);

// Whether the operator in force at `opset` has an attribute of that name.
bool HasAttribute(std::string_view domain, std::string_view op, int opset, std::string_view attribute);

// Legality (design/decisions.md): null when `node` may stand in a model of `target`. `authored` is the opset the lowering
// was written for. Otherwise what is wrong: "CumProd exists since opset 26, the target is 20", "attribute axes …".
// Checks inputs and attributes against the schema at `target`, and that no break of the operator lies between.
std::optional<std::string> WhyIllegal(const Graph& graph, const Node& node, int authored, int target);

// Runs ONNX's type and shape inference for one node; answers the output types, kUnknown where ONNX does not say (or refuses
// because an input has no type). `constants` gives an input's value where it is known (shape arithmetic needs it). An error
// of the inference function is FL7005 with its text. Operators without inference function are typed through their function
// body where they have one. Nested graphs must be typed already (their outputs give the types of If, Loop, Scan).
struct ConstantLookup {
  virtual ~ConstantLookup() = default;
  virtual const Tensor* Find(ValueId value) const = 0;  // null: not a constant
};
Result<std::vector<Type>> InferTypes(const Graph& graph, const Node& node, int opset, const ConstantLookup& constants);

// The opset that brought the data type: from then on operators like Cast, Constant and Identity take it. 1 for the oldest.
int FirstOpset(DType dtype);

// What keeps a node that WhyIllegal refuses from `target`, where it is the type of an input: one that came to ONNX after
// kOldestOpset, which few operators take at first. `since`: the first later opset at which the operator takes it, 0 for
// none.
struct RefusedType {
  DType dtype = DType::kUndefined;
  int since = 0;
};
std::optional<RefusedType> FindRefusedType(const Graph& graph, const Node& node, int target);

// The lowest IR version that the opset and the types used allow.
int IrVersion(const Graph& graph, int opset);

}  // namespace fairlead::onnx_room
