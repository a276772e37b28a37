// Nodes of ATen's arithmetic on real tensors, with the types of their results: what a pass writes formulas with.
#pragma once

#include <string_view>
#include <vector>

#include "passes/node_edit.hpp"

namespace fairlead {

// The sizes of two tensors broadcast against each other; what does not follow from them is unknown.
std::optional<Dims> Broadcast(const std::optional<Dims>& a, const std::optional<Dims>& b);

class RealMath {
 public:
  explicit RealMath(NodeEmitter& emitter) : emitter_(emitter) {}

  // Nodes made from now on stand at this place of the user's program.
  void StandAt(SourceId source) { source_ = source; }
  NodeEmitter& emitter() { return emitter_; }
  const Type& TypeOf(ValueId value) const { return emitter_.graph().value(value).type; }

  // aten::`op` with its first argument `self`, nothing else given.
  Node Call(std::string_view op, ValueId self, std::string_view overload = "default") const;
  ValueId Emit(Node node, Type type) { return emitter_.Emit(std::move(node), std::move(type)); }

  // Element by element; a result has the type of x, or that of both broadcast.
  ValueId Unary(std::string_view op, ValueId x);
  ValueId Binary(std::string_view op, ValueId x, ValueId y);  // add, sub, mul, div: the overload Tensor
  ValueId Binary(std::string_view op, ValueId x, double y);   // the overload Scalar
  ValueId Atan2(ValueId y, ValueId x);
  ValueId Hypot(ValueId x, ValueId y);
  ValueId Copysign(ValueId x, ValueId sign);
  ValueId Larger(ValueId x, ValueId y);
  ValueId Compare(std::string_view op, ValueId x, double y);  // eq, ne, lt, le, gt, ge
  ValueId Compare(std::string_view op, ValueId x, ValueId y);
  ValueId Logical(std::string_view op, ValueId x, ValueId y);  // logical_and, logical_or
  ValueId Where(ValueId condition, ValueId x, ValueId y);
  ValueId Where(ValueId condition, double x, ValueId y);

  ValueId ToType(ValueId x, DType dtype);  // x itself where it is of that type
  ValueId ZerosLike(ValueId x);
  ValueId Number(double value, DType dtype);    // 0-d
  ValueId Number(ValueId symbol, DType dtype);  // of a symbolic number

  ValueId Select(ValueId x, int64_t dim, int64_t index);
  ValueId Unsqueeze(ValueId x, int64_t dim);
  ValueId Stack(const std::vector<ValueId>& tensors);  // along a new trailing dimension

 private:
  ValueId Pointwise(std::string_view op, std::string_view overload, ValueId x, ValueId y, std::optional<DType> dtype = {});

  NodeEmitter& emitter_;
  SourceId source_ = 0;
};

}  // namespace fairlead
